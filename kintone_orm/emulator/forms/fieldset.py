"""The writable fields of a form, or of a subtable in it: how sent cells become kept cells."""

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
    """Fields by code, and the lookups among them. Codes of no field are ignored when sent."""

    def __init__(self, fields: Mapping[str, Field], lookups: tuple[Lookup, ...]) -> None:
        self.fields = fields
        self.lookups = lookups
        copies = {target for lookup in lookups for target, _ in lookup.mappings}
        calculated = {code for code, field in fields.items() if field.filled_by_server}
        self.filled_by_server = frozenset(copies | calculated)

    def fill(
        self,
        sent: Mapping[str, Any],
        prefix: str,
        writing: Writing,
        *,
        with_defaults: bool = True,
    ) -> Record:
        """The cells of a new record or row: what was sent, and defaults for what was not."""
        cells = {}
        for code, field in self.fields.items():
            if code in self.filled_by_server:
                value = field.empty
            elif code in sent:
                value = field.read(_value(sent, code, prefix), prefix, writing)
            else:
                begun = field.initial(writing) if with_defaults else None
                value = field.read(begun, prefix, writing)
            cells[code] = {"type": field.type, "value": value}
        for lookup in self.lookups:
            lookup.copy(cells, self.fields, writing)
        self._check_presence(cells, prefix, writing)
        return cells

    def change(self, kept: Record, sent: Mapping[str, Any], prefix: str, writing: Writing) -> None:
        """Put what was sent into the kept cells; what was not sent stays.

        A field that became required later fails here even if it is not sent: measured.
        """
        for code in sent:
            field = self.fields.get(code)
            if field is not None and code not in self.filled_by_server:
                cell = kept[code]
                value = _value(sent, code, prefix)
                cell["value"] = field.change(cell["value"], value, prefix, writing)
        for lookup in self.lookups:
            if lookup.code in sent:
                lookup.copy(kept, self.fields, writing)
        self._check_presence(kept, prefix, writing)

    def _check_presence(self, cells: Record, prefix: str, writing: Writing) -> None:
        for code, field in self.fields.items():
            if field.required:
                field.check_presence(cells[code]["value"], prefix, writing.problems)


def _value(sent: Mapping[str, Any], code: str, prefix: str) -> Any:
    """The "value" of a sent cell; a cell without one counts as empty. A `type` is ignored."""
    cell = sent[code]
    if isinstance(cell, dict):
        return cell.get("value")
    raise misshapen(f"{prefix}.{code}", "object")
