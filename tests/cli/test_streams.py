"""Output with any encoding: as a process, because it is the process that has the streams."""

from __future__ import annotations

import io
import sys

import pytest

from kintone_orm.cli.streams import open_missing_streams, tolerate_encodings, use_utf_8

CODE_PAGES = {"cp932": "Bel?m ┃ 東京", "ascii": "Bel?m ? ??", "utf-8": "Belém ┃ 東京"}


@pytest.mark.parametrize(("encoding", "text"), CODE_PAGES.items())
@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_characters_that_an_encoding_lacks_are_replaced(monkeypatch, name, encoding, text):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, name, stream)
    tolerate_encodings()
    stream.write("Belém ┃ 東京")
    stream.flush()
    assert stream.buffer.getvalue().decode(encoding) == text


def test_the_choice_of_a_user_stays(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="xmlcharrefreplace")
    monkeypatch.setattr(sys, "stdout", stream)
    tolerate_encodings()
    assert stream.errors == "xmlcharrefreplace"


def test_the_locale_c_prints_any_character(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="surrogateescape")
    monkeypatch.setattr(sys, "stdout", stream)
    tolerate_encodings()
    stream.write("Belém")
    stream.flush()
    assert stream.buffer.getvalue() == b"Bel?m"


def test_data_is_utf_8_without_losses(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp932", errors="replace", newline="\r\n")
    monkeypatch.setattr(sys, "stdout", stream)
    use_utf_8()
    stream.write("Belém\n")
    stream.flush()
    assert stream.buffer.getvalue() == "Belém\n".encode()


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_output_that_is_closed_goes_nowhere(monkeypatch, name):
    monkeypatch.setattr(sys, name, None)
    open_missing_streams()
    with getattr(sys, name) as stream:
        print("Belém", file=stream, flush=True)
