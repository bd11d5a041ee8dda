"""A file that waits for a save, and how long its upload is remembered."""

from __future__ import annotations

import copy

import pytest

from kintone_orm.fields import ContentFile
from kintone_orm.files.pending import PendingFile, pending


def test_an_upload_is_remembered_for_where_it_was_sent(monkeypatch):
    file, there, elsewhere = PendingFile(ContentFile(b"", "a")), object(), object()
    file.keep_key("key", there)
    assert file.is_uploaded(there)
    assert not file.is_uploaded(elsewhere)


@pytest.mark.parametrize(("hours", "known"), [(70, True), (72, False)])
def test_an_upload_is_remembered_for_three_days(monkeypatch, hours, known):
    file, there = PendingFile(ContentFile(b"", "a")), object()
    monkeypatch.setattr("time.time", lambda: 0.0)
    file.keep_key("key", there)
    monkeypatch.setattr("time.time", lambda: hours * 3600.0)
    assert file.is_uploaded(there) is known


@pytest.mark.parametrize("again", [copy.deepcopy, pending])
def test_another_use_of_a_file_is_another_upload(again):
    file, there = pending(ContentFile(b"", "a")), object()
    file.keep_key("key", there)
    other = again(file)
    assert (other.is_uploaded(there), other.file) == (False, file.file)
