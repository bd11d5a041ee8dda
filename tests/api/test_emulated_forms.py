"""The functions about files, forms, views and settings against the emulator."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.apps import add_app, get_app_settings, get_apps, update_app_settings
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.api.files import download_file, upload_file
from kintone_orm.api.form import (
    add_form_fields,
    delete_form_fields,
    get_form_fields,
    get_form_layout,
    update_form_fields,
    update_form_layout,
)
from kintone_orm.api.records import add_record, get_record, get_records, update_record
from kintone_orm.api.views import get_views, update_views
from kintone_orm.connection import Connection
from kintone_orm.emulator import Emulator
from kintone_orm.exceptions import APIError, ConflictError, InvalidInput, NotFound
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS: dict[str, dict[str, Any]] = {
    "papers": {"type": "FILE", "code": "papers", "label": "Papers"},
    "qty": {"type": "NUMBER", "code": "qty", "label": "Quantity"},
    "twice": {"type": "CALC", "code": "twice", "label": "Twice", "expression": "qty * 2"},
}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    emulator = Emulator()
    yield emulator
    emulator.close()


@pytest.fixture
def connection(emulator: Emulator) -> Connection:
    username, password = emulator.credentials
    said = parse_settings(
        base_url="https://example.cybozu.com", username=username, password=password
    )
    return Connection(said, adapter=emulator.adapter())


@pytest.fixture
def app(connection: Connection) -> int:
    made = add_app(connection, name="Orders")
    add_form_fields(connection, app=made["app"], properties=FIELDS)
    deploy(connection, made["app"])
    return int(made["app"])


def deploy(connection: Connection, app: Any) -> None:
    deploy_apps(connection, apps=[{"app": app}])
    answers = (get_deploy_status(connection, apps=[app])["apps"][0]["status"] for _ in range(10))
    assert "SUCCESS" in answers


def attached(connection: Connection, app: int, number: str) -> list[dict[str, str]]:
    record = get_record(connection, app=app, id=number)["record"]
    files: list[dict[str, str]] = record["papers"]["value"]
    return files


# Files


def test_a_file_goes_there_and_back(connection: Connection, app: int) -> None:
    content = bytes(range(256)) * 5_000
    sent = upload_file(connection, file=io.BytesIO(content), name='見積 "1".pdf')
    record = {"papers": {"value": [{"fileKey": sent["fileKey"]}]}}
    number = add_record(connection, app=app, record=record)["id"]
    (file,) = attached(connection, app, number)
    assert (file["contentType"], file["size"]) == ("application/pdf", str(len(content)))
    with download_file(connection, file_key=file["fileKey"]) as pieces:
        assert b"".join(pieces) == content


def test_a_download_may_be_left_early(connection: Connection, app: int) -> None:
    sent = upload_file(connection, file=io.BytesIO(bytes(2_000_000)), name="zeros")
    record = {"papers": {"value": [{"fileKey": sent["fileKey"]}]}}
    number = add_record(connection, app=app, record=record)["id"]
    (file,) = attached(connection, app, number)
    with download_file(connection, file_key=file["fileKey"]) as pieces:
        assert next(iter(pieces))
    assert get_records(connection, app=app)["records"]


def test_files_are_kept_by_the_keys_that_were_read(connection: Connection, app: int) -> None:
    sent = upload_file(connection, file=io.BytesIO(b"1"), name="one.txt")
    record = {"papers": {"value": [{"fileKey": sent["fileKey"]}]}}
    number = add_record(connection, app=app, record=record)["id"]
    kept = attached(connection, app, number)
    update_record(connection, app=app, id=number, record={"papers": {"value": kept}})
    assert attached(connection, app, number) == kept


def test_the_key_of_an_upload_fetches_nothing(connection: Connection) -> None:
    sent = upload_file(connection, file=io.BytesIO(b"1"), name="one.txt")
    with pytest.raises(NotFound):
        download_file(connection, file_key=sent["fileKey"])


# Forms


def test_a_calculated_field_is_read_and_cannot_be_written(connection: Connection, app: int) -> None:
    record = {"qty": {"value": "21"}, "twice": {"value": "1"}}
    number = add_record(connection, app=app, record=record)["id"]
    assert get_record(connection, app=app, id=number)["record"]["twice"]["value"] == "42"
    assert get_records(connection, app=app, query="twice > 41")["records"]


def test_a_wrong_formula_is_told_by_the_deploy(connection: Connection, app: int) -> None:
    update_form_fields(connection, app=app, properties={"twice": {"expression": "nothing * 2"}})
    with pytest.raises(APIError, match="nothing") as raised:
        deploy_apps(connection, apps=[{"app": app}])
    assert raised.value.code == "GAIA_IL01"


def test_a_layout_can_be_read_changed_and_written(connection: Connection, app: int) -> None:
    before = get_form_layout(connection, app=app, preview=True)
    codes = [row["fields"][0]["code"] for row in before["layout"]]
    assert codes == list(FIELDS)
    layout = [*reversed(before["layout"]), {"type": "ROW", "fields": [{"type": "HR"}]}]
    update_form_layout(connection, app=app, layout=layout, revision=before["revision"])
    deploy(connection, app)
    after = get_form_layout(connection, app=app)["layout"]
    assert after[:3] == layout[:3]


def test_a_layout_without_a_field_is_refused(connection: Connection, app: int) -> None:
    with pytest.raises(InvalidInput, match="papers"):
        update_form_layout(connection, app=app, layout=[])


def test_a_deleted_field_leaves_layout_and_views(connection: Connection, app: int) -> None:
    view = {"type": "LIST", "index": 0, "fields": ["papers", "qty"]}
    update_views(connection, app=app, views={"all": view})
    delete_form_fields(connection, app=app, fields=["papers"])
    deploy(connection, app)
    assert get_views(connection, app=app)["views"]["all"]["fields"] == ["qty"]
    assert "papers" not in get_form_fields(connection, app=app)["properties"]


# Views and settings


def test_views_are_live_after_the_deploy(connection: Connection, app: int) -> None:
    view = {"type": "LIST", "index": 0, "fields": ["qty"], "filterCond": "qty > 1"}
    answer = update_views(connection, app=app, views={"Many": view})
    assert answer["views"]["Many"]["id"]
    assert get_views(connection, app=app)["views"] == {}
    assert "Many" in get_views(connection, app=app, preview=True)["views"]
    deploy(connection, app)
    views = get_views(connection, app=app)["views"]
    assert views["Many"]["filterCond"] == "qty > 1"
    update_views(connection, app=app, views=views)


def test_a_view_has_its_own_name(connection: Connection, app: int) -> None:
    view = {"type": "LIST", "index": 0, "fields": ["qty"], "name": "other"}
    with pytest.raises(APIError) as raised:
        update_views(connection, app=app, views={"Many": view})
    assert raised.value.code == "GAIA_IN01"


def test_settings_that_were_read_can_be_written(connection: Connection, app: int) -> None:
    settings = get_app_settings(connection, app=app)
    settings["titleField"] = {"selectionMode": "MANUAL", "code": "qty"}
    revision = settings.pop("revision")
    update_app_settings(connection, app=app, settings=settings, revision=revision)
    with pytest.raises(ConflictError):
        update_app_settings(connection, app=app, settings=settings, revision=revision)
    deploy(connection, app)
    assert get_app_settings(connection, app=app)["titleField"]["code"] == "qty"


def test_an_app_is_found_by_its_code(connection: Connection, emulator: Emulator, app: int) -> None:
    emulator.set_app_code(app, "ORDER")
    found = get_apps(connection, codes=["ORDER"])["apps"]
    assert [item["appId"] for item in found] == [str(app)]
    number = add_record(connection, app=app, record={})["id"]
    record = get_record(connection, app=app, id=number)["record"]
    assert record["Record_number"]["value"] == f"ORDER-{number}"
