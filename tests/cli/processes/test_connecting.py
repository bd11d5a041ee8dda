"""The connection of a command that runs as a process, in a terminal and in a pipe."""

from __future__ import annotations

import os

import pytest
from support import terminal
from support.command import run

from kintone_orm.emulator import Emulator

serve = pytest.importorskip("kintone_orm.emulator.server").serve

MODELS = """
from kintone_orm import Model, fields

class Note(Model):
    text = fields.SingleLineTextField()
"""


@pytest.fixture(scope="module")
def url():
    emulator = Emulator(users={"sato": "hush-hush"})
    with serve(emulator) as server:
        yield server.url
    emulator.close()


@pytest.fixture
def folder(tmp_path, monkeypatch, url):
    """A cloned repository, whose file names the kintone."""
    for variable in [variable for variable in os.environ if variable.startswith("KINTONE_")]:
        monkeypatch.delenv(variable)
    (tmp_path / "notes.py").write_text(MODELS)
    (tmp_path / "kintone.toml").write_text(f'base_url = "{url}"\nmodels = "notes"\n')
    return tmp_path


def test_in_a_pipe_a_repository_draws_no_secret_to_its_kintone(folder, url):
    login = {"KINTONE_USERNAME": "sato", "KINTONE_PASSWORD": "hush-hush"}
    result = run("deploy", "--dry-run", environ=login, folder=folder)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"kintone.toml names the kintone {url}. Secrets of the")

    named = {**login, "KINTONE_BASE_URL": url}
    result = run("deploy", "--dry-run", environ=named, folder=folder)
    assert (result.returncode, result.stderr) == (0, "")
    assert "text" in result.stdout


@pytest.mark.skipif(terminal.IS_MISSING, reason="needs a terminal")
def test_in_a_terminal_the_password_is_asked_for_and_not_shown(folder, url):
    code, output, screen = terminal.run_in_terminal(
        ["deploy", "--dry-run"],
        "hush-hush",
        environ={"KINTONE_USERNAME": "sato"},
        folder=folder,
    )
    assert (code, "text" in output) == (0, True)
    assert f"The password of sato at {url}: " in screen
    assert "Warning" not in screen
