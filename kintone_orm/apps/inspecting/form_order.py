"""The fields of a form that a model can have, in the order of the form's layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.models.ground.form_definitions import BUILT_IN_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["codes_in_order", "columns_in_order"]


def codes_in_order(
    fields: Mapping[str, Mapping[str, Any]], layout: Sequence[Mapping[str, Any]] | None
) -> list[str]:
    """Return the codes of the fields in the order of the layout, with groups at their places.

    Fields that are not in the layout come last, kintone's own fields after the others. Groups have
    no values, so they are left out.
    """
    placed = [code for code, _ in _placed(layout or ()) if code in fields]
    rest = [code for code in fields if code not in placed]
    rest.sort(key=lambda code: _rank(fields[code]))
    return [code for code in dict.fromkeys([*placed, *rest]) if fields[code].get("type") != "GROUP"]


def columns_in_order(
    table: str, columns: Iterable[str], layout: Sequence[Mapping[str, Any]] | None
) -> list[str]:
    """Return the codes of a table's columns in the order of the layout."""
    known = list(columns)
    placed = [
        code
        for table_code, inner in _placed(layout or ())
        if table_code == table
        for code in inner
        if code in known
    ]
    return list(dict.fromkeys([*placed, *known]))


def _rank(definition: Mapping[str, Any]) -> int:
    kind = definition.get("type")
    return BUILT_IN_TYPES.index(kind) + 1 if kind in BUILT_IN_TYPES else 0


def _placed(layout: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Yield the code of each field in the layout, with the codes of its columns."""
    for part in layout:
        if part.get("type") == "GROUP":
            yield from _placed(part.get("layout", ()))
            continue
        codes = [field["code"] for field in part.get("fields", ()) if field.get("code")]
        if part.get("type") == "SUBTABLE":
            yield part["code"], codes
        else:
            yield from ((code, []) for code in codes)
