"""Law: the generated decoder of a page gives the same values as each field's own method."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.models.one_of_each import Thing
from support.wire_values import CELLS, VALUES, WIRE, record

from kintone_orm.connection import Connection
from kintone_orm.exceptions import DecodeError
from kintone_orm.models.record.decoding.page_decoder import decode
from kintone_orm.settings import PartialSettings

ZONES = [None, "Asia/Tokyo", "America/New_York"]
CONNECTIONS = [Connection(PartialSettings(), timezone=zone) for zone in ZONES]

# People are sent by their codes alone, files by their keys, also in rows.
LESS_IS_SENT = {"papers", "owner", "team", "crew", "lines"}

# Values that no field of these types can read.
UNREADABLE = {
    "price": ["five", "1,000", {"value": "1"}],
    "count": ["1.5", "x"],
    "tags": [None, 5],
    "days": [None],
    "due": ["2024-02-30", "today", 5],
    "opens": ["25:00", 5],
    "start": ["soon", "2024-02-30T00:00:00Z", 5],
    "creator": [None, {}, "alice", {"code": "alice"}],
    "created": ["soon"],
    "level": ["1.5", "x"],
}


def test_every_field_is_read():
    assert set(WIRE) == {field.name for field in Thing._meta.fields.values() if field.has_value}
    assert set(CELLS) == set(Thing.lines.columns)


@examples(60)
@given(VALUES, st.sampled_from(CONNECTIONS))
def test_a_page_reads_as_its_fields_do_one_by_one(values, connection):
    (thing,) = decode(Thing, [record(values)], connection)
    assert (thing.id, thing.revision, thing._state.undecoded) == (7, 3, None)
    for name, wire in values.items():
        expected = Thing._meta.get_field(name).to_python(wire, connection.timezone)
        value = getattr(thing, name)
        assert (value, type(value)) == (expected, type(expected))
        if isinstance(value, datetime):
            assert value.utcoffset() == expected.utcoffset()


@examples(60)
@given(VALUES)
def test_what_is_read_is_no_change_and_is_written_as_it_was(values):
    (thing,) = decode(Thing, [record(values)], CONNECTIONS[0])
    assert thing.changed_fields() == {}
    for field in Thing._meta.fields.values():
        if field.writable and field.name not in LESS_IS_SENT:
            written = field.to_api(getattr(thing, field.name))
            assert field.to_python(written) == getattr(thing, field.name)
            assert field.to_api(field.to_python(written)) == written


@pytest.mark.parametrize(
    ("name", "wire"), [(name, wire) for name, wires in UNREADABLE.items() for wire in wires]
)
@examples(3)
@given(values=VALUES)
def test_a_value_that_cannot_be_read_costs_its_own_attribute_alone(values, name, wire):
    good, bad = decode(Thing, [record(values), record(values | {name: wire})], CONNECTIONS[0])
    field = Thing._meta.get_field(name)
    with pytest.raises(
        DecodeError, match=rf"Thing\.{name} \({field.kintone_type}\) cannot be read"
    ):
        getattr(bad, name)
    for other in WIRE:
        if other != name:
            assert getattr(bad, other) == getattr(good, other)


@pytest.mark.parametrize("name", WIRE)
def test_a_field_that_was_not_sent_says_so(name):
    field = Thing._meta.get_field(name)
    (thing,) = decode(Thing, [record({})], CONNECTIONS[0])
    with pytest.raises(
        DecodeError, match=rf"kintone did not send Thing\.{name} \(code '{field.code}'\)"
    ):
        getattr(thing, name)
