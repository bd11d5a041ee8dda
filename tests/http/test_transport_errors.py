from __future__ import annotations

import pytest
import requests

from kintone_orm.http.messages import Request
from kintone_orm.http.transport_errors import transport_error

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


def test_the_error_severs_the_cause_from_the_request_that_was_sent() -> None:
    cause = requests.ConnectionError(request=requests.Request("GET", "https://x").prepare())
    transport_error(GET, "x", cause)
    assert (cause.request, cause.response) == (None, None)
