"""Files in the store: which files stay, and which are deleted."""

from __future__ import annotations

import io
import sqlite3
from datetime import datetime, timedelta, timezone

import pytest

from kintone_orm.emulator.ground.multipart import UploadedFile
from kintone_orm.emulator.store.attachments import SCHEMA, Attachments

NOW = datetime(2024, 2, 6, tzinfo=timezone.utc)


@pytest.fixture
def database():
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.executescript(SCHEMA)
    yield database
    database.close()


@pytest.fixture
def files(database):
    return Attachments(database)


def add(files, content=b"hello", now=NOW):
    return files.add(UploadedFile("a.txt", "text/plain", io.BytesIO(content)), now)


def attached(files, content=b"hello"):
    key = files.attach(add(files, content), NOW)["fileKey"]
    files.give([key], 1, 2)
    return key


def kept(database):
    """Return the numbers of files and of content pieces."""
    return tuple(
        database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("files", "file_contents")
    )


def test_a_file_is_stored_in_pieces_and_read_back_whole(files, database):
    content = bytes(range(256)) * 5_000
    file = files.find(attached(files, content))
    assert (file.name, file.size, file.app, file.record) == ("a.txt", len(content), 1, 2)
    pieces = [files.piece(file.number, position) for position in range(6)]
    assert b"".join(pieces[:5]) == content
    assert pieces[5] is None
    assert kept(database) == (1, 5)


def test_a_file_that_is_given_to_no_record_is_not_found(files):
    uploaded = add(files)
    assert files.find(uploaded) is None
    key = files.attach(uploaded, NOW)["fileKey"]
    assert files.find(key) is None


def test_a_key_is_attached_once(files):
    uploaded = add(files)
    key = files.attach(uploaded, NOW)["fileKey"]
    assert files.attach(uploaded, NOW) is None
    assert files.attach(key, NOW) is None


def test_a_deleted_file_leaves_no_data(files, database):
    one, two = attached(files), attached(files)
    files.delete([one])
    assert kept(database) == (1, 1)
    assert files.find(two) is not None


def test_expired_uploads_leave_no_data(files, database):
    attached(files)
    add(files)
    add(files, now=NOW + timedelta(days=3))
    assert kept(database) == (2, 2)
