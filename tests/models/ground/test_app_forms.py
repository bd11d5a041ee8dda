"""The form of an app is read once and kept on the connection."""

from __future__ import annotations

from support.models.geography import City

from kintone_orm import connect, connections
from kintone_orm.testing import capture_requests


def test_the_form_is_looked_at_once_before_the_first_write(kintone):
    again = connect(
        "https://kintone.invalid",
        username=kintone._arguments.username,
        password=kintone._arguments.password,
        apps=kintone.apps,
        alias="again",
        adapter=kintone._adapter,
    )
    with capture_requests(again) as requests:
        for number in range(3):
            City(name=str(number)).save(using=again)
    del connections["again"]

    assert [(request.method, request.path) for request in requests] == [
        ("GET", "/k/v1/app/form/fields.json"),
        *[("POST", "/k/v1/record.json")] * 3,
    ]
