"""Domain files, and the emulators that are made of them."""

from __future__ import annotations

import json
import sys

import pytest
from support.plain_kintone import Kintone, password

from kintone_orm.emulator import Emulator


@pytest.fixture
def load(tmp_path):
    """Makes an emulator of a domain file, as text or as Python has it; closed at the end."""
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
    """Makes an emulator of a domain file, and gives its user sato."""

    def enter(domain, **options):
        return Kintone(load(domain, **options), password("sato", "secret"))

    return enter


@pytest.fixture
def toml():
    """For a test that needs Python 3.11, or what the extra brings to Python 3.10."""
    pytest.importorskip("tomllib" if sys.version_info >= (3, 11) else "tomli")
