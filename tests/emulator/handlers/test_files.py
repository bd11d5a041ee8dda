"""file.json, and the file fields of records."""

from __future__ import annotations

import io
import tracemalloc
from urllib.parse import unquote

import pytest
import requests
from support.plain_kintone import BASE, Kintone, cells, password

from kintone_orm.emulator import Emulator

FILE = {"type": "FILE"}
NOT_FOUND = (404, "GAIA_BL01")


@pytest.fixture
def app(kintone):
    columns = {"papers": FILE, "n": {"type": "NUMBER"}}
    return kintone.new_app(
        {"file": FILE, "other": FILE, "rows": {"type": "SUBTABLE", "fields": columns}}
    )


def upload(kintone, content=b"hello", name="a.txt", content_type="text/plain"):
    response = kintone.session.post(
        BASE + "file.json", files={"file": (name, io.BytesIO(content), content_type)}
    )
    assert response.status_code == 200, response.text
    return response.json()["fileKey"]


def key(*keys):
    return [{"fileKey": key} for key in keys]


def download(kintone, file_key):
    return kintone.session.get(BASE + "file.json", params={"fileKey": file_key})


def keys(kintone, app, number, code="file"):
    return [file["fileKey"] for file in kintone.read(app, number)[code]]


def refused(kintone, app, number=None, **values):
    """Return the status and code of a refused request to add or update a record."""
    body = {"app": app, "record": cells(values)}
    if number is None:
        return kintone.error("POST", "record.json", body)[:2]
    return kintone.error("PUT", "record.json", {**body, "id": number})[:2]


def test_a_file_is_attached_and_read_back(kintone, app):
    uploaded = upload(kintone, "こんにちは".encode(), "見積書.txt", "text/plain; charset=utf-8")
    number = kintone.add(app, file=key(uploaded))
    (file,) = kintone.read(app, number)["file"]
    assert file == {
        "contentType": "text/plain; charset=utf-8",
        "fileKey": file["fileKey"],
        "name": "見積書.txt",
        "size": "15",
    }
    assert file["fileKey"] != uploaded
    response = download(kintone, file["fileKey"])
    assert response.content.decode() == "こんにちは"
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Length"] == "15"
    disposition = response.headers["Content-Disposition"]
    assert unquote(disposition) == "attachment; filename*=UTF-8''見積書.txt"
    assert response.headers["X-ConcurrencyLimit-Limit"] == "100"


def test_an_empty_file_is_a_file(kintone, app):
    number = kintone.add(app, file=key(upload(kintone, b"")))
    assert kintone.read(app, number)["file"][0]["size"] == "0"
    assert download(kintone, *keys(kintone, app, number)).content == b""


def test_an_upload_key_cannot_download(kintone):
    uploaded = upload(kintone)
    assert kintone.error("GET", "file.json", {"fileKey": uploaded}) == (
        404,
        "GAIA_BL01",
        f"The specified file (id: {uploaded}) not found.",
    )


def test_a_download_needs_a_key(kintone):
    assert kintone.messages("GET", "file.json") == {"fileKey": ["Required field."]}


def test_an_upload_key_is_good_for_one_attachment(kintone, app):
    uploaded = upload(kintone)
    assert refused(kintone, app, file=key(uploaded, uploaded)) == NOT_FOUND
    assert refused(kintone, app, file=key(uploaded), other=key(uploaded)) == NOT_FOUND
    number = kintone.add(app, file=key(uploaded))
    assert refused(kintone, app, file=key(uploaded)) == NOT_FOUND
    assert refused(kintone, app, number, other=key(uploaded)) == NOT_FOUND


@pytest.mark.parametrize(("days", "still_there"), [(2.99, True), (3, False)])
def test_an_upload_waits_for_three_days(kintone, app, clock, days, still_there):
    uploaded = upload(kintone)
    clock.move(days=days)
    if still_there:
        kintone.add(app, file=key(uploaded))
    else:
        assert refused(kintone, app, file=key(uploaded)) == NOT_FOUND


def test_an_attachment_stays_however_long(kintone, app, clock):
    number = kintone.add(app, file=key(upload(kintone)))
    clock.move(days=1000)
    upload(kintone)
    assert download(kintone, *keys(kintone, app, number)).content == b"hello"


def test_a_write_that_fails_uses_no_key_up(kintone, app):
    uploaded = upload(kintone)
    bad = {"file": key(uploaded), "rows": "x"}
    kintone.error("POST", "record.json", {"app": app, "record": cells(bad)})
    add = {"app": app, "record": cells({"file": key(uploaded)})}
    requests_ = [
        {"method": "POST", "api": "/k/v1/record.json", "payload": add},
        {"method": "POST", "api": "/k/v1/record.json", "payload": {"app": 99}},
    ]
    assert kintone.send("POST", "bulkRequest.json", {"requests": requests_}).status_code == 404
    kintone.add(app, file=key(uploaded))


def test_files_are_kept_added_removed_and_put_in_order(kintone, app):
    number = kintone.add(app, file=key(upload(kintone, b"1"), upload(kintone, b"2")))
    first, second = keys(kintone, app, number)
    kintone.put(app, number, file=key(second, upload(kintone, b"3"), first))
    assert [download(kintone, file_key).content for file_key in keys(kintone, app, number)] == [
        b"2",
        b"3",
        b"1",
    ]
    assert keys(kintone, app, number)[::2] == [second, first]
    kintone.put(app, number, file=key(first))
    assert keys(kintone, app, number) == [first]
    assert download(kintone, second).status_code == 404


def test_files_that_are_not_sent_stay(kintone, app):
    number = kintone.add(app, file=key(upload(kintone)))
    before = keys(kintone, app, number)
    kintone.put(app, number, other=key(upload(kintone)))
    assert keys(kintone, app, number) == before
    assert download(kintone, *before).content == b"hello"


def test_a_key_is_kept_in_its_own_field_only(kintone, app):
    number = kintone.add(app, file=key(upload(kintone)))
    (file_key,) = keys(kintone, app, number)
    assert refused(kintone, app, number, other=key(file_key)) == NOT_FOUND
    assert refused(kintone, app, number, file=key(file_key, file_key)) == NOT_FOUND
    assert refused(kintone, app, file=key(file_key)) == NOT_FOUND


@pytest.mark.parametrize("value", ["x", ["x"], [{}], [{"fileKey": 5}], {"fileKey": "x"}])
def test_anything_but_a_list_of_keys_is_refused(kintone, app, value):
    body = {"app": app, "record": cells({"file": value})}
    assert kintone.error("POST", "record.json", body)[:2] == (400, "CB_IJ01")


def test_a_required_file_is_required(kintone):
    app = kintone.new_app({"file": {**FILE, "required": True}})
    assert kintone.messages("POST", "record.json", {"app": app}) == {
        "record.file.values": ["Required."]
    }


def test_files_in_rows_follow_their_row(kintone, app):
    rows = [{"value": cells({"papers": key(upload(kintone, text))})} for text in (b"1", b"2")]
    number = kintone.add(app, rows=rows)
    one, two = kintone.read(app, number)["rows"]
    first, second = (row["value"]["papers"]["value"][0]["fileKey"] for row in (one, two))
    kintone.put(app, number, rows=[{"id": two["id"]}, {"id": one["id"], "value": one["value"]}])
    read = [row["value"]["papers"]["value"] for row in kintone.read(app, number)["rows"]]
    assert [[file["fileKey"] for file in files] for files in read] == [[second], [first]]
    kintone.put(app, number, rows=[{"id": one["id"]}])
    assert download(kintone, first).content == b"1"
    assert download(kintone, second).status_code == 404
    assert (
        refused(kintone, app, number, rows=[{"value": cells({"papers": key(first)})}]) == NOT_FOUND
    )


def test_a_deleted_record_takes_its_files_along(kintone, app):
    number = kintone.add(app, file=key(upload(kintone)))
    (file_key,) = keys(kintone, app, number)
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [number]})
    assert kintone.error("GET", "file.json", {"fileKey": file_key})[:2] == NOT_FOUND


def test_a_deleted_field_takes_its_files_along(kintone, app):
    number = kintone.add(app, file=key(upload(kintone)), other=key(upload(kintone)))
    (gone,), (stays,) = keys(kintone, app, number), keys(kintone, app, number, "other")
    kintone.ok("DELETE", "preview/app/form/fields.json", {"app": app, "fields": ["file"]})
    assert download(kintone, gone).status_code == 200
    assert kintone.deploy(app) == "SUCCESS"
    assert (download(kintone, gone).status_code, download(kintone, stays).status_code) == (404, 200)


def test_files_are_found_by_name(kintone, app):
    number = kintone.add(app, file=key(upload(kintone, name="estimate 2024.pdf")))
    empty = kintone.add(app)
    assert kintone.find(app, 'file like "estimate"') == [number]
    assert kintone.find(app, "file is empty") == [empty]


def test_no_lookup_copies_files(kintone, app):
    source = kintone.new_app({"key": {"type": "SINGLE_LINE_TEXT", "unique": True}, "file": FILE})
    lookup = {
        "relatedApp": {"app": source},
        "relatedKeyField": "key",
        "fieldMappings": [{"field": "file", "relatedField": "file"}],
    }
    definition = {"type": "SINGLE_LINE_TEXT", "code": "look", "label": "look", "lookup": lookup}
    body = {"app": app, "properties": {"look": definition}}
    assert list(kintone.messages("POST", "preview/app/form/fields.json", body)) == [
        "properties[look].lookup.fieldMappings[0].field"
    ]


# Callers


def test_users_who_may_view_the_records_may_download_the_files(kintone, emulator, caller, app):
    number = kintone.add(app, file=key(upload(kintone)))
    (file_key,) = keys(kintone, app, number)
    viewer = caller(X_Cybozu_API_Token=emulator.add_api_token(app))
    adder = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=("add",)))
    assert download(viewer, file_key).content == b"hello"
    assert adder.error("GET", "file.json", {"fileKey": file_key})[:2] == (403, "GAIA_NO01")
    assert download(caller(), file_key).status_code == 401


@pytest.mark.parametrize("right", ["view", "add", "edit", "delete", "manage"])
def test_an_upload_needs_no_right(emulator, caller, app, right):
    """kintone REST API, "Upload File", 2025."""
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=(right,)))
    files = {"file": ("a", b"x")}
    assert token.session.post(BASE + "file.json", files=files).status_code == 200


def test_an_upload_takes_no_json(kintone):
    assert kintone.error("POST", "file.json", {"file": "x"})[:2] == (400, "CB_IL02")


# The store


def test_files_are_in_the_data(tmp_path):
    data = tmp_path / "kintone.db"
    for first in (True, False):
        emulator = Emulator(users={"sato": "secret"}, data=data)
        kintone = Kintone(emulator, password("sato", "secret"))
        if first:
            app = kintone.new_app({"file": FILE})
            kintone.add(app, file=key(upload(kintone)))
        assert download(kintone, *keys(kintone, app, 1)).content == b"hello"
        emulator.close()


def test_a_copy_of_the_emulator_has_files_of_its_own(kintone, emulator, app):
    number = kintone.add(app, file=key(upload(kintone)))
    (file_key,) = keys(kintone, app, number)
    twin = Kintone(emulator.copy(), password("sato", "secret"))
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [number]})
    assert download(twin, file_key).content == b"hello"
    assert download(kintone, file_key).status_code == 404
    twin.emulator.close()


class Zeros(io.RawIOBase):
    """A file of this many bytes, which are made when they are read."""

    def __init__(self, size):
        self.left = size

    def read(self, size=-1):
        taken = min(self.left, 65_536 if size < 0 else size)
        self.left -= taken
        return bytes(taken)


def test_a_large_file_is_never_whole_in_memory(tmp_path):
    size = 30_000_000
    emulator = Emulator(users={"sato": "secret"}, data=tmp_path / "kintone.db")
    kintone = Kintone(emulator, password("sato", "secret"))
    app = kintone.new_app({"file": FILE})
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    zeros = Zeros(size)

    def body():
        yield head
        while piece := zeros.read():
            yield piece
        yield b"\r\n--x--"

    tracemalloc.start()
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = kintone.session.post(BASE + "file.json", data=body(), headers=headers)
    number = kintone.add(app, file=key(response.json()["fileKey"]))
    (file_key,) = keys(kintone, app, number)
    with kintone.session.get(
        BASE + "file.json", params={"fileKey": file_key}, stream=True
    ) as response:
        assert sum(map(len, response.iter_content(65_536))) == size
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    emulator.close()
    assert peak < 5_000_000


def test_a_slow_upload_does_not_delay_other_requests(kintone, app):
    def body():
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhel'
        assert kintone.find(app) == []
        yield b"lo\r\n--x--"

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = kintone.session.post(BASE + "file.json", data=body(), headers=headers)
    assert response.status_code == 200


def test_files_go_over_the_wire(kintone, emulator, app):
    serve = pytest.importorskip("kintone_orm.emulator.server").serve
    content = bytes(range(256)) * 4000
    with serve(emulator) as server, requests.Session() as session:
        session.headers.update(password("sato", "secret"))
        url = f"{server.url}/k/v1/file.json"
        answer = session.post(url, files={"file": ("書.bin", content)}).json()
        number = kintone.add(app, file=key(answer["fileKey"]))
        response = session.get(url, params={"fileKey": keys(kintone, app, number)[0]})
        assert response.content == content
        assert session.get(f"{server.url}/k/v1/app.json", params={"id": app}).status_code == 200
