"""The modules of the ten apps in tests/typing, which the type checkers and ruff check."""

from __future__ import annotations

import pytest
from generators import inspected_apps, inspected_enums
from support.inspected import importing, models_of
from support.ten_apps import DOMAIN, KEYS

from kintone_orm.apps import check, inspect
from kintone_orm.testing import emulate

GENERATORS = pytest.mark.parametrize("generator", [inspected_apps, inspected_enums])


def classes(source):
    """The classes of a module by their first line."""
    return {text.partition("\n")[0]: text.rstrip() for text in source.split("\n\n\n")[1:]}


@GENERATORS
def test_inspect_writes_this_file_each_time(generator):
    written = generator.PAGE.read_text("utf-8")
    assert generator.page() == written, "run python tests/generate.py"
    assert generator.page() == written


@GENERATORS
def test_its_models_fit_the_apps(generator):
    with importing(generator.PAGE.read_text("utf-8")) as module, emulate(domain=DOMAIN) as kintone:
        if generator is inspected_enums:
            kintone.apps["items"] = kintone.apps["inventory"]
        models = models_of(module)
        assert len(models) == len(KEYS)
        assert check(*models) == ()


def test_the_order_of_the_apps_changes_only_the_order_of_the_classes():
    with emulate(domain=DOMAIN) as kintone:
        ids = [*kintone.apps.values()]
        assert classes(inspect(*reversed(ids))) == classes(inspect(*ids))


def test_an_app_is_written_the_same_without_apps_that_do_not_refer_to_it():
    with emulate(domain=DOMAIN):
        alone, together = classes(inspect(108)), classes(inspect(107, 108, 109))
    assert alone.items() <= together.items()
