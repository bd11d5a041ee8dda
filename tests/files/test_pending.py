"""A file that waits for a save, and how long its upload is remembered."""

from __future__ import annotations

import base64
import copy
import pickle
import zlib

import pytest

from kintone_orm.fields import ContentFile
from kintone_orm.files.pending import PendingFile, pending

# Of "b.pdf", from a path, and of a file that was saved. Made when the module was files/new.py.
OLD_PICKLE = (
    "c-nQ2yApyh6h!fXkNDP~unK=+&BTVrVFFwwBPLnMD5VYh+alI>yJvUq-Dm#<Z=YV3c1BZd${Rncf-0`*!9voR(w9"
    "RE7<zw7aY>akC1ni#)Jm5ZDq*3iR2{a4VG#MA=Sgm}GlmU(fl)`2j*O$#H?_7<sdUQd;7ccOOa)kjnZP{%_xULAl"
    ">Npnx|1n)wZk%Et#(wqz!p+ztX^0PY#M9@cEmrQxK1t"
)


def test_a_file_in_an_old_pickle_loads():
    new, saved = pickle.loads(zlib.decompress(base64.b85decode(OLD_PICKLE)))
    assert (new.name, new.content_type, new.file.problem()) == (
        "b.pdf",
        "application/pdf",
        "'b.pdf': there is no file 'a.pdf'.",
    )
    assert (saved.name, saved.content_type) == ("c.txt", "text/plain")
    assert "saved already" in saved.file.problem()


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
