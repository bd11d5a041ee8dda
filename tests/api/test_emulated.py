"""The functions against the emulator: making an app, and reading and writing its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.apps import add_app, get_app, get_app_settings, get_apps
from kintone_orm.api.bulk import Batch, bulk_request
from kintone_orm.api.cursors import create_cursor, delete_cursor, get_cursor
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.api.form import (
    add_form_fields,
    delete_form_fields,
    get_form_fields,
    update_form_fields,
)
from kintone_orm.api.records import (
    add_record,
    add_records,
    delete_records,
    get_record,
    get_records,
    update_record,
    update_records,
)
from kintone_orm.connection import Connection
from kintone_orm.emulator import Emulator
from kintone_orm.exceptions import (
    AuthenticationError,
    ConflictError,
    CursorExpired,
    CursorLimitError,
    InvalidInput,
    NotFound,
    PermissionDenied,
    QueryError,
)
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS = {
    "number": {
        "type": "SINGLE_LINE_TEXT",
        "code": "number",
        "label": "Number",
        "unique": True,
        "required": True,
    },
    "qty": {"type": "NUMBER", "code": "qty", "label": "Quantity"},
}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    emulator = Emulator()
    yield emulator
    emulator.close()


@pytest.fixture
def connection(emulator: Emulator) -> Connection:
    username, password = emulator.credentials
    return reached(emulator, username=username, password=password)


def reached(emulator: Emulator, **credentials: Any) -> Connection:
    said = parse_settings(base_url="https://example.cybozu.com", **credentials)
    return Connection(said, adapter=emulator.adapter(), retry=False)


@pytest.fixture
def app(connection: Connection) -> int:
    made = add_app(connection, name="Orders")
    add_form_fields(connection, app=made["app"], properties=FIELDS, revision=made["revision"])
    deploy_apps(connection, apps=[{"app": made["app"]}])
    assert "SUCCESS" in (deploy_status(connection, made["app"]) for _ in range(10))
    return int(made["app"])


def deploy_status(connection: Connection, app: str) -> str:
    status: str = get_deploy_status(connection, apps=[app])["apps"][0]["status"]
    return status


def order(number: str, qty: int | None = None) -> dict[str, Any]:
    return {"number": {"value": number}, "qty": {"value": qty}}


def numbers(answer: dict[str, Any]) -> list[str]:
    return [record["number"]["value"] for record in answer["records"]]


@pytest.fixture
def three(connection: Connection, app: int) -> list[str]:
    records = [order("A", 1), order("B", 2), order("C", 3)]
    ids: list[str] = add_records(connection, app=app, records=records)["ids"]
    return ids


# Apps


def test_an_app_is_found_by_its_id_and_its_name(connection: Connection, app: int) -> None:
    assert get_app(connection, id=app)["name"] == "Orders"
    assert [found["appId"] for found in get_apps(connection, name="ord")["apps"]] == [str(app)]


def test_the_settings_can_be_read(connection: Connection, app: int) -> None:
    assert get_app_settings(connection, app=app)["name"] == "Orders"


def test_a_field_waits_in_the_preview(connection: Connection, app: int) -> None:
    update_form_fields(connection, app=app, properties={"qty": {"code": "quantity"}})
    preview = get_form_fields(connection, app=app, preview=True)["properties"]
    assert "quantity" in preview
    assert "qty" in get_form_fields(connection, app=app)["properties"]


def test_a_deleted_field_is_gone_from_the_preview(connection: Connection, app: int) -> None:
    delete_form_fields(connection, app=app, fields=["qty"])
    assert "qty" not in get_form_fields(connection, app=app, preview=True)["properties"]


def test_a_stale_revision_of_the_settings_is_refused(connection: Connection, app: int) -> None:
    with pytest.raises(ConflictError, match="GAIA_CO03"):
        delete_form_fields(connection, app=app, fields=["qty"], revision=1)


def test_an_unknown_app_is_not_found(connection: Connection) -> None:
    with pytest.raises(NotFound, match="GAIA_AP01"):
        get_app(connection, id=99)


# Records


def test_a_record_can_be_added_and_read(connection: Connection, app: int) -> None:
    added = add_record(connection, app=app, record=order("A", 1))
    record = get_record(connection, app=app, id=added["id"])["record"]
    assert record["number"] == {"type": "SINGLE_LINE_TEXT", "value": "A"}
    assert record["$revision"]["value"] == added["revision"] == "1"


@pytest.mark.usefixtures("three")
def test_records_are_found_by_a_query(connection: Connection, app: int) -> None:
    query = 'number in ("A", "C") order by qty desc limit 1'
    answer = get_records(connection, app=app, query=query, fields=["number"], total_count=True)
    assert answer == {
        "records": [{"number": {"type": "SINGLE_LINE_TEXT", "value": "C"}}],
        "totalCount": "2",
    }


@pytest.mark.usefixtures("three")
def test_a_query_too_long_for_a_url_is_answered_too(connection: Connection, app: int) -> None:
    listed = ", ".join(f'"{number}"' for number in ["B", *range(2_000)])
    assert numbers(get_records(connection, app=app, query=f"number in ({listed})")) == ["B"]


def test_a_record_can_be_updated(connection: Connection, app: int, three: list[str]) -> None:
    record = {"qty": {"value": 9}}
    answer = update_record(connection, app=app, id=three[0], record=record, revision=1)
    assert answer == {"revision": "2"}


def test_a_stale_revision_is_refused(connection: Connection, app: int, three: list[str]) -> None:
    update_record(connection, app=app, id=three[0], record={"qty": {"value": 9}})
    with pytest.raises(ConflictError, match="GAIA_CO02"):
        delete_records(connection, app=app, ids=three, revisions=[1, 1, 1])


@pytest.mark.usefixtures("three")
def test_records_can_be_updated_or_added(connection: Connection, app: int) -> None:
    records = [
        {"updateKey": {"field": "number", "value": number}, "record": {"qty": {"value": 9}}}
        for number in ("A", "D")
    ]
    answer = update_records(connection, app=app, records=records, upsert=True)
    assert [record["operation"] for record in answer["records"]] == ["UPDATE", "INSERT"]


def test_records_can_be_deleted(connection: Connection, app: int, three: list[str]) -> None:
    assert delete_records(connection, app=app, ids=three[:2]) == {}
    assert numbers(get_records(connection, app=app)) == ["C"]


def test_a_refused_value_is_named(connection: Connection, app: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        add_records(connection, app=app, records=[order("A"), order("")])
    assert list(caught.value.errors) == ["records[1].number.value"]


@pytest.mark.parametrize("query", ["qty like 5", "nothing = 5", "qty >"])
def test_a_refused_query_is_a_query_error(connection: Connection, app: int, query: str) -> None:
    with pytest.raises(QueryError):
        get_records(connection, app=app, query=query)


# Bulk requests


def test_a_batch_answers_each_of_its_requests(
    connection: Connection, app: int, three: list[str]
) -> None:
    batch = Batch()
    add_record(batch, app=app, record=order("D"))
    delete_records(batch, app=app, ids=three[:1])
    results = bulk_request(connection, requests=batch.requests)["results"]
    assert [list(result) for result in results] == [["id", "revision"], []]
    assert numbers(get_records(connection, app=app, query="order by $id asc")) == ["B", "C", "D"]


def test_a_batch_that_fails_has_done_nothing(
    connection: Connection, app: int, three: list[str]
) -> None:
    batch = Batch()
    delete_records(batch, app=app, ids=three)
    update_record(batch, app=app, id=99, record={})
    with pytest.raises(NotFound, match="GAIA_RE01") as caught:
        bulk_request(connection, requests=batch.requests)
    assert caught.value.index == 1
    assert len(get_records(connection, app=app)["records"]) == 3


# Cursors


@pytest.mark.usefixtures("three")
def test_a_cursor_reads_page_by_page(connection: Connection, app: int) -> None:
    cursor = create_cursor(connection, app=app, query="order by qty desc", size=2)
    assert cursor["totalCount"] == "3"
    pages = [get_cursor(connection, id=cursor["id"]) for _ in range(2)]
    assert [(numbers(page), page["next"]) for page in pages] == [
        (["C", "B"], True),
        (["A"], False),
    ]
    with pytest.raises(CursorExpired):
        get_cursor(connection, id=cursor["id"])


def test_a_deleted_cursor_is_gone(connection: Connection, app: int) -> None:
    cursor = create_cursor(connection, app=app)
    delete_cursor(connection, id=cursor["id"])
    with pytest.raises(CursorExpired):
        delete_cursor(connection, id=cursor["id"])


def test_the_eleventh_cursor_is_refused(connection: Connection, app: int) -> None:
    for _ in range(10):
        create_cursor(connection, app=app)
    with pytest.raises(CursorLimitError, match="GAIA_TM12"):
        create_cursor(connection, app=app)


# Credentials


def test_a_wrong_password_is_refused(emulator: Emulator) -> None:
    stranger = reached(emulator, username="Administrator", password="wrong")
    with pytest.raises(AuthenticationError, match="CB_WA01"):
        get_apps(stranger)


def test_an_unknown_token_is_refused(emulator: Emulator, app: int) -> None:
    with pytest.raises(AuthenticationError, match="GAIA_IA02"):
        get_records(reached(emulator, api_token="unknown"), app=app)


def test_a_token_has_its_own_rights(emulator: Emulator, app: int) -> None:
    reader = reached(emulator, api_token=emulator.add_api_token(app))
    assert get_records(reader, app=app)["records"] == []
    with pytest.raises(PermissionDenied, match="GAIA_NO01"):
        add_record(reader, app=app, record=order("A"))
