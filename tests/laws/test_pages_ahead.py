"""Law: odd pages read the same ahead, one after the other, and parsed as JSON first.

The rows before an error, and the error with its text, are the same in all three ways.
"""

from __future__ import annotations

import io
import json
import re
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from hypothesis import event, given
from hypothesis import strategies as st
from requests.adapters import BaseAdapter
from support.examples import examples
from support.models.one_of_each import Thing
from support.odd_answers import PIECES, change
from support.wire_values import answers

from kintone_orm import connect, connections
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.models.record.row_shapes import Instances, Values

SIZE = 3
NAMES = [name for name, field in Thing._meta.fields.items() if field.has_value]
AFTER = re.compile(r'\$id > "(\d+)"')
EMPTY = b'{"records":[],"totalCount":null}'


class Pages(BaseAdapter):
    """Pages by the id after which they begin; other ids are followed by an empty page."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: dict[int, bytes] = {}

    def send(self, request, *_args, **_options):
        query = dict(parse_qsl(urlsplit(request.url).query)).get("query", "")
        after = AFTER.search(query)
        response = requests.Response()
        response.status_code = 200
        body = self.bodies.get(int(after[1]) if after else 0, EMPTY)
        response.raw, response.request, response.url = io.BytesIO(body), request, request.url
        return response

    def close(self):
        pass


@pytest.fixture(scope="module")
def pages():
    adapter = Pages()
    connection = connect(
        "https://example.cybozu.com",
        api_token="token",
        apps={"thing": 1, "things": 1, "shop": 2, "sale": 3},
        alias="pages",
        adapter=adapter,
        retry=False,
    )
    with connections.override(connection):
        yield adapter
    del connections["pages"]


def end_of(queryset, ahead):
    """The rows of a read, and the error that ended it."""
    rows = []
    try:
        rows.extend(queryset.iterator(SIZE, ahead=ahead))
    except KintoneORMError as error:
        return [shown(row) for row in rows], type(error), str(error)
    return [shown(row) for row in rows], None, ""


def shown(row):
    """A row in a form that can be compared."""
    if not isinstance(row, Thing):
        return repr(row)
    return row.id, row.revision, {name: value_of(row, name) for name in NAMES}


def value_of(record, name):
    """A value, or the error of a value that cannot be read."""
    try:
        value = getattr(record, name)
    except KintoneORMError as error:
        return type(error), str(error)
    return repr(list(value) if isinstance(value, list) else value)


def numbered(answer, first):
    """Give the records the ids from `first` on."""
    for id_, record in enumerate(answer["records"], first):
        record["$id"]["value"] = str(id_)


def spoil_ids(answer, data):
    """Make the ids of a page, or the number of its records, odd."""
    records = answer["records"]
    record = data.draw(st.sampled_from(records))
    id_ = record["$id"]
    odd = {
        "order": records.reverse,
        "repeated": lambda: records.append(record),
        "missing": lambda: records.remove(record),
        "no id": lambda: record.pop("$id"),
        "no value": lambda: id_.pop("value"),
        "no text": lambda: id_.update(value=int(id_["value"])),
        "no number": lambda: id_.update(value=f"{id_['value']}a"),
        "zeros": lambda: id_.update(value=f"0{id_['value']}"),
        "blank": lambda: id_.update(value=None),
        "far": lambda: id_.update(value=str(int(id_["value"]) + 100)),
        "other type": lambda: id_.update(type="RECORD_NUMBER"),
        "no revision": lambda: record.pop("$revision"),
        "no dict": lambda: records.append(None),
        "two ids": lambda: record.update({"Zusatz": dict(id_)}),
    }
    odd[data.draw(st.sampled_from(sorted(odd)))]()


@examples(60)
@given(
    st.lists(answers(least=SIZE), min_size=3, max_size=3),
    st.sampled_from(["ids", "values", "bytes"]),
    st.booleans(),
    st.data(),
)
def test_odd_pages_read_the_same_in_three_ways(pages, read, oddity, by_values, data):
    for turn, answer in enumerate(read):
        numbered(answer, SIZE * turn + 1)
    spoilt = data.draw(st.integers(0, len(read) - 1))
    if oddity == "values":
        change(read[spoilt], data)
    if oddity == "ids":
        spoil_ids(read[spoilt], data)
    pages.bodies = {SIZE * turn: json.dumps(answer).encode() for turn, answer in enumerate(read)}
    if oddity == "bytes":
        body = pages.bodies[SIZE * spoilt]
        place = data.draw(st.integers(0, len(body)))
        pages.bodies[SIZE * spoilt] = body[:place] + data.draw(PIECES) + body[place:]
    queryset = Thing.objects.order_by("pk")
    if by_values:
        queryset = queryset.values("pk", "title", "price", "due", "lines")

    alone, ahead = end_of(queryset, 0), end_of(queryset, 1)
    without_reader = {"reader": lambda *_: None}
    with patch.multiple(Instances, **without_reader), patch.multiple(Values, **without_reader):
        plain = end_of(queryset, 0)
    event(f"{oddity}: {plain[1]}")
    assert ahead == alone
    assert ahead == plain
