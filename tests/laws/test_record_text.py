"""Law: the records of a text are those that `json.loads` finds in it, or they are not read."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm.api.record_text import read_records

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
MEMBERS = st.dictionaries(st.sampled_from(["totalCount", "next", "x"]), JSON, max_size=2)
LAYOUTS = st.sampled_from([{}, {"separators": (",", ":")}, {"indent": 1}, {"ensure_ascii": False}])
REPEATED = st.sampled_from([b',"records":[]', b',"records":[{}]', b',"next":null'])
ODD = st.sampled_from(['"', ",", "]", "}", "{", "[", ":", " ", "\n", "1", "\x00", "\ufeff", "\\"])


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    """The body of a page, laid out in one of several ways."""
    page = {"records": draw(st.lists(JSON, max_size=4)), **draw(MEMBERS)}
    return json.dumps(page, **draw(LAYOUTS)).encode("utf-8", "surrogatepass")


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """The body of a page with a few bytes cut out, put in or repeated."""
    body = draw(pages())
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 6)))
    put = draw(
        st.just(b"")
        | REPEATED
        | ODD.map(str.encode)
        | st.binary(max_size=2)
        | st.just(body[start:])
    )
    return body[:start] + put + body[end:]


def expected(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


@examples(200)
@given(pages())
def test_every_page_is_read(body: bytes) -> None:
    answer, records = read_records(body, list)
    assert repr({**answer, "records": records}) == repr(expected(body))


@examples(200)
@given(bodies())
def test_what_is_read_is_what_json_says(body: bytes) -> None:
    try:
        answer, records = read_records(body, list)
    except ValueError:
        return
    assert repr({**answer, "records": records}) == repr(expected(body))
