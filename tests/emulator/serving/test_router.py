"""Requests that reach a handler, and the answers to others."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "nonsense.json"),
        ("GET", "records"),
        ("PATCH", "records.json"),
        ("DELETE", "record.json"),
        ("GET", "bulkRequest.json"),
    ],
)
def test_an_unknown_endpoint_is_an_error(kintone, method, path):
    assert kintone.error(method, path) == (
        404,
        "CB_IL02",
        f"kintone has no {method} /k/v1/{path}. Check the method and the spelling of the path.",
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "app/customize.json"),
        ("GET", "form.json"),
        ("GET", "preview/form.json"),
        ("GET", "spaces/statistics.json"),
        ("POST", "search.json"),
        ("GET", "apis/records/get.json"),
    ],
)
def test_an_endpoint_that_the_emulator_lacks_says_so(kintone, method, path):
    """Issue 11, fault 7: the error said that kintone has no such endpoint."""
    message = f"The emulator does not have {method} /k/v1/{path} yet."
    assert kintone.error(method, path) == (404, "CB_IL02", message)


@pytest.mark.parametrize(
    "path", ["/k/guest/x/v1/apps.json", "/k/guest/1/apps.json", "/v1/apps.json"]
)
def test_a_path_is_below_k_or_a_guest_space(kintone, path):
    answer = kintone.session.get("https://example.cybozu.com" + path).json()
    assert answer["message"].startswith(f"kintone has no GET {path}.")


def test_a_post_runs_the_method_of_its_override_header(kintone):
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})
    number = kintone.add(app, name="x")
    override = {"X-HTTP-Method-Override": "GET"}
    answer = kintone.ok("POST", "records.json", {"app": app}, headers=override)
    assert answer["records"][0]["$id"]["value"] == str(number)
    override = {"X-HTTP-Method-Override": "DELETE"}
    kintone.ok("POST", "records.json", {"app": app, "ids": [number]}, headers=override)
    assert kintone.find(app) == []


def test_the_override_header_counts_on_a_post_only(kintone):
    app = kintone.new_app({})
    override = {"X-HTTP-Method-Override": "POST"}
    assert kintone.ok("GET", "records.json", {"app": app}, headers=override)["records"] == []
