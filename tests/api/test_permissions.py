"""The functions for permissions send the right request, and read two forms of evaluated rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.recording_adapter import RecordingAdapter, answer

from kintone_orm.api.permissions import (
    evaluate_record_permissions,
    get_app_permissions,
    get_field_permissions,
    get_record_permissions,
    update_app_permissions,
    update_field_permissions,
    update_record_permissions,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.connection import Connection

    Sent = Callable[..., Any]

RIGHTS = {
    "id": "1",
    "record": {"viewable": True, "editable": True, "deletable": False},
    "fields": {"name": {"viewable": True, "editable": False}},
}
FLAT = {
    "id": "1",
    "viewable": True,
    "editable": True,
    "deletable": False,
    "fields": {"name": {"viewable": True, "editable": False}},
}


@pytest.mark.parametrize(
    ("adapter", "expected"),
    [
        (RecordingAdapter(answer({"rights": [RIGHTS]})), RIGHTS),
        (RecordingAdapter(answer({"evaluate": [FLAT]})), RIGHTS),
    ],
    ids=["nested", "flat"],
)
def test_rights_have_one_shape(
    connection: Connection, adapter: RecordingAdapter, expected: object
) -> None:
    assert evaluate_record_permissions(connection, app=7, ids=[1]) == {"rights": [expected]}
    assert adapter.call() == (
        "GET",
        "/k/v1/records/acl/evaluate.json",
        {"app": "7", "ids[0]": "1"},
    )


def test_a_request_takes_a_hundred_records(connection: Connection) -> None:
    with pytest.raises(ValueError, match="'ids' has 101 items"):
        evaluate_record_permissions(connection, app=7, ids=range(1, 102))


READERS = {
    "app": get_app_permissions,
    "record": get_record_permissions,
    "field": get_field_permissions,
}
WRITERS = {
    "app": update_app_permissions,
    "record": update_record_permissions,
    "field": update_field_permissions,
}


@pytest.mark.parametrize("subject", READERS)
@pytest.mark.parametrize(("preview", "folder"), [(False, ""), (True, "preview/")])
def test_settings_are_read_live_or_from_the_preview(
    sent: Sent, subject: str, preview: bool, folder: str
) -> None:
    request = sent(READERS[subject], app=7, preview=preview)
    assert request == ("GET", f"/k/v1/{folder}{subject}/acl.json", {"app": "7"})


@pytest.mark.parametrize("subject", WRITERS)
@pytest.mark.parametrize(("preview", "folder"), [(False, ""), (True, "preview/")])
def test_settings_are_written_live_or_to_the_preview(
    sent: Sent, subject: str, preview: bool, folder: str
) -> None:
    body = {"app": 7, "rights": [], "revision": 2}
    request = sent(WRITERS[subject], **body, preview=preview)
    assert request == ("PUT", f"/k/v1/{folder}{subject}/acl.json", body)


def test_names_in_the_queries_of_record_rights_have_a_language(sent: Sent) -> None:
    assert sent(get_record_permissions, app=7, lang="ja")[2] == {"app": "7", "lang": "ja"}
