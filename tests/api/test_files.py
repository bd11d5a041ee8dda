from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from support.recording_adapter import RecordingAdapter, answer

from kintone_orm.api.files import download_file, upload_file

if TYPE_CHECKING:
    from kintone_orm.connection import Connection


@pytest.mark.parametrize(
    ("arguments", "content_type"),
    [
        ({"name": "a.pdf"}, b"application/pdf"),
        ({"name": "a.unheard"}, b"application/octet-stream"),
        ({"name": "a.pdf", "content_type": "text/x"}, b"text/x"),
    ],
)
def test_a_file_is_sent_with_its_name_and_type(
    connection: Connection,
    adapter: RecordingAdapter,
    arguments: dict[str, str],
    content_type: bytes,
) -> None:
    body: Any
    upload_file(connection, file=io.BytesIO(b"content"), **arguments)
    method, url, body = adapter.last.method, adapter.last.url, adapter.last.body
    sent = b"".join(body)
    assert (method, url) == ("POST", "https://example.cybozu.com/k/v1/file.json")
    assert f'filename="{arguments["name"]}"'.encode() in sent
    assert b"Content-Type: " + content_type + b"\r\n\r\ncontent\r\n" in sent


def test_an_upload_answers_with_the_files_key(connection: Connection) -> None:
    assert upload_file(connection, file=io.BytesIO(), name="a") == {}


@pytest.mark.parametrize("adapter", [RecordingAdapter(answer(b"content"))])
def test_a_file_is_fetched_by_its_key(connection: Connection, adapter: RecordingAdapter) -> None:
    assert b"".join(download_file(connection, file_key="k&1")) == b"content"
    assert adapter.last.url == "https://example.cybozu.com/k/v1/file.json?fileKey=k%261"
