"""Models named by text: in any order, in a circle, in several modules, and loaded again."""

from __future__ import annotations

import gc
import importlib
import sys
import types

import pytest

from kintone_orm import Model, fields
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.testing import emulate

SHOP = """
from kintone_orm import Model, fields

class {name}(Model):
    code = fields.SingleLineTextField(unique=True)
    other = fields.LookupField({other!r}, key="code")
    record = fields.RelatedRecord("other")
"""


@pytest.fixture
def module(monkeypatch):
    """Make a module with a model in it."""

    def make(module_name, name, other):
        made = types.ModuleType(module_name)
        monkeypatch.setitem(sys.modules, module_name, made)
        exec(SHOP.format(name=name, other=other), vars(made))
        return getattr(made, name)

    return make


def test_models_may_name_each_other(module):
    hen = module("farm.hens", "RegHen", "RegEgg")
    egg = module("farm.eggs", "RegEgg", "RegHen")

    assert (hen.other.target, egg.other.target) == (egg, hen)
    assert (hen.record.target, egg.record.target) == (egg, hen)


def test_a_model_may_name_itself(module):
    node = module("tree", "RegNode", "RegNode")

    assert node.other.target is node


def test_the_same_module_is_meant_first(module):
    module("shop_a", "RegItem", "RegItem")
    mine = module("shop_b", "RegItem", "RegItem")

    assert mine.other.target is mine


def test_of_several_in_other_modules_none_is_guessed(module):
    kept = module("shop_a", "RegTwin", "RegTwin"), module("shop_b", "RegTwin", "RegTwin")
    asking = module("shop_c", "RegAsking", "RegTwin")

    with pytest.raises(ImproperlyConfigured, match=r"several. Write shop_a\.RegTwin or shop_b\.R"):
        _ = asking.other.target
    del kept


def test_the_module_may_be_named(module):
    module("shop_a", "RegTwo", "RegTwo")
    wanted = module("shop_b", "RegTwo", "RegTwo")
    asking = module("shop_c", "RegTwo", "shop_b.RegTwo")

    assert asking.other.target is wanted


def test_a_model_of_another_module_than_named_is_not_meant(module):
    kept = module("shop_a", "RegOne", "RegOne")
    asking = module("shop_c", "RegWrong", "shop_x.RegOne")

    with pytest.raises(ImproperlyConfigured, match="'shop_x.RegOne', but no model of that name"):
        _ = asking.other.target
    del kept


def test_a_model_that_is_gone_is_not_found(module):
    def gone():
        class RegGone(Model):
            code = fields.SingleLineTextField(unique=True)

    gone()
    gc.collect()
    asking = module("shop", "RegLate", "RegGone")

    with pytest.raises(ImproperlyConfigured, match="no model of that name is imported") as refused:
        _ = asking.other.target
    assert "Did you mean 'RegGone'" not in str(refused.value)


def test_a_misspelt_name_gets_the_near_one(module):
    kept = module("shop", "RegCustomer", "RegCustomer")
    asking = module("shop_c", "RegTypo", "RegCustomr")

    with pytest.raises(ImproperlyConfigured, match="Did you mean 'RegCustomer'"):
        _ = asking.other.target
    del kept


def test_a_module_that_is_loaded_again_replaces_its_models(tmp_path, monkeypatch):
    (tmp_path / "reg_shop.py").write_text(SHOP.format(name="RegAgain", other="RegAgain"))
    (tmp_path / "reg_asking.py").write_text(SHOP.format(name="RegAsks", other="RegAgain"))
    monkeypatch.syspath_prepend(tmp_path)
    shop = importlib.import_module("reg_shop")
    before = shop.RegAgain
    importlib.reload(shop)
    asking = importlib.import_module("reg_asking").RegAsks

    assert asking.other.target is shop.RegAgain is not before
    with emulate(shop.RegAgain):
        shop.RegAgain.objects.create(code="A")
        shop.RegAgain.objects.create(code="B", other="A")
        assert shop.RegAgain.objects.get(code="B").record == shop.RegAgain.objects.get(code="A")


def test_a_module_that_is_imported_twice_does_not_mix(tmp_path, monkeypatch):
    package = tmp_path / "reg_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "reg_models.py").write_text(SHOP.format(name="RegDouble", other="RegDouble"))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(package)
    once = importlib.import_module("reg_package.reg_models").RegDouble
    twice = importlib.import_module("reg_models").RegDouble

    assert once is not twice
    assert (once.other.target, twice.other.target) == (once, twice)
