"""docs/emulator.md lists the endpoints and the faults of the emulator."""

from __future__ import annotations

import pytest
from generators import emulator_page

from kintone_orm.emulator import Fault

TEXT = emulator_page.PAGE.read_text(encoding="utf-8")


def test_the_endpoints_are_those_of_the_router():
    """If not, run: python tests/generate.py."""
    assert emulator_page.page() == TEXT


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_row(fault):
    assert f"| `{fault.name}` |" in TEXT
