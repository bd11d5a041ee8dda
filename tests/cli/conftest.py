"""An emulator of a domain file, and the command that exports it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from kintone_orm.cli.main import app as command
from kintone_orm.emulator import Emulator

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
