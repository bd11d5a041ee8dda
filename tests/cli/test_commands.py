"""The table of the commands, and their help."""

from __future__ import annotations

import shlex

import pytest
from typer.testing import CliRunner

from kintone_orm.cli.commands import COMMANDS
from kintone_orm.cli.main import app

EXAMPLES = [example for command in COMMANDS.values() for example in command.examples]


def help_of(*arguments):
    result = CliRunner().invoke(app, [*arguments, "--help"], terminal_width=200)
    assert result.exit_code == 0
    return result.stdout


def test_the_help_lists_the_commands_with_their_summaries():
    lines = [line.split(maxsplit=1) for line in help_of().splitlines()]
    for name, command in COMMANDS.items():
        assert [name, command.summary] in lines


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_ends_with_its_examples(name):
    command = COMMANDS[name]
    assert command.examples
    lines = [line.strip() for line in help_of(name).splitlines()]
    assert lines[-len(command.examples) :] == list(command.examples)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_has_options_of_its_command(example):
    program, *words = shlex.split(example)
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    names = words[: 2 if words[:2] == ["emulator", "export"] else 1]
    assert program == "kintone-orm"
    text = help_of(*names)
    assert [option for option in options if f"{option} " not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_fits_a_narrow_terminal(name):
    result = CliRunner().invoke(app, [name, "--help"], terminal_width=60)
    examples = COMMANDS[name].examples
    too_wide = [line for line in result.stdout.splitlines() if len(line) > 60]
    assert [line for line in too_wide if line.strip() not in examples] == []
