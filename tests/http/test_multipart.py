from __future__ import annotations

import io
import os
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

from kintone_orm.http.messages import Upload
from kintone_orm.http.multipart import MultipartBody

if TYPE_CHECKING:
    from pathlib import Path


def body(content: bytes = b"content", name: str = "a.txt", skip: int = 0) -> MultipartBody:
    file = io.BytesIO(content)
    file.seek(skip)
    return MultipartBody(Upload(file, name, "text/plain"))


def part(sent: MultipartBody) -> Any:
    head = f"Content-Type: {sent.content_type}\r\n\r\n".encode()
    (only,) = BytesParser(policy=HTTP).parsebytes(head + b"".join(sent)).get_payload()
    return only


def test_one_part_called_file_has_the_name_the_type_and_the_content() -> None:
    sent = part(body(b"\x00\r\n\xff"))
    assert sent["Content-Disposition"] == 'form-data; name="file"; filename="a.txt"'
    assert sent["Content-Type"] == "text/plain"
    assert sent.get_payload(decode=True) == b"\x00\r\n\xff"


def test_a_name_is_sent_in_utf_8() -> None:
    assert 'filename="見積.pdf"'.encode() in b"".join(body(name="見積.pdf"))


def test_a_name_cannot_add_headers() -> None:
    sent = b"".join(body(name='a"\r\nX-Evil: 1'))
    assert b'filename="a%22%0D%0AX-Evil: 1"\r\n' in sent


@pytest.mark.parametrize("size", [0, 1, 256 * 1024, 256 * 1024 + 1])
def test_the_length_is_that_of_what_is_sent(size: int) -> None:
    sent = body(b"x" * size)
    assert len(sent) == len(b"".join(sent))


def test_it_can_be_sent_again() -> None:
    sent = body()
    assert b"".join(sent) == b"".join(sent)


def test_a_second_attempt_sends_the_file_from_the_same_position() -> None:
    file = io.BytesIO(b"skipped rest")
    file.seek(8)
    upload = Upload(file, "a.txt", "text/plain")
    for _ in range(2):
        assert part(MultipartBody(upload)).get_payload(decode=True) == b"rest"


def test_it_starts_where_the_file_stands() -> None:
    assert part(body(b"skipped rest", skip=8)).get_payload(decode=True) == b"rest"


def test_a_file_need_not_say_that_it_can_be_rewound() -> None:
    class Spooled:  # as a SpooledTemporaryFile before Python 3.11
        def __init__(self, file: BinaryIO) -> None:
            self.read, self.seek, self.tell = file.read, file.seek, file.tell

    file: Any = Spooled(io.BytesIO(b"content"))
    assert part(MultipartBody(Upload(file, "a.txt", "text/plain"))).get_content() == "content"


def test_a_large_file_comes_in_pieces() -> None:
    assert max(map(len, body(b"x" * 1_000_000))) <= 256 * 1024


def test_a_file_that_became_shorter_is_an_error() -> None:
    file = io.BytesIO(b"content")
    sent = MultipartBody(Upload(file, "a.txt", "text/plain"))
    file.truncate(3)
    with pytest.raises(ValueError, match=r"'a\.txt': the file became shorter while it was sent"):
        b"".join(sent)


def test_more_than_a_gigabyte_is_refused(tmp_path: Path) -> None:
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(1024**3 + 1)
    with sparse.open("rb") as file, pytest.raises(ValueError, match=r"'sparse' has .* up to 1 GB"):
        MultipartBody(Upload(file, "sparse", "text/plain"))


def test_a_file_that_is_open_for_text_is_refused() -> None:
    text: Any = io.StringIO("text")
    with pytest.raises(TypeError, match=r"a\.txt.: .*Open it with mode"):
        MultipartBody(Upload(text, "a.txt", "text/plain"))


def test_a_file_that_cannot_be_rewound_is_refused() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as file, pytest.raises(ValueError, match="temporary file"):
        MultipartBody(Upload(file, "a.txt", "text/plain"))
