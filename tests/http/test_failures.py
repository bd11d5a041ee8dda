from __future__ import annotations

import json
from typing import Any

import pytest

from kintone_orm import exceptions
from kintone_orm.http.failures import failure, read_answer
from kintone_orm.http.messages import Request, Response
from kintone_orm.outcomes import CarriedOut, Outcome

GET = Request("GET", "/k/v1/records.json")
PUT = Request("PUT", "/k/v1/records.json")
BULK = Request("POST", "/k/v1/bulkRequest.json")
PAGE = b"<html><title>Down</title>secret</html>"


def refused(status: int, code: str, **more: Any) -> Response:
    body = {"code": code, "id": "aBc8", "message": "No.", **more}
    return Response(status, {}, json.dumps(body).encode())


def test_a_successful_answer_is_decoded() -> None:
    assert read_answer(GET, Response(200, {}, b'{"records": []}')) == {"records": []}


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "CB_VA01", exceptions.InvalidInput),
        (400, "CB_IJ01", exceptions.APIError),
        (400, "GAIA_QU01", exceptions.QueryError),
        (400, "GAIA_IQ11", exceptions.QueryError),
        (400, "GAIA_IL08", exceptions.QueryError),
        (400, "GAIA_IL03", exceptions.ActionNotAvailable),
        (403, "GAIA_NT01", exceptions.NotAssignee),
        (400, "GAIA_SA01", exceptions.AssigneeRequired),
        (400, "GAIA_SA04", exceptions.AssigneeNotTaken),
        (400, "GAIA_ST02", exceptions.ProcessDisabled),
        (400, "GAIA_LO04", exceptions.LookupSourceNotFound),
        (400, "GAIA_IA02", exceptions.AuthenticationError),
        (520, "GAIA_IA02", exceptions.AuthenticationError),
        (401, "CB_AU01", exceptions.AuthenticationError),
        (401, "CB_WA01", exceptions.AuthenticationError),
        (403, "CB_NO02", exceptions.PermissionDenied),
        (403, "GAIA_NO01", exceptions.PermissionDenied),
        (400, "GAIA_RE03", exceptions.NotCommentAuthor),
        (400, "GAIA_RE12", exceptions.CommentsDisabled),
        (403, "SOMETHING_NEW", exceptions.PermissionDenied),
        (404, "GAIA_RE01", exceptions.NotFound),
        (400, "GAIA_RE02", exceptions.NotFound),
        (400, "GAIA_RE20", exceptions.NotFound),
        (404, "GAIA_CN01", exceptions.CursorExpired),
        (409, "GAIA_CO02", exceptions.ConflictError),
        (409, "GAIA_CO03", exceptions.ConflictError),
        (409, "GAIA_RE18", exceptions.ServerBusy),
        (400, "GAIA_DA02", exceptions.ServerBusy),
        (429, "GAIA_TO04", exceptions.RateLimited),
        (429, "GAIA_TM12", exceptions.CursorLimitError),
        (503, "SOMETHING_NEW", exceptions.ServerBusy),
        (520, "SOMETHING_NEW", exceptions.APIError),
        (401, "CB_OA01", exceptions.AuthenticationError),
        (403, "CB_OA02", exceptions.PermissionDenied),
        (400, "CB_TW02", exceptions.AuthenticationError),
        (400, "GAIA_LT01", exceptions.ServerBusy),
        (400, "GAIA_UN03", exceptions.ServerBusy),
        (403, "GAIA_NO02", exceptions.ServerBusy),
        (400, "GAIA_TO02", exceptions.WorkflowError),
        (400, "GAIA_UN10", exceptions.InvalidInput),
        (400, "GA_UO01", exceptions.InvalidInput),
        (400, "GAIA_IQ27", exceptions.InvalidInput),
        (400, "GAIA_IQ28", exceptions.InvalidInput),
        (404, "OC_NO01", exceptions.NotFound),
        (400, "GAIA_IL26", exceptions.InvalidInput),
    ],
)
def test_a_refusal_becomes_the_error_of_its_meaning(
    status: int, code: str, expected: type[exceptions.APIError]
) -> None:
    assert type(failure(PUT, refused(status, code))) is expected


CURSOR = Request("POST", "/k/v1/records/cursor.json")


@pytest.mark.parametrize("code", ["GAIA_IL26", "GAIA_IL27", "GAIA_IL28", "GAIA_IL42", "GAIA_IQ07"])
@pytest.mark.parametrize("read", [GET, CURSOR])
def test_a_read_that_asks_for_what_there_is_not_is_a_query_error(read: Request, code: str) -> None:
    assert type(failure(read, refused(400, code))) is exceptions.QueryError


@pytest.mark.parametrize(
    ("request_", "response", "expected"),
    [
        (PUT, Response(200, {}, b"<html>"), True),
        (PUT, Response(503, {}, PAGE), True),
        (PUT, refused(503, "GAIA_DA02"), False),
        (PUT, refused(400, "CB_VA01"), False),
        (PUT, Response(404, {}, PAGE), False),
        (PUT, Response(429, {}, PAGE), False),
        (PUT, Response(307, {"Location": "https://elsewhere"}, b""), False),
    ],
)
def test_an_answer_that_is_not_kintones_leaves_a_write_unknown(
    request_: Request, response: Response, expected: bool
) -> None:
    with pytest.raises(exceptions.APIError) as caught:
        read_answer(request_, response)
    assert (caught.value.carried_out is CarriedOut.UNKNOWN) is expected


def test_an_error_carries_all_that_kintone_says() -> None:
    errors = {"record.name.value": {"messages": ["Required.", "Too short."]}}
    error = failure(PUT, refused(400, "CB_VA01", errors=errors))
    assert vars(error) == {
        "message": "No.",
        "status": 400,
        "code": "CB_VA01",
        "id": "aBc8",
        "errors": {"record.name.value": ["Required.", "Too short."]},
        "method": "PUT",
        "path": "/k/v1/records.json",
        "index": None,
        "outcome": Outcome.REFUSED,
        "carried_out": CarriedOut.NO,
        "retry_after": None,
    }


def test_a_query_that_cannot_be_parsed_is_a_query_error() -> None:
    errors = {"query": {"messages": ["unsupported query format"]}}
    assert type(failure(GET, refused(400, "CB_VA01", errors=errors))) is exceptions.QueryError


def test_a_query_that_is_refused_with_other_parameters_is_invalid_input() -> None:
    errors = {name: {"messages": ["No."]} for name in ("query", "app")}
    assert type(failure(GET, refused(400, "CB_VA01", errors=errors))) is exceptions.InvalidInput


@pytest.mark.parametrize("errors", [None, [], "text", {"a": "text"}, {"a": {"messages": []}}])
def test_errors_of_an_unknown_shape_do_no_harm(errors: Any) -> None:
    assert type(failure(PUT, refused(400, "CB_VA01", errors=errors))) is exceptions.InvalidInput


def test_advice_follows_what_kintone_says() -> None:
    assert "No. Use connect(..., guest_space=" in str(failure(GET, refused(400, "GAIA_IL23")))


def test_a_bulk_request_says_which_request_failed() -> None:
    inner = {"id": "x", "code": "GAIA_CO02", "message": "Stale."}
    body = json.dumps({"results": [{}, inner, {}]}).encode()
    error = failure(BULK, Response(409, {}, body))
    assert (type(error), error.index) == (exceptions.ConflictError, 1)
    assert "request 1 of the bulkRequest" in str(error)


def test_the_refusal_of_a_whole_bulk_request_has_no_index() -> None:
    assert failure(BULK, refused(400, "CB_VA01")).index is None


@pytest.mark.parametrize(
    ("status", "expected", "text"),
    [
        (401, exceptions.AuthenticationError, "Basic authentication"),
        (403, exceptions.PermissionDenied, "IP address or a client certificate"),
        (404, exceptions.TransportError, "Check base_url"),
        (413, exceptions.APIError, "too large"),
        (414, exceptions.APIError, "too long"),
        (418, exceptions.TransportError, "not kintone's"),
        (429, exceptions.RateLimited, "Too many"),
        (502, exceptions.ServerBusy, "proxy cannot reach kintone"),
        (503, exceptions.ServerBusy, "maintenance"),
    ],
)
@pytest.mark.parametrize("body", [PAGE, b"", b"[]", b'{"message": "Forbidden"}', b"\xff\xfe"])
def test_a_page_that_is_not_kintones_is_judged_by_its_status(
    status: int, expected: type[exceptions.APIError], text: str, body: bytes
) -> None:
    error = failure(GET, Response(status, {}, body))
    assert type(error) is expected
    assert text in str(error)


@pytest.mark.parametrize("status", [103, 204, 206])
def test_a_success_without_kintones_status_refuses_nothing(status: int) -> None:
    error = failure(PUT, Response(status, {}))
    assert (error.outcome, error.carried_out) == (Outcome.NOT_KINTONES, CarriedOut.UNKNOWN)
    assert failure(GET, Response(status, {})).carried_out is CarriedOut.NO


@pytest.mark.parametrize("status", [200, 302, 401, 404, 500, 503])
def test_an_error_never_quotes_a_page(status: int) -> None:
    with pytest.raises(exceptions.APIError) as caught:
        read_answer(GET, Response(status, {}, PAGE))
    assert "html" not in str(caught.value)


@pytest.mark.parametrize("body", [PAGE, b"", b"[]", b'"text"', b'{"records": ['])
def test_a_success_that_is_not_a_json_object_is_a_transport_error(body: bytes) -> None:
    with pytest.raises(exceptions.TransportError, match="not a JSON object"):
        read_answer(GET, Response(200, {}, body))


def test_a_redirect_is_an_error_that_names_the_host_only() -> None:
    headers = {"Location": "https://other.cybozu.com/login?token=hush"}
    error = failure(GET, Response(302, headers))
    assert type(error) is exceptions.TransportError
    assert "redirects to other.cybozu.com, " in str(error)


@pytest.mark.parametrize("location", ["", "/login", "http://[half/"])
def test_a_redirect_to_no_host_is_an_error_like_any_other(location: str) -> None:
    error = failure(PUT, Response(302, {"Location": location}))
    assert "redirects to another address, " in str(error)
    assert error.carried_out is exceptions.CarriedOut.NO


ABORTED = {"X-Cybozu-Warning": "Filter aborted because of too many search results"}


@pytest.mark.parametrize("request_", [GET, Request("POST", "/k/v1/records/cursor.json")])
def test_records_that_kintone_left_out_are_an_error(request_: Request) -> None:
    with pytest.raises(exceptions.QueryError, match=r"out of the answer \(Filter aborted"):
        read_answer(request_, Response(200, ABORTED, b"{}"))


def test_a_warning_does_not_hide_that_a_write_was_done() -> None:
    assert read_answer(PUT, Response(200, ABORTED, b'{"records": []}')) == {"records": []}
