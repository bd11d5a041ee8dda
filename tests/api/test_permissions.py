from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.recording_adapter import RecordingAdapter, answer

from kintone_orm.api.permissions import evaluate_record_permissions

if TYPE_CHECKING:
    from kintone_orm.connection import Connection

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
