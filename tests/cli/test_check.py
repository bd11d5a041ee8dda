"""kintone-orm check: its output in each form, and its exit codes."""

from __future__ import annotations

import json
import os
import sys

import pytest
import typer
from support.changed_forms import add_fields, change_field, delete_fields
from support.workflows import another
from typer.testing import CliRunner

from kintone_orm.apps import deploy
from kintone_orm.cli.check import check
from kintone_orm.cli.model_source import import_file
from kintone_orm.connection import connections
from kintone_orm.emulator import Emulator, Fault
from kintone_orm.testing import EmulatedConnection, capture_requests

MODELS = """\
from kintone_orm import Model, Row, fields


class Base(Model):
    title = fields.SingleLineTextField(
        "件名",
        verbose_name="件名",
    )

    class Meta:
        abstract = True


class Line(Row):
    qty = fields.NumberField("数量")


class Deal(Base):
    amount: object = fields.NumberField("金額")
    lines = fields.SubtableField(Line, "明細")


class Customer(Model):
    name = fields.SingleLineTextField("会社名")
"""

command = typer.Typer()
command.command()(check)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory of the test's own, whose modules are forgotten at the end."""
    for name in [name for name in os.environ if name.startswith(("KINTONE_", "GITHUB_"))]:
        monkeypatch.delenv(name)
    known = set(sys.modules)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deals.py").write_text(MODELS, "utf-8")
    yield tmp_path
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def kintone(folder):
    """A kintone with the apps of the models, as the connection that the program has made."""
    emulator = Emulator()
    connection = EmulatedConnection(emulator, adapter=emulator.adapter())
    connection.alias = "default"
    before = [connections[alias] for alias in connections if alias == "default"]
    connections.add(connection)
    try:
        deploy(*import_file("deals.py"), using=connection)
        yield connection
    finally:
        del connections["default"]
        for replaced in before:
            connections.add(replaced)
        emulator.close()


@pytest.fixture
def run(folder):
    """Run the command and return its result."""

    def run(*arguments, models="deals.py"):
        return CliRunner().invoke(command, [models, *arguments])

    return run


def rename_title(kintone):
    change_field(kintone, kintone.apps["deal"], "件名", label="題名", maxLength="20")


def test_models_that_fit_their_apps_are_exit_code_0(kintone, run):
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Drift: 0. Information: 0. The models fit their apps.\n"


def test_drift_is_exit_code_1_and_is_printed_before_information(kintone, run):
    rename_title(kintone)
    change_field(kintone, kintone.apps["customer"], "会社名", required=True)
    result = run()
    assert (result.exit_code, result.stderr) == (1, "")
    assert [line[:40].split(":")[0] for line in result.stdout.splitlines()] == [
        "Deal (app 1)",
        "  drift  title",
        "  info   title",
        "",
        "Customer (app 2)",
        "  drift  name",
        "",
        "Drift",
    ]
    assert result.stdout.splitlines()[-1] == "Drift: 2. Information: 1."


def test_information_alone_is_exit_code_0(kintone, run):
    change_field(kintone, kintone.apps["deal"], "件名", label="題名")
    result = run()
    assert result.exit_code == 0
    assert result.stdout.endswith("Drift: 0. Information: 1.\n")


def test_the_models_to_compare_can_be_named(kintone, run):
    rename_title(kintone)
    assert run(models="deals.py:Customer").exit_code == 0


def test_an_app_that_cannot_be_read_is_exit_code_2_after_the_findings(kintone, run):
    rename_title(kintone)
    kintone.apps["customer"] = 99
    result = run()
    assert result.exit_code == 2
    assert "drift  title: " in result.stdout
    assert result.stdout.endswith("Drift: 1. Information: 1. Not compared: 1.\n")
    assert result.stderr.startswith("Customer (app 99): ")
    assert "Traceback" not in result.stderr


def test_a_kintone_that_fails_is_exit_code_2(kintone, run):
    kintone.emulator.faults.add(Fault.SERVICE_UNAVAILABLE)
    result = run()
    assert result.exit_code == 2
    assert result.stdout == "Drift: 0. Information: 0. Not compared: 1.\n"
    assert result.stderr.startswith("Deal (app 1): ")
    assert "Customer was not compared." in result.stderr


def test_a_token_without_rights_is_exit_code_2(kintone, run):
    token = kintone.emulator.add_api_token(kintone.apps["deal"], permissions=("delete",))
    other = another(kintone, alias="default", api_token=token)
    result = run(models="deals.py:Deal")
    assert other is connections["default"]
    assert result.exit_code == 2
    assert result.stderr.startswith("Deal (app 1): ")


@pytest.mark.parametrize(
    ("models", "says"),
    [
        ("delas.py", "There is no Python file delas.py. Did you mean 'deals.py'?"),
        ("deals.py:Deel", "There is no model 'Deel' in deals.py. Did you mean 'Deal'?"),
    ],
)
def test_a_module_or_a_model_that_does_not_exist_is_exit_code_2(kintone, run, models, says):
    result = run(models=models)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", says + "\n")


def test_a_connection_without_a_base_url_is_exit_code_2(folder, run):
    (folder / "kintone.toml").write_text("[apps]\ndeal = 1\n", "utf-8")
    result = run(models="deals.py:Deal")
    assert result.exit_code == 2
    assert "KINTONE_BASE_URL" in result.stderr


def test_only_get_requests_are_sent(kintone, run):
    rename_title(kintone)
    with capture_requests(kintone) as sent:
        run()
    assert [request.method for request in sent] == ["GET", "GET"]


def test_json_is_one_object_in_ascii(kintone, run):
    rename_title(kintone)
    kintone.apps["customer"] = 99
    result = run("--json")
    assert result.stdout.isascii()
    report = json.loads(result.stdout)
    assert list(report) == ["findings", "errors", "drift", "information"]
    assert report["findings"][0] == {
        "model": "Deal",
        "app": 1,
        "field": "title",
        "code": "件名",
        "kind": "length",
        "is_drift": True,
        "message": "Deal.title: the model has no maximum length, but the app's field '件名' "
        "allows at most 20 characters. Change 'max_length' in the model, or change the app.",
    }
    assert (report["drift"], report["information"]) == (1, 1)
    assert [error[:20] for error in report["errors"]] == ["Customer (app 99): T"]
    assert result.exit_code == 2


def test_github_gets_annotations_of_the_lines(kintone, run):
    rename_title(kintone)
    delete_fields(kintone, kintone.apps["deal"], "金額", "数量")
    kintone.apps["customer"] = 99
    result = run("--github")
    assert result.exit_code == 2
    assert [line.partition("::Deal")[0][:60] for line in result.stdout.splitlines()] == [
        "::error file=deals.py,line=5,title=kintone%3A length",
        "::notice file=deals.py,line=5,title=kintone%3A label",
        "::error file=deals.py,line=19,title=kintone%3A missing field",
        "::error file=deals.py,line=15,title=kintone%3A missing field",
        "::error title=kintone%3A not compared::Customer (app 99): Th",
    ]


def test_an_undeclared_field_is_annotated_at_the_class(kintone, run):
    add_fields(kintone, kintone.apps["deal"], extra={"type": "DATE", "required": True})
    result = run("--github")
    place = "file=deals.py,line=18,title=kintone%3A undeclared field"
    assert result.stdout.startswith(f"::error {place}::")


def test_two_forms_of_output_are_bad_use(kintone, run):
    result = run("--json", "--github")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Use one of them." in result.stderr


@pytest.mark.parametrize("form", ["--json", "--github"])
def test_a_secret_that_an_error_repeats_is_hidden(kintone, run, monkeypatch, form):
    monkeypatch.setenv("KINTONE_PASSWORD", "app 99")
    kintone.apps["customer"] = 99
    result = run(form)
    assert "Customer (********): " in result.stdout
    assert "app 99" not in result.stdout + result.stderr
