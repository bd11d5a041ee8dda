from __future__ import annotations

import math

import pytest

from kintone_orm.http.network import exchange
from kintone_orm.http.network.exchange import Exchange


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "monotonic", lambda: 100.0)


def test_the_time_left_ends_at_the_deadline() -> None:
    assert Exchange(103.5).seconds_left() == 3.5


def test_without_a_deadline_the_time_left_has_no_end() -> None:
    assert Exchange().seconds_left() == math.inf


@pytest.mark.parametrize("deadline", [100.0, 99.0])
def test_from_the_deadline_on_there_is_no_time_left(deadline: float) -> None:
    with pytest.raises(TimeoutError, match="deadline"):
        Exchange(deadline).seconds_left()
