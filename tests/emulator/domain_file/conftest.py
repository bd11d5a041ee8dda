"""Fixtures that make emulators from domain files."""

from __future__ import annotations

import json
import sys

import pytest
from support.plain_kintone import Kintone, password

from kintone_orm.emulator import Emulator


@pytest.fixture
def load(tmp_path):
    """Return a function that makes an emulator from a domain file, a text or a mapping."""
    opened = []

    def load(domain, name="domain.json", **options):
        path = tmp_path / name
        path.write_text(domain if isinstance(domain, str) else json.dumps(domain), "utf-8")
        opened.append(Emulator.from_domain(path, **options))
        return opened[-1]

    yield load
    for emulator in opened:
        emulator.close()


@pytest.fixture
def enter(load):
    """Return a function that makes an emulator from a domain file, and gives its user sato."""

    def enter(domain, **options):
        return Kintone(load(domain, **options), password("sato", "secret"))

    return enter


@pytest.fixture
def toml():
    """Skip the test if there is no TOML parser (Python 3.10 without tomli)."""
    pytest.importorskip("tomllib" if sys.version_info >= (3, 11) else "tomli")
