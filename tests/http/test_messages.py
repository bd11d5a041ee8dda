from __future__ import annotations

import io

import pytest

from kintone_orm.http.messages import Chunks, Request, Response, Upload


def test_a_request_shows_its_method_and_path_only() -> None:
    request = Request("GET", "/k/v1/record.json", {"app": "hush"}, app="hush")
    assert repr(request) == "Request(method='GET', path='/k/v1/record.json')"


def test_a_response_shows_its_status_only() -> None:
    assert repr(Response(200, {"Set-Cookie": "hush"}, b"hush")) == "Response(status=200)"


def test_an_upload_does_not_show_its_file() -> None:
    assert "file=" not in repr(Upload(io.BytesIO(), "a.txt", "text/plain"))


def test_a_response_decodes_its_body() -> None:
    assert Response(200, {}, '{"名": "x"}'.encode()).json() == {"名": "x"}


def test_a_body_that_is_not_json_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        Response(200, {}, b"<html>").json()


def test_a_body_that_is_nested_for_ever_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        Response(200, {}, b"[" * 200_000 + b"]" * 200_000).json()


def test_chunks_are_closed_at_the_end_of_with() -> None:
    closed: list[bool] = []
    with Chunks(iter([b"a", b"b"]), lambda: closed.append(True)) as chunks:
        assert next(iter(chunks)) == b"a"
    assert closed == [True]
