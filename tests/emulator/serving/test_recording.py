from __future__ import annotations

import pytest

from kintone_orm.emulator.serving.recording import BODY_RECORDED, MASK, Recorder

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "name", ["Authorization", "X-Cybozu-API-Token", "X-Cybozu-Authorization", "cookie"]
)
def test_credentials_are_masked(name):
    kept = Recorder({name: "secret", "Accept": "*/*"}, b"").recording()
    assert kept.headers == {name: MASK, "Accept": "*/*"}


@pytest.mark.parametrize("body", [b"{}", [b"{", b"}"]])
def test_a_body_is_kept_while_it_is_read(body):
    recorder = Recorder(JSON, body)
    read = recorder.body if isinstance(recorder.body, bytes) else b"".join(recorder.body)
    kept = recorder.recording()
    assert (read, kept.body, kept.size) == (b"{}", b"{}", 2)


def test_of_a_long_body_the_beginning_is_kept_and_the_size_of_all():
    pieces = [b"x" * 1000] * 100
    recorder = Recorder(JSON, pieces)
    assert b"".join(recorder.body) == b"".join(pieces)
    kept = recorder.recording()
    assert (len(kept.body), kept.size) == (BODY_RECORDED, 100_000)


def test_a_file_is_not_kept():
    kept = Recorder({"Content-Type": "image/png"}, b"\x89PNG").recording()
    assert (kept.body, kept.size) == (None, 4)
