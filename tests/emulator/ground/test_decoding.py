from __future__ import annotations

from decimal import Decimal

import pytest

from kintone_orm.emulator.ground.decoding import Plain, sent_parameters
from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.ground.http import HTTPRequest

JSON = {"Content-Type": "application/json; charset=utf-8"}


def sent(query="", body=b"", headers=None):
    request = HTTPRequest("GET", "/k/v1/records.json", query, headers or {}, body)
    with sent_parameters(request) as parameters:
        return parameters


def refused(**options):
    with pytest.raises(KintoneError) as error:
        sent(**options)
    return error.value.code


def test_a_query_string_holds_texts_and_lists():
    parameters = sent("app=1&ids[1]=5&ids[0]=4&query=a%20%3D%20%22%E6%9D%B1%22&none=")
    assert parameters == {"app": "1", "ids": ["4", "5"], "query": 'a = "東"', "none": ""}
    assert type(parameters["app"]) is Plain


@pytest.mark.parametrize(
    "query", ["app=1&app=2", "ids[0]=1&ids[0]=2", "ids=1&ids[0]=2", "ids[0]=1&ids=2", "ids[100]=1"]
)
def test_a_parameter_that_comes_twice_or_too_often_is_refused(query):
    assert refused(query=query) == "CB_VA01"


def test_bytes_that_are_no_utf_8_are_refused():
    assert refused(query="app=%FF") == "CB_IL02"


def test_fractions_of_a_body_are_exact():
    assert sent(body=b'{"a": 0.1, "b": 2}', headers=JSON) == {"a": Decimal("0.1"), "b": 2}


def test_a_body_in_pieces_is_put_together():
    assert sent(body=[b'{"a"', b": 1}"], headers=JSON) == {"a": 1}


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"5", b'{"a": NaN}', b"\xff", b'{"a": "\\ud800"}', b"[" * 100_000]
)
def test_a_body_that_is_no_json_object_is_refused(body):
    assert refused(body=body, headers=JSON) == "CB_IJ01"


def test_a_surrogate_pair_is_one_character():
    assert sent(body=b'{"a": "\\ud83d\\ude00"}', headers=JSON) == {"a": "\N{GRINNING FACE}"}


@pytest.mark.parametrize(
    "options",
    [
        {"body": b"{}"},
        {"body": b"{}", "headers": {"content-type": "text/plain"}},
        {"headers": JSON},
        {"body": b"{}", "headers": JSON, "query": "app=1"},
    ],
)
def test_a_body_is_declared_as_json_and_comes_alone(options):
    assert refused(**options) == "CB_IL02"
