"""The functions about people against the emulator: comments, assignees and permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import add_app
from kintone_orm.api.bulk import Batch, bulk_request
from kintone_orm.api.comments import add_comment, delete_comment, get_comments
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.api.form import add_form_fields
from kintone_orm.api.permissions import (
    evaluate_record_permissions,
    get_app_permissions,
    get_field_permissions,
    get_record_permissions,
    update_app_permissions,
    update_field_permissions,
    update_record_permissions,
)
from kintone_orm.api.process import get_process, update_process
from kintone_orm.api.records import add_record, get_record, update_record
from kintone_orm.api.statistics import get_app_statistics
from kintone_orm.api.status import update_assignees, update_status, update_statuses
from kintone_orm.connection import Connection
from kintone_orm.emulator import Emulator
from kintone_orm.exceptions import APIError, ConflictError, PermissionDenied
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERYONE = {"type": "GROUP", "code": "everyone"}
NAME = {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "Name"}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    emulator = Emulator(users={"sato": "secret", "kato": "other"})
    yield emulator
    emulator.close()


def reached(emulator: Emulator, username: str, password: str, **settings: Any) -> Connection:
    said = parse_settings(
        base_url="https://example.cybozu.com", username=username, password=password, **settings
    )
    return Connection(said, adapter=emulator.adapter())


@pytest.fixture
def sato(emulator: Emulator) -> Connection:
    return reached(emulator, "sato", "secret")


@pytest.fixture
def kato(emulator: Emulator) -> Connection:
    return reached(emulator, "kato", "other")


@pytest.fixture
def app(sato: Connection) -> int:
    made = add_app(sato, name="Orders")
    add_form_fields(sato, app=made["app"], properties={"name": NAME})
    deploy(sato, made["app"])
    add_record(sato, app=made["app"], record={"name": {"value": "a"}})
    return int(made["app"])


def deploy(connection: Connection, app: int) -> None:
    deploy_apps(connection, apps=[{"app": app}])
    statuses = (get_deploy_status(connection, apps=[app]) for _ in range(10))
    assert "SUCCESS" in (answer["apps"][0]["status"] for answer in statuses)


def test_comments_are_added_read_and_deleted(sato: Connection, app: int) -> None:
    mentions = [{"code": "kato", "type": "USER"}]
    added = add_comment(sato, app=app, record=1, text="look", mentions=mentions)
    page = get_comments(sato, app=app, record=1)
    assert page["comments"][0]["text"] == "kato \nlook "
    assert (page["older"], page["newer"]) == (False, False)
    assert delete_comment(sato, app=app, record=1, comment=added["id"]) == {}
    assert get_comments(sato, app=app, record=1, order="asc")["comments"] == []


def test_somebody_elses_comment_stays(sato: Connection, kato: Connection, app: int) -> None:
    added = add_comment(sato, app=app, record=1, text="mine")
    with pytest.raises(PermissionDenied):
        delete_comment(kato, app=app, record=1, comment=added["id"])


STATES = {
    "new": {"name": "new", "index": "0"},
    "done": {"name": "done", "index": "1", "assignee": {"type": "ANY", "entities": []}},
}
ACTIONS = [{"name": "finish", "from": "new", "to": "done"}]


@pytest.fixture
def process(sato: Connection, app: int) -> int:
    update_process(sato, app=app, enable=True, states=STATES, actions=ACTIONS)
    deploy(sato, app)
    return app


def test_a_process_is_set_up_and_read(sato: Connection, process: int) -> None:
    found = get_process(sato, app=process)
    assert found["enable"] is True
    assert list(found["states"]) == ["new", "done"]
    assert get_process(sato, app=process, preview=True) == found


def test_a_record_is_taken_through_its_states(sato: Connection, process: int) -> None:
    assert update_status(sato, app=process, id=1, action="finish") == {"revision": "3"}
    assigned = update_assignees(sato, app=process, id=1, assignees=["kato", "sato"], revision=3)
    assert assigned == {"revision": "4"}
    record = get_record(sato, app=process, id=1)["record"]
    assert record["Status"]["value"] == "done"
    assert [each["code"] for each in record["Assignee"]["value"]] == ["kato", "sato"]


def test_many_records_are_taken_on_together(sato: Connection, process: int) -> None:
    records = [{"id": 1, "action": "finish", "revision": 1}]
    answer = update_statuses(sato, app=process, records=records)
    assert answer == {"records": [{"id": "1", "revision": "3"}]}


def test_who_is_no_assignee_changes_no_status(
    sato: Connection, kato: Connection, process: int
) -> None:
    with pytest.raises(PermissionDenied):
        update_status(kato, app=process, id=1, action="finish")
    with pytest.raises(ConflictError):
        update_status(sato, app=process, id=1, action="finish", revision=9)


def test_rights_are_evaluated(sato: Connection, kato: Connection, app: int) -> None:
    rights = [{"filterCond": "", "entities": [{"entity": EVERYONE, "viewable": True}]}]
    update_record_permissions(sato, app=app, rights=rights)
    assert evaluate_record_permissions(kato, app=app, ids=[1]) == {
        "rights": [
            {
                "id": "1",
                "record": {"viewable": True, "editable": False, "deletable": False},
                "fields": {"name": {"viewable": True, "editable": False}},
            }
        ]
    }
    with pytest.raises(PermissionDenied):
        update_record(kato, app=app, id=1, record={"name": {"value": "b"}})


RIGHTS: dict[str, tuple[Any, Any, list[dict[str, Any]]]] = {
    "app": (
        get_app_permissions,
        update_app_permissions,
        [{"entity": EVERYONE, "appEditable": True, "recordViewable": True}],
    ),
    "record": (
        get_record_permissions,
        update_record_permissions,
        [{"filterCond": 'name = "a"', "entities": [{"entity": EVERYONE, "viewable": True}]}],
    ),
    "field": (
        get_field_permissions,
        update_field_permissions,
        [{"code": "name", "entities": [{"entity": EVERYONE, "accessibility": "READ"}]}],
    ),
}


def is_part(part: Any, whole: Any) -> bool:
    if isinstance(part, dict):
        return all(is_part(value, whole[name]) for name, value in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(is_part, part, whole))
    return bool(part == whole)


@pytest.mark.parametrize("subject", RIGHTS)
def test_rights_are_written_and_read_back(sato: Connection, app: int, subject: str) -> None:
    get, update, rights = RIGHTS[subject]
    before = get(checked(sato), app=app)
    written = update(checked(sato), app=app, rights=rights, revision=before["revision"])
    after = get(checked(sato), app=app)
    assert is_part(rights, after["rights"])
    assert after["revision"] == written["revision"]
    with pytest.raises(ConflictError):
        update(sato, app=app, rights=rights, revision=before["revision"])


@pytest.mark.parametrize("subject", RIGHTS)
def test_rights_of_the_preview_wait_for_a_deploy(sato: Connection, app: int, subject: str) -> None:
    get, update, rights = RIGHTS[subject]
    before = get(sato, app=app)["rights"]
    update(checked(sato), app=app, rights=rights, preview=True)
    assert is_part(rights, get(checked(sato), app=app, preview=True)["rights"])
    assert get(sato, app=app)["rights"] == before
    deploy(sato, app)
    assert is_part(rights, get(sato, app=app)["rights"])


def test_live_rights_take_the_preview_with_them(sato: Connection, app: int) -> None:
    field = {"type": "NUMBER", "code": "qty", "label": "Quantity"}
    add_form_fields(sato, app=app, properties={"qty": field})
    update_field_permissions(sato, app=app, rights=[])
    assert "qty" in get_record(sato, app=app, id=1)["record"]


def test_the_settings_of_rights_need_the_right_to_manage_the_app(
    sato: Connection, kato: Connection, app: int
) -> None:
    manager = {"entity": {"type": "USER", "code": "sato"}, "appEditable": True}
    update_app_permissions(sato, app=app, rights=[manager])
    with pytest.raises(PermissionDenied):
        get_record_permissions(kato, app=app)


def test_the_statistics_of_an_app(sato: Connection, app: int) -> None:
    (statistics,) = get_app_statistics(checked(sato))["apps"]
    expected = {"id": str(app), "name": "Orders", "recordCount": "1", "space": None}
    assert expected.items() <= statistics.items()
    assert get_app_statistics(sato, offset=1) == {"apps": []}


def test_an_app_in_a_guest_space(emulator: Emulator, sato: Connection) -> None:
    space = emulator.add_guest_space()
    code = emulator.add_guest("mori@example.com", "hello", spaces=[space.id])
    inside = reached(emulator, "sato", "secret", guest_space=space.id)
    made = add_app(inside, name="Shared", space=space.id, thread=space.thread)
    app = int(made["app"])
    add_form_fields(inside, app=app, properties={"name": NAME})
    deploy(inside, app)
    guest = reached(emulator, code, "hello", guest_space=space.id)
    batch = Batch()
    add_record(batch, app=app, record={"name": {"value": "a"}})
    assert bulk_request(guest, requests=batch.requests)["results"][0]["id"] == "1"
    assert get_record(inside, app=app, id=1)["record"]["name"]["value"] == "a"
    with pytest.raises(APIError, match="GAIA_IL23"):
        get_record(sato, app=app, id=1)
