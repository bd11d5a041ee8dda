"""Page shapes: the types that a model's fields can decode, compared once for each page.

The decoder trusts a value to have the declared type. A value of another type could be decoded
silently: a list of options, for example, would be read as a text. But a field has one type in the
whole app, and all records of an answer come from one form. So it is enough to compare the types of
the first record of a page, and of the first row of each subtable.

Types with values of the same shape are interchangeable: a number is decoded in the same way whether
it was entered or calculated. A page with a field of any other type is decoded field by field.

Source: kintone REST API, "Field Types".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kintone_orm.fields.base import Field

    # A field's code, and the kintone types whose values have its shape.
    Column: TypeAlias = tuple[str, frozenset[str]]

__all__ = [
    "LISTS",
    "PEOPLE",
    "PERSON",
    "TEXTS",
    "OtherShape",
    "PageShapes",
    "accepted_types",
    "checking_shapes",
    "shapes_of",
]

# The types whose value is a text or null.
TEXTS = frozenset(
    {"SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "LINK", "NUMBER", "CALC", "DATE", "TIME"}
    | {"DATETIME", "DROP_DOWN", "RADIO_BUTTON", "STATUS", "RECORD_NUMBER", "CREATED_TIME"}
    | {"UPDATED_TIME", "__ID__", "__REVISION__"}
)
LISTS = frozenset({"CHECK_BOX", "MULTI_SELECT", "CATEGORY"})
PEOPLE = frozenset({"USER_SELECT", "ORGANIZATION_SELECT", "GROUP_SELECT", "STATUS_ASSIGNEE"})
PERSON = frozenset({"CREATOR", "MODIFIER"})
_NUMBERS = frozenset({"NUMBER", "CALC"})
_INSTANTS = frozenset({"DATETIME", "CREATED_TIME", "UPDATED_TIME"})

# For each declared type, the app's types that its decoder accepts. The decoder does not check texts
# closely: a date would pass for an instant without a time zone, and "NaN" for a number.
_ALIKE = {
    **dict.fromkeys(("SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "LINK"), TEXTS),
    **dict.fromkeys(("DROP_DOWN", "RADIO_BUTTON"), TEXTS),
    **{type_: alike for alike in (LISTS, PEOPLE, PERSON, _NUMBERS, _INSTANTS) for type_ in alike},
    **{
        type_: frozenset({type_})
        for type_ in ("DATE", "TIME", "STATUS", "RECORD_NUMBER", "FILE", "SUBTABLE")
        + ("__ID__", "__REVISION__")
    },
}


class OtherShape(ValueError):
    """The error for a page with a field of another type than the model's."""


class PageShapes(NamedTuple):
    """The shapes of the fields of a page, and of the columns of each subtable in it."""

    fields: tuple[Column, ...]
    tables: tuple[tuple[str, tuple[Column, ...]], ...]


def shapes_of(fields: Iterable[Field]) -> PageShapes:
    """Return the shapes of these fields; fields without a kintone type are left out."""
    every = list(fields)
    tables = [(field.code, _columns(field.columns.values())) for field in every if field.columns]
    return PageShapes(_columns(every), tuple(tables))


def _columns(fields: Iterable[Field]) -> tuple[Column, ...]:
    typed = ((field.code, accepted_types(field)) for field in fields)
    return tuple((code, types) for code, types in typed if types is not None)


def accepted_types(field: Field) -> frozenset[str] | None:
    """Return the types of the app's field that the decoder accepts; None for any type.

    A field has no accepted types if its own type is unknown.
    """
    return _ALIKE.get(field.typed().kintone_type)


def checking_shapes(
    shapes: PageShapes, records: Iterable[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a page.

    OtherShape if the first record, or the first row of a subtable, has another shape; KeyError or
    TypeError if a record is none of kintone's.
    """
    fields, tables = shapes
    every = iter(records)
    for record in every:
        _check(fields, record)
        fields = ()
        empty = []
        for code, columns in tables:
            rows = record[code]["value"]
            if rows:
                _check(columns, rows[0]["value"])
            else:
                empty.append((code, columns))
        yield record
        if not empty:
            break
        tables = tuple(empty)
    yield from every


def _check(columns: Iterable[Column], cells: Mapping[str, Any]) -> None:
    for code, alike in columns:
        if cells[code]["type"] not in alike:
            raise OtherShape
