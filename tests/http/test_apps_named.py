from __future__ import annotations

from typing import Any

import pytest

from kintone_orm.http.apps_named import apps_touched
from kintone_orm.http.messages import Request


@pytest.mark.parametrize(
    ("method", "path", "params", "expected"),
    [
        ("GET", "records", {"app": 7}, {"7"}),
        ("GET", "records", {"app": "7"}, {"7"}),
        ("GET", "app", {"id": 7}, {"7"}),
        ("GET", "record", {"app": 7, "id": 1}, {"7"}),
        ("GET", "records/cursor", {"id": "0f3c"}, set()),
        ("GET", "preview/app/deploy", {"apps": [7, "8"]}, {"7", "8"}),
        ("POST", "preview/app/deploy", {"apps": [{"app": 7, "revision": 2}]}, {"7"}),
        (
            "POST",
            "bulkRequest",
            {"requests": [{"payload": {"app": 7}}, {"payload": {"app": "8"}}]},
            {"7", "8"},
        ),
    ],
)
def test_the_apps_of_a_request(
    method: str, path: str, params: dict[str, Any], expected: set[str]
) -> None:
    assert apps_touched(Request(method, f"/k/v1/{path}.json", params)) == expected


def test_the_app_of_a_request_whose_parameters_do_not_say() -> None:
    request = Request("GET", "/k/v1/records/cursor.json", {"id": "0f3c"}, app="orders")
    assert apps_touched(request) == {"orders"}
