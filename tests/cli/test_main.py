"""The command without a command, without its libraries, and its ends."""

from __future__ import annotations

import sys

import pytest
from typer.testing import CliRunner

from kintone_orm.cli.commands import COMMANDS, Command
from kintone_orm.cli.main import app
from kintone_orm.version import __version__


@pytest.fixture
def command(monkeypatch):
    """Run a function as the only command, and return the result."""

    def run(function):
        monkeypatch.setitem(sys.modules, "kintone_orm.cli.of_a_test", function)
        function.run = function
        monkeypatch.setitem(COMMANDS, "test", Command("of_a_test", "run", "A test.", ()))
        return CliRunner().invoke(app, ["test"])

    return run


def test_it_has_a_version():
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"kintone-orm {__version__}\n")


def test_alone_it_prints_its_help_as_bad_use():
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 2
    assert "emulator" in result.output


def test_an_unknown_command_has_a_near_name():
    result = CliRunner().invoke(app, ["demon"])
    assert result.exit_code == 2
    assert "No such command 'demon'. Did you mean 'demo'?" in result.output


def test_an_error_that_nobody_expected_is_no_answer(command):
    def function() -> None:
        raise ZeroDivisionError("at all")

    result = command(function)
    assert result.exit_code == 2
    assert result.stderr.endswith("ZeroDivisionError: at all\n")


def test_ctrl_c_ends_it_as_a_shell_says(command):
    def function() -> None:
        raise KeyboardInterrupt

    assert command(function).exit_code == 130
