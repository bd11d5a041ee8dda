from __future__ import annotations

import pytest

from kintone_orm.emulator.ground.http import HTTPRequest


def test_headers_are_found_in_any_case():
    request = HTTPRequest("GET", "/", headers={"X-Cybozu-API-Token": "t"})
    assert request.header("x-cybozu-api-token") == "t"
    assert request.header("host") is None


@pytest.mark.parametrize(
    ("path", "endpoint", "space"),
    [
        ("/k/v1/records.json", "records", None),
        ("/k/v1/preview/app/form/fields.json", "preview/app/form/fields", None),
        ("/k/guest/7/v1/record/comment.json", "record/comment", 7),
        ("/k/v1/records", None, None),
        ("/k/guest/x/v1/records.json", None, None),
        ("/", None, None),
    ],
)
def test_the_path_tells_the_endpoint_and_the_guest_space(path, endpoint, space):
    request = HTTPRequest("GET", path)
    assert (request.endpoint, request.space) == (endpoint, space)


def test_the_number_of_a_space_is_never_more_than_the_store_can_hold():
    request = HTTPRequest("GET", f"/k/guest/{'9' * 40}/v1/records.json")
    assert request.space < 2**63


@pytest.mark.parametrize(("method", "meant"), [("POST", "GET"), ("PUT", "PUT")])
def test_a_post_may_mean_another_method(method, meant):
    headers = {"X-HTTP-Method-Override": "GET"}
    assert HTTPRequest(method, "/", headers=headers).asked_method == meant


def test_the_length_of_the_url_is_that_of_what_was_sent():
    request = HTTPRequest("GET", "/k/v1/あ.json", "a=%20", {"Host": "x.cybozu.com"})
    assert request.url_length == len("https://x.cybozu.com/k/v1/%E3%81%82.json?a=%20")


def test_a_body_may_come_in_pieces():
    assert HTTPRequest("POST", "/", body=[b"a", b"b"]).content() == b"ab"
    assert HTTPRequest("POST", "/", body=b"ab").content() == b"ab"


def test_a_repr_shows_neither_headers_nor_body():
    request = HTTPRequest("POST", "/", headers={"Authorization": "secret"}, body=b"secret")
    assert "secret" not in repr(request)
