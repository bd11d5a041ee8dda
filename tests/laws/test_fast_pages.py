"""Law: every answer reads the same with msgspec and without it, or msgspec leaves it alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from support.examples import examples
from support.models.one_of_each import Thing
from support.odd_answers import PIECES, change
from support.seen_records import seen
from support.wire_values import answers

from kintone_orm.connection import Connection
from kintone_orm.models.ground.fetch_modes import FETCH_ONE, FETCH_PEERS, FETCH_RAISE
from kintone_orm.models.record.decoding.fast_pages import fast_reader
from kintone_orm.models.record.decoding.page_decoder import decode
from kintone_orm.settings import PartialSettings

pytest.importorskip("msgspec", reason="the extra `fast` is not installed")

ZONES = [None, "Asia/Tokyo", "America/New_York"]
CONNECTIONS = st.sampled_from(
    [Connection(PartialSettings(), timezone=zone) for zone in ZONES],
)
MODES = st.sampled_from([FETCH_PEERS, FETCH_ONE, FETCH_RAISE])
NAMES = [name for name, field in Thing._meta.fields.items() if field.has_value]
SOME = st.none() | st.sets(st.sampled_from(NAMES)).map(
    lambda chosen: tuple(name for name in NAMES if name in chosen)
)


def read_both(body: bytes, connection: Connection, mode: Any, names: Any) -> bool:
    """Compare both ways of reading the answer; True if msgspec read it."""
    reader = fast_reader(Thing, connection.timezone, names)
    assert reader is not None
    fast = reader(body, connection, mode)
    if fast is None:
        return False
    answer = json.loads(body)
    records = answer["records"]
    things = decode(Thing, records, connection, names=names, fetch_mode=mode)
    others, fast_things, ids = fast
    assert others == answer | {"records": []}
    assert ids == [record["$id"]["value"] for record in records]
    assert [seen(thing) for thing in fast_things] == [seen(thing) for thing in things]
    return True


@examples(60)
@given(answers(least=1), CONNECTIONS, MODES, SOME)
def test_a_page_of_kintone_is_read_by_msgspec(answer, connection, mode, names):
    codes = [Thing._meta.fields[name].code for name in (NAMES if names is None else names)]
    for record in answer["records"]:
        for code in set(record) - {"$id", "$revision", *codes}:
            del record[code]
    body = json.dumps(answer, ensure_ascii=mode is FETCH_ONE).encode("utf-8", "surrogatepass")
    assert read_both(body, connection, mode, names)


@examples(200)
@given(answers(least=1), st.data(), CONNECTIONS)
def test_an_answer_with_an_odd_value_reads_the_same_or_is_left_alone(answer, data, connection):
    for _ in range(data.draw(st.integers(1, 3))):
        change(answer, data)
    body = json.dumps(answer).encode()
    event(f"read by msgspec: {read_both(body, connection, FETCH_PEERS, None)}")


@examples(300)
@given(answers(least=1), st.data(), CONNECTIONS, st.booleans())
def test_an_answer_with_odd_bytes_reads_the_same_or_is_left_alone(answer, data, connection, ascii_):
    body = json.dumps(answer, ensure_ascii=ascii_, separators=(",", ":")).encode()
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(body)))
        removed = data.draw(st.integers(0, 3))
        body = body[:place] + data.draw(PIECES | st.just(b"")) + body[place + removed :]
    event(f"read by msgspec: {read_both(body, connection, FETCH_PEERS, None)}")
