from __future__ import annotations

import pytest
from support.clocks import SkippingClock

from kintone_orm.exceptions import APIError, ServerBusy
from kintone_orm.http.clock import Clock
from kintone_orm.http.messages import Response
from kintone_orm.http.sent_ahead import Once, SentAhead


def ahead(attempt):
    return SentAhead(attempt, Clock())


def raising(error: Exception):
    def attempt():
        raise error

    return attempt


def test_the_response_is_taken():
    response = Response(200, {}, b"{}")
    assert ahead(lambda: response).take() is response


def test_the_body_of_a_successful_answer_can_be_looked_at():
    assert ahead(lambda: Response(200, {}, b"{}")).body == b"{}"


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: Response(503, {}, b"busy"),
        lambda: ServerBusy("No.", status=503),
        raising(ValueError("wrapper")),
    ],
)
def test_no_other_outcome_has_a_body(attempt):
    assert ahead(attempt).body is None


def test_an_error_that_was_returned_is_returned():
    error = ServerBusy("No.", status=503)
    assert ahead(lambda: error).take() is error


@pytest.mark.parametrize("error", [ValueError("wrapper"), APIError("No.")])
def test_an_error_that_was_raised_is_raised_when_it_is_taken(error):
    sent = ahead(raising(error))
    with pytest.raises(type(error)) as raised:
        sent.take()
    assert raised.value is error


def test_an_interruption_is_raised_at_once():
    def attempt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ahead(attempt)


def test_a_call_is_made_once():
    calls = []
    once = Once(lambda: calls.append(1), Clock())
    once()
    once()
    assert calls == [1]


def test_no_call_is_made_without_one():
    Once(None, Clock())()


def test_the_time_of_the_attempt_is_known():
    class Skipping(Clock):
        instants = iter([100.0, 103.5])

        def now(self):
            return next(self.instants)

    assert SentAhead(lambda: Response(200, {}), Skipping()).seconds == 3.5


def test_the_time_of_the_call_is_known():
    clock = SkippingClock()
    once = Once(lambda: clock.sleep(7), clock)
    assert once.seconds == 0
    once()
    once()
    assert 7 <= once.seconds < 8
