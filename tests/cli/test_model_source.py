"""The argument MODELS: which models a module or a file has."""

from __future__ import annotations

import sys

import pytest

from kintone_orm.cli.model_source import import_file, load_models
from kintone_orm.configuration import Configuration

CUSTOMER = """
from kintone_orm import Model, fields

class Customer(Model):
    code = fields.SingleLineTextField(unique=True)
"""
ORDER = """
from kintone_orm import Model, fields

class Base(Model):
    number = fields.SingleLineTextField()

    class Meta:
        abstract = True

class Order(Base):
    pass

Alias = Order
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working directory of the test's own, whose modules are forgotten at the end."""
    known = set(sys.modules)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - known:
        del sys.modules[name]


@pytest.fixture
def shop(folder):
    """A package with models in two modules."""
    package = folder / "shop_of_a_test"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "customers.py").write_text(CUSTOMER)
    (package / "orders.py").write_text(ORDER + "\nfrom .customers import Customer\n")
    models = "from shop_of_a_test.{} import *\n"
    (package / "all_models.py").write_text(models.format("customers") + models.format("orders"))
    return package


def names(spec, *models):
    return [model.__name__ for model in load_models(spec, Configuration(models=models))]


def test_a_module_has_its_own_models_once_and_no_abstract_one(shop):
    assert names("shop_of_a_test.orders") == ["Order"]


def test_a_module_of_the_working_directory_need_not_be_installed(folder):
    (folder / "single_of_a_test.py").write_text(CUSTOMER)
    assert names("single_of_a_test") == ["Customer"]


def test_a_package_has_the_models_of_its_submodules(shop):
    (shop / "__init__.py").write_text("from .orders import *\nfrom .customers import *\n")
    assert names("shop_of_a_test") == ["Order", "Customer"]


def test_a_module_without_models_has_those_that_it_imports(shop):
    assert names("shop_of_a_test.all_models") == ["Customer", "Order"]


def test_a_named_model_may_come_from_elsewhere(shop):
    assert names("shop_of_a_test.orders:Customer, Order,Customer") == ["Customer", "Order"]


def test_a_file_in_a_package_is_the_module_of_that_package(shop):
    assert names("shop_of_a_test/orders.py:Order,Customer") == ["Order", "Customer"]
    assert sys.modules["shop_of_a_test.orders"].Order.__module__ == "shop_of_a_test.orders"
    assert names(str(shop / "orders.py")) == ["Order"]


def test_a_file_of_the_emulator_has_the_models_that_it_imports(shop):
    models = import_file(str(shop / "orders.py"))
    assert [model.__name__ for model in models] == ["Order", "Customer"]


def test_without_an_argument_they_are_those_of_the_configuration(shop):
    assert names(None, "shop_of_a_test.orders", "shop_of_a_test/customers.py") == [
        "Order",
        "Customer",
    ]


def test_a_colon_alone_chooses_from_the_configuration(shop):
    assert names(":Customer", "shop_of_a_test.orders", "shop_of_a_test.customers") == ["Customer"]


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        (None, "Name a module of models, such as shop.models"),
        (
            "shop_of_a_test.order",
            "no module 'shop_of_a_test.order'. Did you mean 'shop_of_a_test.or",
        ),
        ("shop_of_a_tset", "There is no module 'shop_of_a_tset'. Did you mean 'shop_of_a_test'?"),
        ("shop_of_a_test.orders.x", "There is no module 'shop_of_a_test.orders.x'."),
        (
            "shop_of_a_test/order.py",
            "Python file shop_of_a_test/order.py. Did you mean 'shop_of",
        ),
        ("shop_of_a_test/", "There is no Python file shop_of_a_test/."),
        ("shop_of_a_test", "There is no model in shop_of_a_test."),
        (
            "shop_of_a_test.orders:Oder",
            "no model 'Oder' in shop_of_a_test.orders. Did you mean 'Ord",
        ),
        ("shop_of_a_test.orders:fields", "There is no model 'fields' in shop_of_a_test.orders."),
        ("shop_of_a_test.orders:Base", "Base is abstract, so it has no app."),
    ],
)
def test_a_missing_module_or_model_is_one_sentence(shop, capsys, spec, sentence):
    with pytest.raises(SystemExit) as end:
        names(spec)
    assert end.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("spec", ["broken_of_a_test", "broken_of_a_test.py"])
@pytest.mark.parametrize(
    ("source", "last"),
    [
        ("x = 1\n1 / 0", "ZeroDivisionError: division by zero"),
        ("import no_such_module_at_all", "No module named 'no_such_module_at_all'"),
        ("def f(", "SyntaxError"),
        ("raise SystemExit('no')", "SystemExit: no"),
    ],
)
def test_an_error_of_the_module_itself_has_its_traceback(folder, capsys, spec, source, last):
    (folder / "broken_of_a_test.py").write_text(source)
    with pytest.raises(SystemExit) as end:
        names(spec)
    errors = capsys.readouterr().err
    assert end.value.code == 2
    assert last in errors
    assert errors.endswith(f"{spec} cannot be imported.\n")
    assert "broken_of_a_test.py" in errors
    assert "model_source.py" not in errors
    assert "importlib" not in errors
