"""kintone-orm deploy shows the difference, asks, and makes the changes that it has shown."""

from __future__ import annotations

import os
import sys

import pytest
import typer
from support.terminal import IS_MISSING, call_in_terminal
from typer.testing import CliRunner

from kintone_orm import Model, fields
from kintone_orm.api.form import get_form_fields
from kintone_orm.apps import deploy as deploy_models
from kintone_orm.cli.deploy import deploy
from kintone_orm.connection import connections
from kintone_orm.emulator import Emulator
from kintone_orm.testing import EmulatedConnection, capture_requests

command = typer.Typer()
command.command()(deploy)

MODELS = """
from kintone_orm import Model, fields

class Customer(Model):
    company = fields.SingleLineTextField("会社名")
    phone = fields.SingleLineTextField("電話番号")

class Order(Model):
    number = fields.SingleLineTextField("受注番号")

    class Meta:
        app = "受注"
"""
TYPO = MODELS.replace('"会社名"', '"会社"')


class Company(Model):
    company = fields.SingleLineTextField("会社名")

    class Meta:
        app = "customer"


@pytest.fixture
def kintone(monkeypatch):
    """A kintone with an app that has a record, as the default connection of the program."""
    for name in [name for name in os.environ if name.startswith("KINTONE_")]:
        monkeypatch.delenv(name)
    emulator = Emulator()
    connection = EmulatedConnection(emulator, adapter=emulator.adapter())
    connection.alias = "default"
    connections.add(connection)
    try:
        deploy_models(Company)
        Company(company="Acme").save()
        yield connection
    finally:
        del connections["default"]
        emulator.close()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working directory of the test's own, whose modules are forgotten at the end."""
    known = set(sys.modules)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def write(folder):
    def write(source):
        (folder / "models_of_deploy.py").write_text(source, "utf-8")

    return write


def run(*options):
    """Run the command in a pipe."""
    return CliRunner().invoke(command, ["models_of_deploy.py", *options])


@pytest.fixture
def run_in_terminal(monkeypatch, capsys):
    """Run the command in a terminal with answers. Return the exit code and both outputs."""

    if IS_MISSING:
        pytest.skip("this system has no pseudo-terminals")

    def run(*options, answers):
        arguments = ["models_of_deploy.py", *options]
        code, screen = call_in_terminal(
            monkeypatch, lambda: command(arguments, standalone_mode=False), *answers
        )
        return code, capsys.readouterr().out, screen

    return run


def codes(kintone, key):
    return set(get_form_fields(kintone, app=kintone.apps[key])["properties"])


def test_it_shows_the_difference_and_makes_it(kintone, write):
    write(MODELS)
    result = run("--yes")

    assert result.exit_code == 0, result.output
    app = kintone.apps["受注"]
    assert result.stdout.splitlines() == [
        "Create the app 'Order' for Order (key '受注'):",
        "  SINGLE_LINE_TEXT  受注番号",
        f"Change the app {kintone.apps['customer']} of Customer:",
        "  SINGLE_LINE_TEXT  電話番号",
        "Done.",
        "",
        "The ids of the new apps, for kintone.toml:",
        "",
        "[apps]",
        f'"受注" = {app}',
    ]
    assert "受注番号" in codes(kintone, "受注")
    assert "電話番号" in codes(kintone, "customer")


def test_a_dry_run_sends_gets_only_and_shows_the_same(kintone, write):
    write(MODELS)
    with capture_requests(kintone) as sent:
        shown = run("--dry-run")

    assert (shown.exit_code, {request.method for request in sent}) == (0, {"GET"})
    assert run("--yes").stdout.startswith(shown.stdout)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, '[apps]\n"受注" = {app}\n'),
        ("# ours\n[apps]\ncustomer = 1\n", '# ours\n[apps]\ncustomer = 1\n"受注" = {app}\n'),
    ],
)
def test_the_keys_of_new_apps_are_written_into_the_configuration(
    kintone, write, folder, before, after
):
    write(MODELS)
    path = folder / "kintone.toml"
    if before is not None:
        path.write_text(before, "utf-8")
    result = run("--yes", "--keys")

    assert result.stdout.endswith("\nThey are in kintone.toml now.\n")
    assert path.read_text("utf-8") == after.format(app=kintone.apps["受注"])


def test_without_a_change_there_is_no_question(kintone, write):
    write(MODELS)
    run("--yes")
    result = run()

    assert result.exit_code == 0
    assert result.stdout == "Nothing to do: the apps have all fields of their models.\n"


def test_in_a_pipe_it_needs_yes(kintone, write):
    write(MODELS)
    with capture_requests(kintone) as sent:
        result = run()

    assert result.exit_code == 2
    assert result.stderr == (
        "There is no terminal to ask for a confirmation. Use --yes to make these changes, or "
        "--dry-run to see them only.\n"
    )
    assert {request.method for request in sent} == {"GET"}


def test_in_a_pipe_a_typo_must_be_named(kintone, write):
    write(TYPO)
    result = run("--yes")

    assert result.exit_code == 2
    assert "'会社名'" in result.stderr
    assert result.stderr.endswith(" If the field is new on purpose: --add 会社\n")
    assert run("--yes", "--add", "会社").exit_code == 0
    assert {"会社", "会社名"} <= codes(kintone, "customer")


def test_an_unknown_code_to_add_is_an_error(kintone, write):
    write(MODELS)
    result = run("--yes", "--add", "会社")

    assert result.exit_code == 2
    assert (
        "'add' contains '会社', but no model of this deploy() declares this code." in result.stderr
    )


def test_in_a_terminal_it_asks(kintone, write, run_in_terminal):
    write(MODELS)
    code, output, shown = run_in_terminal(answers=["y"])

    assert (code, shown.count("[y/N]")) == (0, 1)
    assert "Make these changes?" in shown
    assert "Done." in output
    assert "電話番号" in codes(kintone, "customer")


@pytest.mark.parametrize("answer", ["n", ""])
def test_a_no_changes_nothing(kintone, write, run_in_terminal, answer):
    write(MODELS)
    with capture_requests(kintone) as sent:
        code, output, shown = run_in_terminal(answers=[answer])

    assert (code, {request.method for request in sent}) == (1, {"GET"})
    assert "Nothing was changed." in shown
    assert "Done." not in output


def test_each_typo_is_asked_about_by_itself(kintone, write, run_in_terminal):
    write(TYPO.replace('"電話番号"', '"会社名2"'))
    code, _, shown = run_in_terminal("--yes", answers=["y", "n"])

    assert (code, shown.count("Add it as a new field?")) == (1, 2)
    assert codes(kintone, "customer") & {"会社", "会社名2"} == set()
    assert run_in_terminal("--yes", answers=["y", "y"])[0] == 0
    assert {"会社", "会社名2"} <= codes(kintone, "customer")


def test_an_app_that_contradicts_its_model_is_an_error(kintone, write):
    write(MODELS.replace('SingleLineTextField("会社名")', 'NumberField("会社名")'))
    result = run("--yes")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Customer.company is a NUMBER, but the app's field '会社名' is" in result.stderr
