"""docs/bad-night.md has the retry table of the package."""

from __future__ import annotations

import pytest
from generators import bad_night_page

from kintone_orm.http.request_kinds import Kind
from kintone_orm.outcomes import CarriedOut, Outcome

TEXT = bad_night_page.PAGE.read_text("utf-8")


def test_the_tables_are_those_of_the_package() -> None:
    """If not, run: python tests/generate.py."""
    assert bad_night_page.page() == TEXT


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_request_has_a_row(kind: Kind) -> None:
    assert f"\n| {kind.value} | `" in TEXT or f"\n| {kind.value} | the " in TEXT


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_row_with_a_sign(outcome: Outcome) -> None:
    rows = bad_night_page.outcomes().splitlines()
    (row,) = [line for line in rows if line.startswith(f"| {outcome.value} | ")]
    assert row.split(" | ")[1]


@pytest.mark.parametrize("value", CarriedOut)
def test_every_value_of_carried_out_is_explained(value: CarriedOut) -> None:
    assert f"\n| `CarriedOut.{value.name}` | " in TEXT
