"""Waiting for a slot of a limiter, by a clock that moves when somebody sleeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kintone_orm.connection.limits.shared_slots import wait_for_slot
from kintone_orm.http.clock import Clock

if TYPE_CHECKING:
    from kintone_orm.connection import Limited

DOMAIN = "example.cybozu.com"


class MovedClock(Clock):
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.time = 0.0
        self.sleeps: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds


class Slots:
    """A limiter that has a slot for the question of this number."""

    def __init__(self, free_at: int) -> None:
        self.leases: list[float | None] = []
        self._free_at = free_at

    def acquire(self, kind: Limited, domain: str, *, seconds: float | None) -> str | None:
        assert (kind, domain) == ("requests", DOMAIN)
        self.leases.append(seconds)
        return "slot" if len(self.leases) >= self._free_at else None


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


def wait(
    slots: Slots, clock: Clock, deadline: float | None = None, seconds: float | None = None
) -> str | None:
    return wait_for_slot(
        slots,  # type: ignore[arg-type]
        "requests",
        DOMAIN,
        deadline=deadline,
        clock=clock,
        seconds=seconds,
    )


def test_a_free_slot_is_taken_at_once(clock: MovedClock) -> None:
    assert wait(Slots(1), clock, 10) == "slot"
    assert clock.sleeps == []


def test_the_limiter_is_asked_until_a_slot_is_free(clock: MovedClock) -> None:
    slots = Slots(5)
    assert wait(slots, clock, 10) == "slot"
    assert len(slots.leases) == 5


def test_the_waits_grow_to_half_a_second(clock: MovedClock) -> None:
    wait(Slots(30), clock, 100)
    assert clock.sleeps[0] <= 0.02
    assert clock.sleeps[2] > clock.sleeps[0]
    assert 0.25 <= clock.sleeps[-1] <= 0.5


def test_the_deadline_ends_the_wait(clock: MovedClock) -> None:
    assert wait(Slots(10**9), clock, 10) is None
    assert 9 < clock.time < 10


def test_without_a_deadline_there_is_no_end(clock: MovedClock) -> None:
    assert wait(Slots(1000), clock) == "slot"


def test_a_lease_is_a_second_longer_than_the_time_left(clock: MovedClock) -> None:
    clock.time = 4
    slots = Slots(1)
    wait(slots, clock, 10)
    assert slots.leases == [7]


def test_without_a_deadline_the_limiter_chooses_the_lease(clock: MovedClock) -> None:
    slots = Slots(1)
    wait(slots, clock)
    assert slots.leases == [None]


def test_a_lease_can_be_longer_than_the_deadline(clock: MovedClock) -> None:
    slots = Slots(1)
    wait(slots, clock, 10, 600)
    assert slots.leases == [600]
