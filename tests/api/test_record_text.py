"""The records of an answer are parsed one by one, as `json.loads` would parse them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api import record_text
from kintone_orm.api.record_text import OtherLayout, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = {"records": [{"$id": {"value": "1"}}, {"$id": {"value": "2"}}], "totalCount": None}


def read(text: str) -> tuple[dict[str, Any], list[Any]]:
    return read_records(text.encode(), list)


@pytest.mark.parametrize("layout", [{}, {"separators": (",", ":")}, {"indent": 2}])
def test_records_are_read_in_every_layout_of_json(layout: dict[str, Any]) -> None:
    answer, records = read(json.dumps(PAGE, **layout))
    assert (answer, records) == ({**PAGE, "records": []}, PAGE["records"])


@pytest.mark.parametrize("text", ['{"records":[]}', ' { "records" : [ ] , "next" : true } '])
def test_a_page_may_be_empty(text: str) -> None:
    assert read(text) == (json.loads(text), [])


def test_a_record_is_parsed_after_the_one_before_it_was_used() -> None:
    order = []

    def use(records: Iterator[Any]) -> None:
        for record in records:
            order.append(record)
            order.append("used")

    with pytest.raises(ValueError, match="Expecting value"):
        read_records(b'{"records":[1,2,oops]}', use)
    assert order == [1, "used", 2, "used"]


@pytest.mark.parametrize(
    "text",
    [
        '{"totalCount":null,"records":[]}',
        '{"records":null}',
        '{"records":[],"records":[1]}',
        '{"records":[1],"records":[]}',
        '{"records":[1],"next":true,"re\\u0063ords":[]}',
        '{"records":[],"next":true,"next":false}',
        '{"record":{}}',
        "[]",
        '{"records":[1 2]}',
        '{"records":[1',
        '\ufeff{"records":[]}',
    ],
)
def test_another_layout_is_left_to_others(text: str) -> None:
    with pytest.raises(OtherLayout):
        read(text)


@pytest.mark.parametrize(
    "text", ['{"records":[1,]}', '{"records":[]', '{"records":[]}x', '{"records":[],}', "\xff"]
)
def test_what_is_no_json_is_an_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text is that of the library json
        read_records(text.encode("latin-1"), list)


def test_records_that_are_not_all_taken_are_an_error() -> None:
    with pytest.raises(OtherLayout):
        read_records(b'{"records":[1,2]}', next)


def test_the_public_decoder_of_the_standard_library_parses() -> None:
    assert record_text._parse('[1]"', 0) == ([1], 3)
