"""kintone-orm deploy as a process over HTTP: in a pipe and in a terminal."""

from __future__ import annotations

import pytest
from support.command import run
from support.terminal import IS_MISSING, run_in_terminal

from kintone_orm.emulator import Emulator

serve = pytest.importorskip("kintone_orm.emulator.server").serve

MODELS = """
from kintone_orm import Model, fields

class Order(Model):
    number = fields.SingleLineTextField("受注番号")

    class Meta:
        app = "orders"
"""
DIFFERENCE = "Create the app 'Order' for Order (key 'orders'):\n  SINGLE_LINE_TEXT  受注番号\n"


@pytest.fixture
def environ():
    """The variables of a new kintone over HTTP."""
    emulator = Emulator(users={"sato": "secret"})
    with serve(emulator) as server:
        yield {
            "KINTONE_BASE_URL": server.url,
            "KINTONE_USERNAME": "sato",
            "KINTONE_PASSWORD": "secret",
        }
    emulator.close()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shop.py").write_text(MODELS, "utf-8")
    return tmp_path


def test_in_a_pipe_it_needs_yes_and_shows_the_changes(environ, folder):
    asked = run("deploy", "shop", environ=environ, folder=folder)
    assert (asked.returncode, asked.stdout) == (2, DIFFERENCE)
    assert asked.stderr.startswith("There is no terminal to ask for a confirmation. Use --yes")

    done = run("deploy", "shop", "--yes", "--keys", environ=environ, folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{DIFFERENCE}Done.\n")

    again = run("deploy", "shop", environ=environ, folder=folder)
    assert (again.returncode, again.stdout[:13]) == (0, "Nothing to do")


@pytest.mark.skipif(IS_MISSING, reason="this system has no pseudo-terminals")
def test_in_a_terminal_no_changes_nothing(environ, folder):
    code, output, screen = run_in_terminal(["deploy", "shop"], "n", environ=environ, folder=folder)

    assert (code, output) == (1, DIFFERENCE)
    assert "Make these changes? [y/N]:" in screen
    assert not (folder / "kintone.toml").exists()
