"""The cost of decoding a page, in counts that are the same on every machine."""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from pathlib import Path

import marshmallow
import pytest
from support.models.corpus import Deal, records

from kintone_orm import Model, fields
from kintone_orm.connection import Connection
from kintone_orm.models.record.decoding.page_decoder import decode
from kintone_orm.settings import PartialSettings

COUNT = 500
CONNECTION = Connection(PartialSettings())


class Counted(Model):
    number = fields.NumberField()
    name = fields.SingleLineTextField(required=True)


@pytest.fixture(scope="module")
def page():
    body = json.dumps(records(COUNT))
    decode(Deal, json.loads(body), CONNECTION)  # the decoder is made once
    return body


def frames_of(action):
    """The number of Python frames that `action` enters, by file."""
    found = Counter()

    def note(frame, event, arg):
        if event == "call":
            found[frame.f_code.co_filename] += 1

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return found


def test_a_record_takes_at_most_25_python_frames_and_none_of_a_parser_or_a_schema(page):
    parsed = json.loads(page)
    frames = frames_of(lambda: decode(Deal, parsed, CONNECTION))
    assert frames.total() / COUNT <= 25
    assert not [name for name in frames if {"marshmallow", "dateutil"} & set(Path(name).parts)]


def test_a_record_keeps_at_most_80_blocks_of_memory(page):
    gc.collect()
    before = sys.getallocatedblocks()
    kept = decode(Deal, json.loads(page), CONNECTION)
    gc.collect()
    assert (sys.getallocatedblocks() - before) / len(kept) <= 80


def test_every_value_of_the_page_is_read(page):
    for deal in decode(Deal, json.loads(page), CONNECTION):
        assert deal._state.undecoded is None
        assert deal.get_deferred_fields() == set()
        assert deal.changed_fields() == {}


def test_the_decoder_leaves_a_record_as_the_fields_do_one_by_one(page):
    sent = json.loads(page)
    for deal, record in zip(decode(Deal, sent, CONNECTION), sent, strict=True):
        for name, field in Deal._meta.fields.items():
            value = field.to_python(record[field.code]["value"])
            assert getattr(deal, name) == value
            if field.mutable:
                assert field.loaded(deal) == field.snapshot(value)


def test_a_hundred_saves_build_no_schema(kintone, monkeypatch):
    built = []
    original = marshmallow.Schema.__init__

    def noted(self, *args, **kwargs):
        built.append(self)
        original(self, *args, **kwargs)

    monkeypatch.setattr(marshmallow.Schema, "__init__", noted)
    record = Counted(name="a")
    for number in range(100):
        record.number = number
        record.save()
    assert built == []


@pytest.mark.parametrize("collecting", [True, False])
def test_the_collector_is_afterwards_as_it_was(page, collecting):
    seen = []
    switch = gc.enable if collecting else gc.disable

    class Watched(list):
        def __iter__(self):
            seen.append(gc.isenabled())
            return super().__iter__()

    try:
        switch()
        decode(Deal, Watched(json.loads(page)), CONNECTION)
        assert (seen, gc.isenabled()) == ([False], collecting)
        with pytest.raises(KeyError):
            decode(Deal, [{}], CONNECTION)
        assert gc.isenabled() is collecting
    finally:
        gc.enable()
