from __future__ import annotations

import json

import pytest

from kintone_orm.connection.judging import chunks_of, reading
from kintone_orm.exceptions import NotFound, QueryError, TransportError
from kintone_orm.http.messages import Chunks, Request, Response

PAGE = Request("GET", "/k/v1/records.json")
BODY = {"records": [{"a": 1}], "totalCount": None}


def response(body=BODY, status=200, **headers):
    return Response(status, headers, json.dumps(body).encode())


def fine(_answer):
    return None


def replaced(_body):
    return {"records": [], "totalCount": None}, "decoded"


def test_an_answer_is_read_as_json():
    assert reading(fine)(PAGE, response()) == BODY


def test_a_reader_of_records_puts_its_result_in_their_place():
    assert reading(fine, replaced)(PAGE, response()) == {"records": "decoded", "totalCount": None}


def test_what_a_reader_cannot_read_is_read_as_json():
    assert reading(fine, lambda _body: None)(PAGE, response()) == BODY


def test_an_answer_that_is_refused_without_its_records_is_read_as_json():
    """The check then sees the records, so that its error is the same with and without a reader."""
    seen = []
    error = TransportError("No.")

    def check(answer):
        seen.append(answer["records"])
        return error

    with pytest.raises(TransportError) as raised:
        reading(check, replaced)(PAGE, response())
    assert (raised.value, seen) == (error, [[], BODY["records"]])


def test_records_that_kintone_left_out_are_an_error_with_a_reader_too():
    left_out = response(**{"X-Cybozu-Warning": "Filter aborted"})
    with pytest.raises(QueryError, match="left records out"):
        reading(fine, replaced)(PAGE, left_out)


def test_a_reader_reads_no_refusal():
    with pytest.raises(NotFound):
        reading(fine, pytest.fail)(PAGE, response({"code": "GAIA_RE01", "message": "No."}, 404))


def test_the_chunks_of_a_file_are_returned():
    chunks = Chunks(iter([b"a"]), lambda: None)
    assert chunks_of(PAGE, Response(200, {}, chunks=chunks)) is chunks


def test_a_body_becomes_one_chunk():
    assert list(chunks_of(PAGE, Response(200, {}, b"abc"))) == [b"abc"]


def test_a_refused_download_is_an_error():
    with pytest.raises(NotFound):
        chunks_of(PAGE, response({"code": "GAIA_RE01", "message": "No."}, 404))
