"""The models of a Python file, and their apps in an emulator."""

from __future__ import annotations

import re
import sys
from contextlib import closing

import pytest

from kintone_orm.api.records import add_record
from kintone_orm.cli.app_file import deploy_models, import_models
from kintone_orm.emulator import Emulator
from kintone_orm.testing import EmulatedConnection

MODELS = """
from kintone_orm import Model, fields

class Customer(Model):
    code = fields.SingleLineTextField(unique=True)

class Order(Model):
    customer_code = fields.LookupField("Customer", key="code")

    class Meta:
        app = "orders"
        verbose_name = "受注"

class Dated(Model):
    class Meta:
        abstract = True
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Write a Python file and return its path."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    path = tmp_path / "import_models_a_test.py"
    monkeypatch.setitem(sys.modules, path.stem, None)

    def write(source):
        path.write_text(source, "utf-8")
        return str(path)

    return write


@pytest.fixture
def emulator():
    with closing(Emulator()) as emulator:
        yield emulator


def test_the_models_are_found_but_for_abstract_ones(file):
    assert [model.__name__ for model in import_models(file(MODELS))] == ["Customer", "Order"]


def test_a_file_may_import_its_neighbour(file, tmp_path):
    (tmp_path / "neighbour_of_a_test.py").write_text(MODELS, "utf-8")
    models = import_models(file("from neighbour_of_a_test import Customer as C, Customer"))
    assert [model.__name__ for model in models] == ["Customer"]


def test_each_model_has_an_app(file, emulator):
    assert deploy_models(emulator, import_models(file(MODELS))) == {"customer": 1, "orders": 2}
    assert [app.name for app in emulator.overview().apps] == ["Customer", "受注"]


def test_the_next_time_the_apps_are_found_again_and_completed(file, emulator):
    deploy_models(emulator, import_models(file(MODELS)))
    more = MODELS.replace("class Order", "    name = fields.SingleLineTextField()\n\nclass Order")
    assert deploy_models(emulator, import_models(file(more))) == {"customer": 1, "orders": 2}
    customer, _ = emulator.overview().apps
    assert ("name", "SINGLE_LINE_TEXT", "name") in customer.fields


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("SingleLineTextField(unique=True)", "NumberField()", "code"),
        ('"Customer", key', '"Nobody", key', "Nobody"),
    ],
)
def test_models_that_cannot_be_are_refused_in_a_sentence(file, emulator, capsys, old, new, reason):
    deploy_models(emulator, import_models(file(MODELS))[:1])
    models = import_models(file(MODELS.replace(old, new)))
    with pytest.raises(SystemExit, match="2"):
        deploy_models(emulator, models)
    assert re.match(f"The apps of the models cannot be made: .*{reason}", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("x = 1", "There is no model in "),
        (
            "from kintone_orm import Model\nclass A(Model):\n  class Meta:\n    app = 3",
            "Meta.app of A must be a key, because an emulator chooses the ids",
        ),
    ],
)
def test_a_file_without_models_is_refused_in_a_sentence(file, capsys, source, sentence):
    with pytest.raises(SystemExit, match="2"):
        import_models(file(source))
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("name", ["nothing.py", "folder.py", "models.txt"])
def test_what_is_no_python_file_is_refused(tmp_path, capsys, name):
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "models.txt").write_text(MODELS, "utf-8")
    with pytest.raises(SystemExit, match="2"):
        import_models(str(tmp_path / name))
    assert "There is no Python file" in capsys.readouterr().err


def test_what_a_file_raises_is_shown(file, capsys):
    with pytest.raises(SystemExit, match="2"):
        import_models(file("1 / 0"))
    assert "ZeroDivisionError: division by zero" in capsys.readouterr().err


def test_a_code_that_looks_like_a_typo_does_not_stop_an_emulator(file, emulator):
    deploy_models(emulator, import_models(file(MODELS)))
    connection = EmulatedConnection(emulator, adapter=emulator.adapter())
    add_record(connection, app=1, record={"code": {"value": "a"}})
    more = MODELS.replace("class Order", "    codes = fields.SingleLineTextField()\n\nclass Order")
    deploy_models(emulator, import_models(file(more)))
    customer, _ = emulator.overview().apps
    assert ("codes", "SINGLE_LINE_TEXT", "codes") in customer.fields
