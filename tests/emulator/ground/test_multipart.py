"""Uploads as HTTP carries them: one part, in pieces of any size."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.emulator import HTTPRequest
from kintone_orm.emulator.ground import limits
from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.ground.multipart import uploaded_file

BOUNDARY = "xyz"
NAMED = 'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n'


def request(body, *, content_type=f"multipart/form-data; boundary={BOUNDARY}", step=None):
    if isinstance(body, str):
        body = body.encode()
    if step:
        body = iter([body[at : at + step] for at in range(0, len(body), step)])
    return HTTPRequest("POST", "/k/v1/file.json", "", {"Content-Type": content_type}, body)


def part(content="hello", *, headers=NAMED + "Content-Type: text/plain\r\n"):
    if isinstance(content, str):
        content = content.encode()
    head = f"--{BOUNDARY}\r\n{headers}\r\n".encode()
    return head + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def read(sent):
    with uploaded_file(sent) as parameters:
        file = parameters["file"]
        return file.name, file.content_type, file.content.read()


@given(
    content=st.lists(st.sampled_from([b"\r", b"\n", b"--", b"xyz", b"\r\n--xy", b"a"])).map(
        b"".join
    ),
    step=st.integers(1, 40),
)
def test_any_content_arrives_however_it_is_cut(content, step):
    if f"\r\n--{BOUNDARY}".encode() not in b"\r\n" + content:
        assert read(request(part(content), step=step)) == ("a.txt", "text/plain", content)


def test_a_preamble_and_an_epilogue_do_not_matter():
    assert read(request(b"this is\r\n" + part() + b"the end"))[2] == b"hello"


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        ('filename="見積 書.pdf"', "見積 書.pdf"),
        ("filename*=utf-8''%E8%A6%8B%20x.pdf", "見 x.pdf"),
        ('filename="a;b.txt"', "a;b.txt"),
        (r'filename="say \"hi\".txt"', 'say "hi".txt'),
        ('filename="a%22b"', "a%22b"),
    ],
)
def test_names_are_kept_as_they_are_sent(spelled, name):
    headers = f'Content-Disposition: form-data; name="file"; {spelled}\r\n'
    assert read(request(part(headers=headers)))[0] == name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Content-Type: text/plain; charset=utf-8\r\n", "text/plain; charset=utf-8"),
        ("", "application/octet-stream"),
        ("Content-Type: nonsense\r\n", "application/octet-stream"),
        ("Content-Type: text/plain\r\n evil: x\r\n", "application/octet-stream"),
        ("Content-Type: テキスト/plain\r\n", "application/octet-stream"),
    ],
)
def test_a_content_type_that_can_be_answered_is_kept(sent, kept):
    assert read(request(part(headers=NAMED + sent)))[1] == kept


def refusal(sent):
    with pytest.raises(KintoneError) as raised:
        read(sent)
    error = raised.value
    return error.code, {path: [en for _, en in texts] for path, texts in error.errors.items()}


REQUIRED = ("CB_VA01", {"file": ["Required field."]})
NAMELESS = 'Content-Disposition: form-data; name="file"\r\n'
ONE = ("CB_VA01", {"file": ['The body must have exactly one part, with the name "file".']})


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (f"--{BOUNDARY}--\r\n", REQUIRED),
        (part(headers='Content-Disposition: form-data; name="x"; filename="a"\r\n'), REQUIRED),
        (part(headers=NAMELESS), REQUIRED),
        (part(headers='Content-Disposition: form-data; name="file"; filename=""\r\n'), REQUIRED),
        (part().replace(b"--\r\n", b"\r\n") + part(), ONE),
        (b"", ("CB_IL02", {})),
        (b"hello", ("CB_IL02", {})),
        (part()[:-20], ("CB_IL02", {})),
        (part()[:-4], ("CB_IL02", {})),
        (part(headers=NAMED + "X: " + "x" * 20_000 + "\r\n"), ("CB_IL02", {})),
        (part(headers=NAMED).replace(b"a.txt", b"\xff"), ("CB_IL02", {})),
    ],
)
def test_an_upload_of_anything_but_one_file_is_refused(body, error):
    assert refusal(request(body)) == error


@pytest.mark.parametrize(
    "content_type", ["application/json", "multipart/form-data", "multipart/mixed; boundary=xyz", ""]
)
def test_any_other_kind_of_body_is_refused(content_type):
    assert refusal(request(part(), content_type=content_type)) == ("CB_IL02", {})


def test_a_file_over_the_limit_is_refused_as_soon_as_it_is(monkeypatch):
    monkeypatch.setattr(limits, "FILE_BYTES", 1000)
    assert len(read(request(part("x" * 1000), step=100))[2]) == 1000
    endless = io.BytesIO(part("x" * 1_000_000))
    sent = request(b"")
    sent = HTTPRequest("POST", sent.path, "", sent.headers, iter(lambda: endless.read(100), b""))
    assert refusal(sent) == ("CB_VA01", {"file": ["A file has at most 1 GB."]})
    assert endless.tell() < 2000
