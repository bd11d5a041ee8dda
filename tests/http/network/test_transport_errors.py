from __future__ import annotations

import ssl
from traceback import walk_tb
from types import TracebackType

import pytest
import requests

from kintone_orm.exceptions import TransportError
from kintone_orm.http.messages import Request
from kintone_orm.http.network.exchange import Exchange
from kintone_orm.http.network.transport_errors import translating_errors, transport_error
from kintone_orm.outcomes import CarriedOut, Outcome

GET = Request("GET", "/k/v1/records.json")
PUT = Request("PUT", "/k/v1/records.json")


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (requests.ConnectTimeout(), "No connection was made in time"),
        (requests.ReadTimeout(), "No answer arrived in time"),
        (requests.exceptions.ProxyError(), "proxy"),
        (requests.exceptions.SSLError(), "certificate"),
        (requests.exceptions.ChunkedEncodingError(), "broke off"),
        (requests.ConnectionError(), "failed or broke"),
        (requests.exceptions.InvalidSchema(), "could not be sent"),
    ],
)
def test_the_error_says_why_and_for_which_request(
    cause: requests.RequestException, text: str
) -> None:
    error = transport_error(PUT, "example.cybozu.com", cause)
    assert text in str(error)
    assert str(error).startswith("example.cybozu.com: ")
    assert str(error).endswith("(PUT /k/v1/records.json)")


@pytest.mark.parametrize(
    ("cause", "is_sent", "outcome"),
    [
        (requests.ConnectionError(), True, Outcome.BROKEN),
        (requests.ConnectionError(), False, Outcome.NOT_SENT),
        (requests.exceptions.SSLError(), True, Outcome.BROKEN),
        (requests.exceptions.SSLError(), False, Outcome.NOT_SENT),
        (requests.ReadTimeout(), False, Outcome.NOT_SENT),
        (requests.exceptions.InvalidSchema(), False, Outcome.UNSENDABLE),
    ],
)
def test_a_connection_that_fails_before_the_request_is_sent_leaves_nothing_unknown(
    cause: requests.RequestException, is_sent: bool, outcome: Outcome
) -> None:
    error = transport_error(PUT, "example.cybozu.com", cause, is_sent=is_sent)
    assert error.outcome is outcome


@pytest.mark.parametrize(
    ("alert", "outcome"),
    [
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", Outcome.NO_TRUST),
        ("TLSV1_ALERT_UNKNOWN_CA", Outcome.NO_TRUST),
        ("TLSV1_ALERT_INTERNAL_ERROR", Outcome.BROKEN),
        (None, Outcome.BROKEN),
    ],
)
def test_a_server_that_refuses_the_client_s_certificate_has_not_read_the_request(
    alert: str | None, outcome: Outcome
) -> None:
    cause = requests.exceptions.SSLError(ssl.SSLError(1, "an alert"))
    if alert is not None:
        cause.args[0].reason = alert

    error = transport_error(PUT, "example.s.cybozu.com", cause)

    assert error.outcome is outcome
    assert (error.carried_out is CarriedOut.NO) is (outcome is Outcome.NO_TRUST)


def test_the_exchange_tells_if_the_request_was_sent() -> None:
    outcomes = []
    for is_begun in (False, True):
        exchange = Exchange(is_begun=is_begun)
        with pytest.raises(TransportError) as raised, translating_errors(PUT, "x", exchange):
            raise requests.ConnectionError
        outcomes.append(raised.value.outcome)
    assert outcomes == [Outcome.NOT_SENT, Outcome.BROKEN]


def test_the_error_severs_the_cause_from_the_request_that_was_sent() -> None:
    cause = requests.ConnectionError(request=requests.Request("GET", "https://x").prepare())
    with pytest.raises(TransportError) as raised, translating_errors(GET, "x"):
        raise cause
    assert raised.value.__cause__ is cause
    assert (cause.request, cause.response, cause.__traceback__) == (None, None, None)


def test_no_frame_holds_the_traceback_of_the_network_s_error() -> None:
    with pytest.raises(TransportError) as raised, translating_errors(GET, "x"):
        raise requests.ReadTimeout
    for frame, _ in walk_tb(raised.value.__traceback__):
        own = {name: value for name, value in frame.f_locals.items() if name != "raised"}
        assert not any(isinstance(value, TracebackType) for value in own.values())


def lose_the_answer_while_handling(own: Exception) -> None:
    try:
        raise own
    except OSError:
        with translating_errors(GET, "x"):
            raise requests.ReadTimeout from None


def test_what_the_caller_was_handling_gives_no_reason_and_keeps_its_traceback() -> None:
    own = ConnectionRefusedError("of the caller")
    with pytest.raises(TransportError, match="No answer arrived in time") as raised:
        lose_the_answer_while_handling(own)
    assert own.__traceback__ is not None
    assert raised.value.__cause__ is not None
    assert raised.value.__cause__.__context__ is own


@pytest.mark.parametrize("kind", [KeyboardInterrupt, ZeroDivisionError])
def test_another_exception_passes_through(kind: type[BaseException]) -> None:
    with pytest.raises(kind), translating_errors(GET, "x"):
        raise kind
