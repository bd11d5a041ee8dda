from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.http.encoding import WireRequest, encode, query_string
from kintone_orm.http.messages import Request

BASE = "https://example.cybozu.com"
PATH = "/k/v1/records.json"


def wire(method: str, **params: Any) -> WireRequest:
    return encode(Request(method, PATH, params), BASE)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"app": 1, "id": "7"}, "app=1&id=7"),
        ({"ids": [1, 2]}, "ids%5B0%5D=1&ids%5B1%5D=2"),
        ({"totalCount": True, "x": False}, "totalCount=true&x=false"),
        ({"query": 'a = "ü&b" or'}, "query=a%20%3D%20%22%C3%BC%26b%22%20or"),
        ({"ids": []}, ""),
    ],
)
def test_a_query_string(params: dict[str, Any], expected: str) -> None:
    assert query_string(params) == expected


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_every_text_survives_a_query_string(params: dict[str, str]) -> None:
    assert dict(parse_qsl(query_string(params), keep_blank_values=True)) == params


@pytest.mark.parametrize("value", [{"a": 1}, 1.5, b"bytes", None])
def test_what_a_query_string_cannot_hold_is_refused_by_its_name(value: object) -> None:
    with pytest.raises(TypeError, match=r"ids\[0\]"):
        query_string({"ids": [value]})


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_parameters_of_get_and_delete_go_in_the_url(method: str) -> None:
    assert wire(method, app=1) == WireRequest(method, f"{BASE}{PATH}?app=1", {}, None)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_url_of_4096_characters_is_sent_as_it_is(method: str) -> None:
    room = 4_096 - len(f"{BASE}{PATH}?query=")
    assert len(wire(method, query="x" * room).url) == 4_096


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_array_of_a_hundred_items_stands_in_the_url(method: str) -> None:
    sent = wire(method, fields=["f"] * 100)
    assert sent.method == method
    assert sent.url.endswith("&fields%5B99%5D=f")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("params", [{"fields": ["f"] * 101}, {"x": [[1], tuple(range(101))]}])
def test_a_longer_array_goes_into_a_body(method: str, params: dict[str, Any]) -> None:
    sent = wire(method, **params)
    assert (sent.method, sent.url) == ("POST", BASE + PATH)
    assert sent.headers["X-HTTP-Method-Override"] == method
    assert json.loads(sent.body) == json.loads(json.dumps(params))


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_longer_url_becomes_a_post_that_says_what_is_meant(method: str) -> None:
    query = "x" * (4_097 - len(f"{BASE}{PATH}?query="))
    sent = wire(method, query=query)
    assert (sent.method, sent.url) == ("POST", BASE + PATH)
    assert sent.headers == {
        "Content-Type": "application/json",
        "X-HTTP-Method-Override": method,
    }
    assert isinstance(sent.body, bytes)
    assert json.loads(sent.body) == {"query": query}


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_parameters_of_post_and_put_are_a_json_body(method: str) -> None:
    body = '{"app":1,"record":{"名":{"value":"日本"}}}'.encode()
    expected = WireRequest(method, BASE + PATH, {"Content-Type": "application/json"}, body)
    assert wire(method, app=1, record={"名": {"value": "日本"}}) == expected


def test_a_number_that_json_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        wire("POST", n=float("nan"))
