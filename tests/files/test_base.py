"""The values that a file field takes and refuses."""

from __future__ import annotations

import io
import os
import pickle
from pathlib import Path

import pytest

from kintone_orm.fields import Attachment, ContentFile, File
from kintone_orm.files.pending import pending


@pytest.fixture
def receipt(tmp_path):
    path = tmp_path / "receipt.pdf"
    path.write_bytes(b"content")
    return path


def content(file):
    with file.opened() as opened:
        return opened.read()


def test_a_path_is_called_as_its_file(receipt):
    file = File(receipt)
    assert (file.name, file.content_type) == ("receipt.pdf", "application/pdf")
    assert content(file) == b"content"


def test_a_name_may_be_given(receipt):
    file = File(receipt, name="scan.png")
    assert (file.name, file.content_type) == ("scan.png", "image/png")


def test_a_type_may_be_given(receipt):
    assert File(receipt, content_type="text/x").content_type == "text/x"


def test_an_unknown_ending_is_bytes(receipt):
    assert File(receipt, name="x.unheard").content_type == "application/octet-stream"


def test_an_open_file_is_sent_whole_wherever_it_stands(receipt):
    with receipt.open("rb") as opened:
        opened.read()
        file = File(opened)
        assert (file.name, content(file), content(file)) == ("receipt.pdf", b"content", b"content")
        assert not opened.closed


class Spooled:
    """Like SpooledTemporaryFile before Python 3.11: it can seek, but has no seekable()."""

    def __init__(self, content):
        file = io.BytesIO(content)
        self.read, self.seek, self.tell = file.read, file.seek, file.tell


@pytest.mark.parametrize("progress", [None, lambda sent, size: None])
def test_an_open_file_need_not_say_that_it_can_be_rewound(progress):
    file = File(Spooled(b"content"), "a.txt", progress=progress)
    assert (file.problem(), content(file), content(file)) == (None, b"content", b"content")


def test_bytes_get_a_name():
    file = ContentFile(b"content", "receipt.pdf")
    assert (file.name, content(file), content(file)) == ("receipt.pdf", b"content", b"content")


def test_an_attachment_keeps_its_name_and_type():
    file = File(Attachment("k", "a.unheard", "text/x", 3))
    assert (file.name, file.content_type) == ("a.unheard", "text/x")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("receipt.pdf", "A str could be a path or a content. Write Path"),
        (b"content", r"Bytes have no name. Write ContentFile\(content, name\)"),
        (3, "int 3 is not a Path, an open file or an Attachment"),
        (io.StringIO("a"), 'open for text. Open it with "rb"'),
    ],
)
def test_anything_else_is_refused(value, sentence):
    with pytest.raises(TypeError, match=sentence):
        File(value)


def test_a_file_that_cannot_be_rewound_is_refused():
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe, pytest.raises(TypeError, match="temporary file"):
        File(pipe, name="a")


@pytest.mark.parametrize("name", [None, ""])
def test_a_file_needs_a_name(name):
    with pytest.raises(ValueError, match=r"BytesIO has no name\. Write File\(file, name=...\)"):
        File(io.BytesIO(), name)


def test_a_text_is_no_content():
    with pytest.raises(TypeError, match=r"ContentFile\(\) takes bytes, not str"):
        ContentFile("text", "a.txt")


def test_what_can_be_sent_has_no_problem(receipt):
    assert File(receipt).problem() is None


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (Path("nowhere.pdf"), "'nowhere.pdf': there is no file 'nowhere.pdf'."),
        (Path("/"), "'root' cannot be read: '/' is not a regular file."),
    ],
)
def test_a_path_that_leads_to_no_file_is_a_problem(path, sentence):
    assert File(path, name=path.name or "root").problem() == sentence


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert "is not a regular file" in (File(tmp_path / "pipe").problem() or "")


def test_a_file_that_was_closed_is_a_problem(receipt):
    with receipt.open("rb") as opened:
        file = File(opened)
    assert "cannot be read" in (file.problem() or "")


def test_a_file_over_a_gigabyte_is_a_problem(tmp_path):
    with (tmp_path / "big").open("wb") as file:
        file.truncate(1024**3 + 1)
    problem = File(tmp_path / "big").problem()
    assert problem == "'big' has 1,073,741,825 bytes; kintone takes files of up to 1 GB."


def test_a_name_that_cannot_be_written_is_a_problem(receipt):
    assert "not valid Unicode" in (File(receipt, name="a\udcff").problem() or "")


def test_progress_is_told_what_was_sent_and_what_there_is():
    told = []
    file = ContentFile(b"x" * 5, "a", progress=lambda *args: told.append(args))
    with file.opened() as opened:
        while opened.read(2):
            pass
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_no_content_shows():
    assert repr(ContentFile(b"secret", "a.txt")) == "<ContentFile 'a.txt'>"
    assert repr(pending(ContentFile(b"secret", "a.txt"))) == "<'a.txt', not saved yet>"


@pytest.mark.parametrize("wrap", [lambda file: file, pending])
def test_no_content_is_pickled(wrap):
    with pytest.raises(TypeError, match=r"'a.txt'> cannot be pickled.*Save the record first"):
        pickle.dumps(wrap(ContentFile(b"secret", "a.txt")))


def test_a_path_is_pickled_as_a_path(receipt):
    file = pickle.loads(pickle.dumps(pending(File(receipt, "a.txt", content_type="text/x"))))
    assert (file.name, file.content_type, content(file.file)) == ("a.txt", "text/x", b"content")
