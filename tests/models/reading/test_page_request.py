from __future__ import annotations

import pytest
from support.connecting import made
from support.recording_adapter import RecordingAdapter, answer

from kintone_orm.exceptions import TransportError
from kintone_orm.models.reading.page_request import PageRequest, ReadPage, Source, page_of
from kintone_orm.models.reading.selection import Selection
from kintone_orm.models.record.decoding.decoded_page import DecodedPage
from kintone_orm.query.compiler import OrderKey
from kintone_orm.query.conditions import EVERYTHING, Predicate

SELECTION = Selection(7, EVERYTHING, (OrderKey("$id"),), ["$id", "name"])


def records(*ids):
    return [{"$id": {"type": "__ID__", "value": id_}} for id_ in ids]


def source(*answers, **arguments):
    adapter = RecordingAdapter(*map(answer, answers))
    return Source(made(adapter), SELECTION, **arguments), adapter


def test_a_request_names_the_rows_of_its_page():
    asking, adapter = source({"records": [], "totalCount": None})
    asking.answer(asking.request(limit=5, offset=10))
    assert adapter.call()[2]["query"] == "order by $id asc limit 5 offset 10"


def test_a_page_has_its_ids():
    asking, _ = source({"records": records("1", "2"), "totalCount": None})
    request = asking.request(limit=5)
    page = asking.page(request, asking.answer(request))
    assert (page.ids, len(page), page.records) == (["1", "2"], 2, records("1", "2"))


def test_a_reader_decodes_the_records():
    decoded = DecodedPage(["1"], ["row"])
    asking, _ = source(
        {"records": [], "totalCount": None}, reader=lambda _body: ({"records": []}, decoded)
    )
    request = asking.request(limit=5)
    page = asking.page(request, asking.answer(request))
    assert (page.ids, list(page.rows(None, None, asking.connection))) == (["1"], ["row"])


def test_a_record_that_was_not_asked_for_is_refused():
    asking, _ = source({"records": records("9"), "totalCount": None})
    request = asking.request(limit=5, condition=Predicate("$id", "in", '("1", "2")'))
    with pytest.raises(TransportError, match="the record 9, which was not requested"):
        asking.page(request, asking.answer(request))


@pytest.mark.parametrize(
    "content", [records("1", "2"), DecodedPage(["1", "2"], [1, 2])], ids=["json", "decoded"]
)
def test_a_page_with_too_many_records_is_refused(content):
    asking, _ = source()
    with pytest.raises(TransportError, match="2 records instead of at most 1"):
        page_of(asking.connection, {"records": content}, limit=1)


@pytest.mark.parametrize(
    "content", [records("1", "1"), DecodedPage(["1", "1"], [1, 2])], ids=["json", "decoded"]
)
def test_a_record_that_comes_twice_is_refused(content):
    asking, _ = source()
    with pytest.raises(TransportError, match="the record 1 twice"):
        page_of(asking.connection, {"records": content}, limit=2)


def test_requests_for_the_same_page_are_equal():
    asking, _ = source()
    assert asking.request(limit=5, after="3") == asking.request(limit=5, after="3")
    assert asking.request(limit=5, after="3") != asking.request(limit=5, after="4")


def test_a_part_of_a_page_is_a_page():
    page = ReadPage(["1", "2", "3"], records("1", "2", "3"))
    assert page[1:] == ReadPage(["2", "3"], records("2", "3"))


def test_the_first_attempt_can_be_made_ahead():
    asking, adapter = source({"records": records("1"), "totalCount": None})
    request = asking.request(limit=5)
    sent = asking.send_ahead(request)
    assert asking.answer(request, sent)["records"] == records("1")
    assert len(adapter.sent) == 1


def test_a_request_is_its_call_its_limit_and_its_place():
    assert PageRequest(print, 5, "3") == PageRequest(len, 5, "3")
