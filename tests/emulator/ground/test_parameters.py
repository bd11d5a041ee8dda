"""Parameters in a query string and in a JSON body, and the refusals of others."""

from __future__ import annotations

import pytest
from support.plain_kintone import BASE


@pytest.fixture
def app(kintone):
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})
    kintone.add(app, name="x")
    return app


def test_a_query_string_and_a_body_say_the_same(kintone, app):
    body = {"app": app, "query": 'name = "x"', "fields": ["name", "$id"], "totalCount": True}
    query = "app=1&query=name+%3D+%22x%22&fields[0]=name&fields%5B1%5D=%24id&totalCount=true"
    by_query = kintone.session.get(f"{BASE}records.json?{query}").json()
    assert by_query == kintone.ok("GET", "records.json", body)
    assert by_query["totalCount"] == "1"


def test_ids_to_delete_may_stand_in_a_query_string(kintone, app):
    kintone.add(app)
    query = f"app={app}&ids[0]=1&ids[1]=2&revisions[0]=1"
    assert kintone.session.delete(f"{BASE}records.json?{query}").json() == {}
    assert kintone.find(app) == []


def test_elements_are_ordered_by_their_index(kintone, app):
    query = f"app={app}&ids[1]=1&ids[0]=9"
    answer = kintone.session.delete(f"{BASE}records.json?{query}").json()
    assert answer["message"] == "The specified record (ID: 9) is not found."


def test_a_list_in_a_query_string_ends_at_the_index_99(kintone, app):
    """kintone REST API, "Get Records", 2025: fields[0] to fields[99]; 1,000 in a body."""
    url = f"{BASE}records.json?app={app}&"
    fields = "&".join(f"fields[{at}]=f{at}" for at in range(100))
    assert kintone.session.get(url + fields).status_code == 200
    answer = kintone.session.get(url + "fields[100]=name")
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"fields": {"messages": ["size must be between 0 and 100"]}}
    many = [f"f{at}" for at in range(1000)]
    kintone.ok("GET", "records.json", {"app": app, "fields": many})


def test_a_url_is_up_to_8_kilobytes_long(kintone, app):
    """kintone REST API overview: "Request URL Too Large", which is not JSON."""
    url = f"{BASE}records.json?app={app}&query="
    query = 'name = "' + "x" * (8192 - len(url) - len("name%20%3D%20%22%22")) + '"'
    whole = url + query.replace(" ", "%20").replace("=", "%3D").replace('"', "%22")
    assert len(whole) == 8192
    assert kintone.session.get(whole).status_code == 200
    answer = kintone.session.get(whole[:-3] + "x%22")
    assert answer.status_code == 414
    assert "Request URL Too Large" in answer.text
    body = {"app": app, "query": query + 'or name = "y"'}
    headers = {"X-HTTP-Method-Override": "GET"}
    kintone.ok("POST", "records.json", body, headers=headers)


def unknown(name):
    return f"There is no parameter {name}. The emulator refuses what kintone ignores."


@pytest.mark.parametrize(
    ("method", "path", "parameters", "errors"),
    [
        ("GET", "records.json", {}, {"app": ["Required field."]}),
        ("GET", "records.json", {"app": ""}, {"app": ["Required field."]}),
        ("GET", "records.json", {"app": None}, {"app": ["Required field."]}),
        ("GET", "records.json", {"app": "x"}, {"app": ["Enter an integer value."]}),
        ("GET", "records.json", {"app": 1.5}, {"app": ["Enter an integer value."]}),
        ("GET", "records.json", {"app": True}, {"app": ["Enter an integer value."]}),
        ("GET", "records.json", {"app": "9" * 30}, {"app": ["Enter an integer value."]}),
        ("GET", "records.json", {"app": 0}, {"app": ["must be greater than or equal to 1"]}),
        (
            "GET",
            "records.json",
            {"app": 2**63},
            {"app": ["must be less than or equal to 9223372036854775807"]},
        ),
        (
            "GET",
            "records.json",
            {"app": 1, "totalCount": "yes"},
            {"totalCount": ["must be boolean."]},
        ),
        ("GET", "records.json", {"app": 1, "totalCount": 1}, {"totalCount": ["must be boolean."]}),
        (
            "GET",
            "app/form/fields.json",
            {"app": 1, "lang": "fr"},
            {"lang": ["must be one of the enum value"]},
        ),
        ("GET", "records.json", {"app": 1, "limit": 5}, {"limit": [unknown("limit")]}),
        (
            "PUT",
            "records.json",
            {"app": 1, "records": [{"id": 1, "values": {}}]},
            {"records[0].values": [unknown("values")]},
        ),
    ],
)
def test_parameters_are_checked(kintone, method, path, parameters, errors):
    assert kintone.messages(method, path, parameters) == errors


@pytest.mark.parametrize(
    ("method", "path", "parameters"),
    [
        ("GET", "records.json", {"app": [1]}),
        ("GET", "records.json", {"app": 1, "totalCount": {}}),
        ("GET", "records.json", {"app": 1, "fields": "x"}),
        ("GET", "records.json", {"app": 1, "fields": [1]}),
        ("GET", "records.json", {"app": 1, "query": 5}),
        ("GET", "app/form/fields.json", {"app": 1, "lang": ["ja"]}),
        ("POST", "record.json", {"app": 1, "record": []}),
        ("POST", "record.json", {"app": 1, "record": "x"}),
        ("POST", "records.json", {"app": 1, "records": {}}),
        ("POST", "records.json", {"app": 1, "records": [None]}),
        ("PUT", "record.json", {"app": 1, "updateKey": {"field": "name", "value": ["x"]}}),
        ("PUT", "preview/app/form/fields.json", {"app": 1, "properties": {"name": 5}}),
        ("POST", "bulkRequest.json", {"requests": [None]}),
    ],
)
def test_a_value_of_the_wrong_json_type_is_invalid_json(kintone, app, method, path, parameters):
    """errors.md 2, CB_IJ01: measured for `"comment": null`, and a list for a text."""
    error = (400, "CB_IJ01", "Invalid JSON string.")
    assert kintone.error(method, path, parameters) == error


def test_a_value_of_a_query_string_has_no_shape(kintone):
    messages = kintone.messages("GET", "records.json?app=1&fields=name")
    assert messages == {"fields": ["must be an array."]}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("app=1&app=2", "app"),
        ("fields[0]=a&fields[0]=b", "fields[0]"),
        ("fields[0]=a&fields=b", "fields"),
        ("fields=a&fields[0]=b", "fields[0]"),
    ],
)
def test_a_parameter_that_is_sent_twice_is_refused(kintone, query, name):
    answer = kintone.session.get(f"{BASE}records.json?{query}").json()
    assert answer["errors"] == {name: {"messages": ["This parameter is sent twice."]}}


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"5",
        b"null",
        b'{"app": NaN}',
        b'{"app": Infinity}',
        b'{"app": 1e99999999999999999999}',
        b'{"app": ' + b"9" * 5000 + b"}",
        b"\xff",
        '{"app": 1}'.encode("utf-16"),
        b'{"query": "\\ud800"}',
        b"[" * 100_000,
    ],
)
def test_a_body_must_be_a_json_object(kintone, body):
    response = kintone.session.post(f"{BASE}record.json", data=body, headers=JSON)
    assert (response.status_code, response.json()["code"]) == (400, "CB_IJ01")
    assert response.json()["message"] == "Invalid JSON string."


@pytest.mark.parametrize(
    ("method", "url", "body", "headers"),
    [
        ("GET", "records.json?app=1", b"", JSON),
        ("POST", "record.json", b'{"app": 1}', {}),
        ("POST", "record.json", b'{"app": 1}', {"Content-Type": "text/plain"}),
        ("GET", "records.json?app=1", b'{"app": 1}', JSON),
        ("GET", "records.json?app=%ff", b"", {}),
    ],
)
def test_an_undeclared_or_doubled_body_is_an_illegal_request(kintone, method, url, body, headers):
    response = kintone.session.request(method, BASE + url, data=body, headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, "CB_IL02")


def test_the_content_type_may_name_a_charset(kintone, app):
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    body = b'{"app": 1, "record": {"name": {"value": "\\ud83d\\ude00"}}}'
    assert kintone.session.post(f"{BASE}record.json", data=body, headers=headers).status_code == 200
    assert kintone.read(app, 2)["name"] == "😀"
