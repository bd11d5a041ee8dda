from __future__ import annotations

import gc
import json

import pytest

from kintone_orm.models.record.decoding.decoded_page import DecodedPage, page_reader

PAGE = {"records": [{"$id": {"value": "1"}}, {"$id": {"value": "2"}}], "next": True}


def ids_of(records):
    return [record["$id"]["value"] for record in records]


def decode(records):
    ids = ids_of(records)
    return DecodedPage(ids, list(map(int, ids)))


def body(page=PAGE):
    return json.dumps(page).encode()


def test_a_page_is_decoded_as_it_is_parsed():
    answer, page = page_reader(decode)(body())
    assert (answer, page.ids, page.rows) == ({"records": [], "next": True}, ["1", "2"], [1, 2])


@pytest.mark.parametrize(
    "wrong", [b"", b"<html>", b"[]", body({"next": True}), body({"records": [{}]}), body()[:-1]]
)
def test_what_is_unusual_is_left_to_others(wrong):
    assert page_reader(decode)(wrong) is None


@pytest.mark.parametrize("id_", ["", "x", "１", None, 1])
def test_an_id_that_is_no_text_of_digits_is_left_to_others(id_):
    read = page_reader(lambda records: DecodedPage(ids_of(records), []))
    assert read(body({"records": [{"$id": {"value": id_}}]})) is None


def test_any_error_of_a_field_is_left_to_others():
    def decode_wrongly(_records):
        raise RuntimeError

    assert page_reader(decode_wrongly)(body()) is None


def test_the_collector_is_paused_while_a_page_is_decoded_and_goes_on_after():
    states = []

    def watching(records):
        page = decode(records)
        states.append(gc.isenabled())
        return page

    page_reader(watching)(body())
    assert (states, gc.isenabled()) == ([False], True)


def test_a_part_of_a_page_is_a_page():
    page = DecodedPage(["1", "2", "3"], ["a", "b", "c"])
    assert page[1:] == DecodedPage(["2", "3"], ["b", "c"])


def test_a_part_of_a_page_has_its_own_odd_rows():
    first, second = [1], [1]
    page = DecodedPage(["1", "2"], [first, second], [first])
    assert (page[:1].odd, page[1:].odd) == ([first], [])


def test_a_page_without_odd_rows_is_complete():
    assert DecodedPage(["1"], ["a"]).complete(None) == ["a"]
