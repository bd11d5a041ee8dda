"""Any JSON for a field is refused with an error body, or read back as a valid value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.plain_kintone import Kintone, cells, options, password

from kintone_orm.emulator import Emulator

FORM = {
    "text": {"type": "SINGLE_LINE_TEXT", "maxLength": "20"},
    "key": {"type": "SINGLE_LINE_TEXT", "unique": True},
    "memo": {"type": "MULTI_LINE_TEXT"},
    "link": {"type": "LINK"},
    "number": {"type": "NUMBER"},
    "date": {"type": "DATE"},
    "time": {"type": "TIME"},
    "datetime": {"type": "DATETIME"},
    "choice": {"type": "DROP_DOWN", "options": options("a", "b")},
    "radio": {"type": "RADIO_BUTTON", "options": options("a", "b")},
    "boxes": {"type": "CHECK_BOX", "options": options("a", "b")},
    "users": {"type": "USER_SELECT"},
    "groups": {"type": "GROUP_SELECT"},
    "file": {"type": "FILE"},
    "table": {
        "type": "SUBTABLE",
        "fields": {"inner": {"type": "NUMBER"}, "day": {"type": "DATE"}},
    },
}
EVERY_FIELD = [*FORM, "Created_by", "Created_datetime", "Status", "Record_number", "$id"]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(
        ["a", "2024", "2024-02-30", "23:59", "2024-02-06T12:59:00+23:59", "1e9", "sato", "0001"]
        + ["0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-09:00", "https://x", "everyone", "\0"]
    )
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["code", "value", "id", "fileKey", "inner", "day", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def place():
    emulator = Emulator(users={"sato": "secret"})
    kintone = Kintone(emulator, password("sato", "secret"))
    yield kintone, kintone.new_app(FORM)
    emulator.close()


def shape(code, value):
    """Return True if the field can have this value."""
    if code in {"boxes", "users", "groups", "file", "table"}:
        return isinstance(value, list)
    if code in {"date", "time", "choice"}:
        return value is None or isinstance(value, str)
    if code == "Created_by":
        return set(value) == {"code", "name"}
    return isinstance(value, str)


@examples(300)
@given(code=st.sampled_from(EVERY_FIELD), value=values)
def test_a_value_is_refused_or_reads_back_and_can_be_sent_again(place, code, value):
    kintone, app = place
    response = kintone.send("POST", "record.json", {"app": app, "record": cells({code: value})})
    if response.status_code != 200:
        assert 400 <= response.status_code < 500
        assert {"code", "id", "message"} <= set(response.json())
        return
    number = int(response.json()["id"])
    kept = kintone.read(app, number)
    if code not in kept:
        return
    assert shape(code, kept[code])
    if code in FORM:
        kintone.put(app, number, **{code: kept[code]})
        assert kintone.read(app, number)[code] == kept[code]
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [number]})


@examples(200)
@given(
    body=st.dictionaries(
        st.sampled_from(["app", "record", "records", "ids", "id", "query", "fields"]), values
    )
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "records.json"),
        ("POST", "records.json"),
        ("PUT", "records.json"),
        ("DELETE", "records.json"),
        ("POST", "bulkRequest.json"),
        ("POST", "preview/app/form/fields.json"),
    ],
)
def test_no_parameters_are_answered_with_anything_but_an_answer(place, method, path, body):
    response = place[0].send(method, path, body)
    assert response.status_code < 500
    assert isinstance(response.json(), dict)
