"""Reading the content of an attachment from its storage."""

from __future__ import annotations

import pickle

import pytest

from kintone_orm.exceptions import TransportError
from kintone_orm.files import Attachment


class Shelf:
    """A storage with its blocks in memory; `closed` tells if the content was closed."""

    def __init__(self, *pieces):
        self.pieces = pieces
        self.closed = 0

    def content(self, attachment):
        return self

    def __iter__(self):
        return iter(self.pieces)

    def close(self):
        self.closed += 1


def attachment(*pieces, size=None):
    size = len(b"".join(pieces)) if size is None else size
    return Attachment("key", "a.txt", "text/plain", size, Shelf(*pieces))


@pytest.mark.parametrize("pieces", [[], [b""], [b"abc"], [b"a", b"", b"bc"], [b"x" * 300_000] * 3])
def test_the_pieces_are_one_content(pieces):
    assert attachment(*pieces).read() == b"".join(pieces)


def test_it_can_be_read_line_by_line():
    with attachment(b"one\ntw", b"o\n").open() as file:
        assert list(file) == [b"one\n", b"two\n"]


def test_progress_is_told_of_every_piece():
    told = []
    attachment(b"ab", b"c").read(progress=lambda *args: told.append(args))
    assert told == [(2, 3), (3, 3)]


@pytest.mark.parametrize("size", [1000, 3])
def test_what_has_not_the_size_of_the_file_is_not_taken_for_it(size, tmp_path):
    paper = attachment(b"log ", b"in", size=size)
    with pytest.raises(TransportError, match=rf"'a.txt' .* 6 of {size:,} bytes arrived"):
        paper.read()
    with pytest.raises(TransportError):
        paper.save_to(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert paper.storage.closed == 2


@pytest.mark.parametrize("size", [0, 1, 3, -1])
def test_who_stops_reading_gives_the_rest_back(size):
    paper = attachment(b"abc", b"def")
    with paper.open() as file:
        file.read(size)
    file.close()
    assert paper.storage.closed == 1


def test_where_it_is_does_not_make_it_another():
    paper, again = attachment(b"a"), Attachment("key", "a.txt", "text/plain", 1)
    assert paper == again
    assert hash(paper) == hash(again)


def test_it_can_be_pickled():
    paper = Attachment("key", "a.txt", "text/plain", 1)
    assert pickle.loads(pickle.dumps(paper)) == paper
