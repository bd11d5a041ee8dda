"""An emulator of a domain file, the command that exports it, and a module of models."""

from __future__ import annotations

import importlib
import os
import sys

import pytest
from support.shop_models import SHOP
from typer.testing import CliRunner

from kintone_orm.apps import deploy
from kintone_orm.cli.main import app as command
from kintone_orm.connection import connections
from kintone_orm.emulator import Emulator
from kintone_orm.testing import EmulatedConnection

serve = pytest.importorskip("kintone_orm.emulator.server").serve


@pytest.fixture
def opened():
    """Make an emulator of a domain file. It is closed when the test ends."""
    emulators = []

    def opened(domain):
        emulators.append(Emulator.from_domain(domain))
        return emulators[-1]

    yield opened
    for emulator in emulators:
        emulator.close()


@pytest.fixture
def export(opened, monkeypatch):
    """Run the export of an emulator, or of a domain file, and return the command's result."""
    monkeypatch.delenv("KINTONE_API_TOKEN", raising=False)

    def export(source, *arguments, token=None):
        emulator = source if isinstance(source, Emulator) else opened(source)
        monkeypatch.setenv("KINTONE_USERNAME", "sato")
        monkeypatch.setenv("KINTONE_PASSWORD", "secret")
        if token:
            monkeypatch.delenv("KINTONE_USERNAME")
            monkeypatch.delenv("KINTONE_PASSWORD")
            monkeypatch.setenv("KINTONE_API_TOKEN", token)
        with serve(emulator) as server:
            with_url = [argument.replace("URL", server.url) for argument in arguments]
            return CliRunner().invoke(command, ["emulator", "export", *with_url])

    return export


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A folder with shop.py, and an emulator with its apps as the default connection.

    The program has made this connection, so the commands use it.
    """
    for name in [name for name in os.environ if name.startswith("KINTONE_")]:
        monkeypatch.delenv(name)
    (tmp_path / "shop.py").write_text(SHOP, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    emulator = Emulator()
    connection = EmulatedConnection(emulator, adapter=emulator.adapter())
    connection.alias = "default"
    connections.add(connection)
    models = importlib.import_module("shop")
    deploy(models.Customer, models.Order)
    yield models
    del connections["default"]
    del sys.modules["shop"]
    emulator.close()
