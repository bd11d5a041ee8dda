"""Values of every type of field, as kintone sends them, and answers with such records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from kintone_orm.models.record.decoding.page_shapes import accepted_types
from support.models.one_of_each import Thing

__all__ = ["CELLS", "VALUES", "WIRE", "answers", "record"]


def _typed(field: Any, value: Any) -> Any:
    """A strategy for the field with the value, of any type that its decoder accepts."""
    types = sorted(accepted_types(field) or ())
    return st.fixed_dictionaries({"type": st.sampled_from(types), "value": value})


# kintone REST API, "Field Types": what each type is read as; blanks are "" or null.
BLANK = st.sampled_from(["", None])
TEXT = BLANK | st.text(max_size=20)
DIGITS = st.integers(-(10**30), 10**30).map(str)
NUMBER = BLANK | DIGITS | st.from_regex(r"-?[0-9]{1,15}\.[0-9]{1,10}", fullmatch=True)
MINUTES = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29))
INSTANT = MINUTES.map(lambda each: each.isoformat(timespec="minutes") + ":00Z")
OPTION = BLANK | st.sampled_from(["A", "B", "old"])
OPTIONS = st.lists(st.sampled_from(["red", "green", "old"]))
WHO = st.fixed_dictionaries({"code": st.text(max_size=20), "name": st.text(max_size=20)})
DAY = BLANK | st.dates().map(str)
TIME = BLANK | st.times().map(lambda each: each.isoformat(timespec="minutes"))
PEOPLE = st.lists(WHO, max_size=2)
FILE = st.fixed_dictionaries(
    {"fileKey": st.text(), "name": st.text(), "contentType": st.text(), "size": st.just("5")}
)
CELLS = {
    "item": TEXT,
    "page": TEXT,
    "remark": TEXT,
    "text": TEXT,
    "qty": NUMBER,
    "sum": NUMBER,
    "grade": OPTION,
    "marks": OPTIONS,
    "day": DAY,
    "at": TIME,
    "moment": BLANK | INSTANT,
    "buyer": PEOPLE,
    "section": PEOPLE,
    "scans": st.lists(FILE, max_size=1),
}
ROW = {
    Thing.lines.columns[name].code: _typed(Thing.lines.columns[name], cell)
    for name, cell in CELLS.items()
}
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(1, 999).map(str),
            "value": st.fixed_dictionaries(ROW),
        }
    ),
    max_size=2,
    unique_by=lambda row: row["id"],
)
WIRE = {
    "title": TEXT,
    "site": TEXT,
    "memo": TEXT,
    "body": TEXT,
    "price": NUMBER,
    "count": BLANK | DIGITS,
    "rank": OPTION,
    "size": OPTION,
    "tags": OPTIONS,
    "days": OPTIONS,
    "due": DAY,
    "opens": TIME,
    "start": BLANK | INSTANT,
    "number": st.from_regex(r"([A-Z]+-)?[1-9][0-9]*", fullmatch=True),
    "creator": WHO,
    "modifier": WHO,
    "created": INSTANT,
    "updated": INSTANT,
    "shop": TEXT,
    "level": BLANK | DIGITS,
    "total": NUMBER,
    "finished": DAY,
    "papers": st.lists(FILE, max_size=2),
    "owner": PEOPLE,
    "team": PEOPLE,
    "crew": PEOPLE,
    "status": st.sampled_from(["New", "Done"]),
    "assignee": PEOPLE,
    "category": OPTIONS,
    "lines": ROWS,
}
VALUES = st.fixed_dictionaries(WIRE)

# What kintone sends besides the records: of a page, and of a cursor.
OTHERS = st.sampled_from([{}, {"totalCount": None}, {"totalCount": "12"}, {"next": True}])


def record(values: dict[str, Any], *, id_: int = 7) -> dict[str, Any]:
    """The record as kintone sends it, with these values by our names."""
    fields = [(Thing._meta.get_field(name), value) for name, value in values.items()]
    cells = {f.code: {"type": f.typed().kintone_type, "value": value} for f, value in fields}
    own = {"$id": {"type": "__ID__", "value": str(id_)}}
    return {**own, "$revision": {"type": "__REVISION__", "value": "3"}, **cells}


@st.composite
def answers(draw: Any, *, least: int = 0) -> dict[str, Any]:
    """An answer with some records of Thing."""
    values = draw(st.lists(VALUES, min_size=least, max_size=3))
    records = [record(each, id_=number) for number, each in enumerate(values, 1)]
    return draw(OTHERS) | {"records": records}
