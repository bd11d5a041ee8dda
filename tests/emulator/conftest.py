"""An emulator with a clock of its own, and the callers of it."""

from __future__ import annotations

import pytest
from support.plain_kintone import Clock, Kintone, password

from kintone_orm.emulator import Emulator


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def emulator(clock):
    emulator = Emulator(users={"sato": "secret", "kato": "other"}, clock=clock)
    yield emulator
    emulator.close()


@pytest.fixture
def kintone(emulator):
    """The first user."""
    return Kintone(emulator, password("sato", "secret"))


@pytest.fixture
def caller(emulator):
    """Makes another caller from its headers."""
    return lambda **headers: Kintone(
        emulator, {name.replace("_", "-"): value for name, value in headers.items()}
    )
