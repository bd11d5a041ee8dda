"""The functions about people against the emulator: comments, assignees and permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.apps import add_app
from kintone_orm.api.bulk import Batch, bulk_request
from kintone_orm.api.comments import add_comment, delete_comment, get_comments
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.api.form import add_form_fields
from kintone_orm.api.permissions import evaluate_record_permissions
from kintone_orm.api.process import get_process, update_process
from kintone_orm.api.records import add_record, get_record, update_record
from kintone_orm.api.status import update_assignees, update_status, update_statuses
from kintone_orm.connection import Connection
from kintone_orm.emulator import Emulator
from kintone_orm.exceptions import APIError, ConflictError, PermissionDenied
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    everyone = {"entity": {"type": "GROUP", "code": "everyone"}}
    rights = [{"filterCond": "", "entities": [{**everyone, "viewable": True}]}]
    sato.request("PUT", "record/acl", {"app": app, "rights": rights})
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
