from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.messages import Request
from kintone_orm.http.retry import NEVER, Retry, longest_delay
from kintone_orm.outcomes import Outcome

READ = Request("GET", "/k/v1/records.json", {"app": 1})
ADD = Request("POST", "/k/v1/record.json", {"app": 1})
SAVE = Request("PUT", "/k/v1/record.json", {"app": 1, "id": 2, "revision": 3})
BLIND_SAVE = Request("PUT", "/k/v1/record.json", {"app": 1, "id": 2})
PAGE = Request("GET", "/k/v1/records/cursor.json", {"id": "c"})
CURSOR = Request("POST", "/k/v1/records/cursor.json", {"app": 1})
LOST = [outcome for outcome in Outcome if outcome.is_lost_answer]
FINAL = [
    Outcome.NO_TRUST,
    Outcome.PROXY_REFUSED,
    Outcome.UNSENDABLE,
    Outcome.OUT_OF_TIME,
    Outcome.REFUSED_PAGE,
    Outcome.REFUSED,
]


@pytest.mark.parametrize("outcome", LOST)
@pytest.mark.parametrize("request_", [READ, SAVE])
def test_a_request_that_cannot_act_twice_is_sent_again_after_a_lost_answer(request_, outcome):
    assert longest_delay(request_, outcome, 1, Retry()) is not None


@pytest.mark.parametrize("outcome", LOST)
@pytest.mark.parametrize("request_", [ADD, BLIND_SAVE, PAGE, CURSOR])
def test_a_request_that_may_act_twice_is_not_sent_again_after_a_lost_answer(request_, outcome):
    assert longest_delay(request_, outcome, 1, Retry()) is None


@pytest.mark.parametrize(
    "outcome", [Outcome.NOT_SENT, Outcome.TOO_MANY, Outcome.LOCKED, Outcome.IN_MAINTENANCE]
)
@pytest.mark.parametrize("request_", [READ, ADD, SAVE, BLIND_SAVE, PAGE, CURSOR])
def test_every_request_is_sent_again_if_it_was_not_carried_out(request_, outcome):
    assert longest_delay(request_, outcome, 1, Retry()) is not None


@pytest.mark.parametrize("outcome", FINAL)
@pytest.mark.parametrize("request_", [READ, ADD, SAVE])
def test_no_request_is_sent_again_after_a_final_outcome(request_, outcome):
    assert longest_delay(request_, outcome, 1, Retry()) is None


def test_a_write_without_revision_is_sent_again_only_by_a_word():
    retry = Retry(repeat_unversioned=True)
    assert longest_delay(BLIND_SAVE, Outcome.TIMED_OUT, 1, retry) is not None
    assert longest_delay(ADD, Outcome.TIMED_OUT, 1, retry) is None


def test_ten_open_cursors_are_waited_for_by_the_request_for_a_cursor_alone():
    assert longest_delay(CURSOR, Outcome.NO_CURSOR_FREE, 1, Retry()) is not None


def test_the_last_attempt_is_the_last():
    assert longest_delay(READ, Outcome.BROKEN, 2, Retry(attempts=3)) is not None
    assert longest_delay(READ, Outcome.BROKEN, 3, Retry(attempts=3)) is None
    assert longest_delay(READ, Outcome.NOT_SENT, 1, NEVER) is None


def test_waits_double_up_to_the_longest():
    retry = Retry(attempts=9, first_wait=1, longest_wait=5)
    waits = [longest_delay(READ, Outcome.BROKEN, number, retry) for number in range(1, 6)]
    assert waits == [1, 2, 4, 5, 5]


@given(
    outcome=st.sampled_from(Outcome),
    attempt=st.integers(1, 5000),
    attempts=st.integers(1, 5000),
)
def test_a_wait_is_finite_and_at_most_the_longest(outcome, attempt, attempts):
    longest = longest_delay(READ, outcome, attempt, Retry(attempts=attempts))
    assert longest is None or 0 < longest <= Retry().longest_wait


@pytest.mark.parametrize(
    "arguments",
    [
        {"attempts": 0},
        {"attempts": -1},
        {"attempts": 1.0},
        {"attempts": "5"},
        {"attempts": True},
        {"first_wait": 0},
        {"first_wait": math.nan},
        {"longest_wait": math.inf},
        {"longest_wait": "5"},
        {"repeat_unversioned": 1},
        {"settle_by_values": None},
    ],
)
def test_a_wrong_argument_is_named(arguments):
    (name,) = arguments
    with pytest.raises(ImproperlyConfigured, match=name):
        Retry(**arguments)
