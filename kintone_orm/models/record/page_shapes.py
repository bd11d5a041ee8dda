"""The shapes of values that a model's fields read, and a look whether a page has them.

The decoder takes a value for what its field was declared as, and a value of another shape may pass
for one: a list of options would be read as a text. Who changes the type of a field in the app
changes it for all records, and all records of an answer come from one form. So it is enough to
compare, once a page, the types of the first record, and of the first row of each table. What counts
is the shape: a number reads the same, whether it was typed in or calculated. Where a text is
declared as something else than the app has, the value decides, which is looked at the slow way.

Source: kintone REST API, "Field Types".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kintone_orm.fields.base import Field

    # A field's code, and the types of kintone's whose values have its shape.
    Column: TypeAlias = tuple[str, frozenset[str]]

__all__ = ["PageShapes", "fits", "shapes_of"]

_TEXTS = frozenset(  # a text, or null
    {"SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "LINK", "NUMBER", "CALC", "DATE", "TIME"}
    | {"DATETIME", "DROP_DOWN", "RADIO_BUTTON", "STATUS", "RECORD_NUMBER", "CREATED_TIME"}
    | {"UPDATED_TIME", "__ID__", "__REVISION__"}
)
_LISTS = frozenset({"CHECK_BOX", "MULTI_SELECT", "CATEGORY"})
_PEOPLE = frozenset({"USER_SELECT", "ORGANIZATION_SELECT", "GROUP_SELECT", "STATUS_ASSIGNEE"})
_PERSON = frozenset({"CREATOR", "MODIFIER"})
_NUMBERS = frozenset({"NUMBER", "CALC"})
_INSTANTS = frozenset({"DATETIME", "CREATED_TIME", "UPDATED_TIME"})

# For each type that is declared, those that the decoder may take for it. What it makes of a text it
# does not look at closely: a day would pass for an instant without a zone, "NaN" for a number.
_ALIKE = {
    **dict.fromkeys(("SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "LINK"), _TEXTS),
    **dict.fromkeys(("DROP_DOWN", "RADIO_BUTTON"), _TEXTS),
    **{
        type_: alike for alike in (_LISTS, _PEOPLE, _PERSON, _NUMBERS, _INSTANTS) for type_ in alike
    },
    **{
        type_: frozenset({type_})
        for type_ in ("DATE", "TIME", "STATUS", "RECORD_NUMBER", "FILE", "SUBTABLE")
        + ("__ID__", "__REVISION__")
    },
}


class PageShapes(NamedTuple):
    """The shapes of a page's fields, and of the columns of each table in it."""

    fields: tuple[Column, ...]
    tables: tuple[tuple[str, tuple[Column, ...]], ...]


def shapes_of(fields: Iterable[Field[Any, Any]]) -> PageShapes:
    """The shapes of these fields; of a type that is not kintone's nothing is known."""
    found = list(fields)
    tables = [(each.code, _columns(each.columns.values())) for each in found if each.columns]
    return PageShapes(_columns(found), tuple(tables))


def _columns(fields: Iterable[Field[Any, Any]]) -> tuple[Column, ...]:
    typed = ((field.code, field.typed().kintone_type) for field in fields)
    return tuple((code, _ALIKE[type_]) for code, type_ in typed if type_ in _ALIKE)


def fits(shapes: PageShapes, records: Sequence[Mapping[str, Any]]) -> bool:
    """True if the first record, and the first row of each table, have these shapes."""
    try:
        return not records or (
            _fit(shapes.fields, records[0])
            and all(_first_row_fits(code, columns, records) for code, columns in shapes.tables)
        )
    except (KeyError, IndexError, TypeError):
        return False  # it has no types, or not these fields


def _fit(columns: Iterable[Column], cells: Mapping[str, Any]) -> bool:
    return all(cells[code]["type"] in alike for code, alike in columns)


def _first_row_fits(
    code: str, columns: Iterable[Column], records: Sequence[Mapping[str, Any]]
) -> bool:
    for index in range(len(records)):
        if rows := records[index][code]["value"]:
            return _fit(columns, rows[0]["value"])
    return True
