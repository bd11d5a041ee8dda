"""The writable fields of a form or a subtable, which turn sent cells into stored cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ground.errors import misshapen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store.record_text import Record
    from ..values import Field, Writing
    from .lookups import Lookup

__all__ = ["FieldSet"]


class FieldSet:
    """Fields by code, and the lookups among them. Sent cells with unknown codes are ignored."""

    def __init__(self, fields: Mapping[str, Field], lookups: tuple[Lookup, ...]) -> None:
        self.fields = fields
        self.lookups = lookups
        copies = {target for lookup in lookups for target, _ in lookup.mappings}
        calculated = {code for code, field in fields.items() if field.filled_by_server}
        self.filled_by_server = frozenset(copies | calculated)

    def fill(
        self,
        sent: Mapping[str, object],
        prefix: str,
        writing: Writing,
        *,
        with_defaults: bool = True,
    ) -> Record:
        """Return the cells of a new record or row: the sent values, otherwise the defaults."""
        cells = {}
        for code, field in self.fields.items():
            if code in self.filled_by_server:
                value = field.empty
            elif code in sent:
                value = field.read(_value(sent, code, prefix), prefix, writing)
            else:
                default = field.initial(writing) if with_defaults else None
                value = field.read(default, prefix, writing)
            cells[code] = {"type": field.type, "value": value}
        for lookup in self.lookups:
            lookup.copy(cells, self.fields, writing)
        self._check_presence(cells, prefix, writing)
        return cells

    def change(
        self, stored: Record, sent: Mapping[str, Any], prefix: str, writing: Writing
    ) -> None:
        """Put the sent values into the stored cells.

        Every required field must have a value, even if the request does not send the field.
        Measured: if a field becomes required later, kintone refuses every update of a record in
        which the field is blank.
        """
        for code in sent:
            field = self.fields.get(code)
            if field is not None and code not in self.filled_by_server:
                cell = stored[code]
                value = _value(sent, code, prefix)
                cell["value"] = field.change(cell["value"], value, prefix, writing)
        for lookup in self.lookups:
            if lookup.code in sent:
                lookup.copy(stored, self.fields, writing)
        self._check_presence(stored, prefix, writing)

    def _check_presence(self, cells: Record, prefix: str, writing: Writing) -> None:
        for code, field in self.fields.items():
            if field.required:
                field.check_presence(cells[code]["value"], prefix, writing.problems)


def _value(sent: Mapping[str, object], code: str, prefix: str) -> Any:
    """Return the "value" of a sent cell. A cell without a "value" is blank: None."""
    cell = sent[code]
    if isinstance(cell, dict):
        return cell.get("value")
    raise misshapen(f"{prefix}.{code}", "object")
