"""Lookups: a key that must exist in another app, and values copied from the record with the key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..ground.errors import fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store.record_text import Record
    from ..values import Field, Writing

__all__ = ["Lookup", "lookup_of"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """The `lookup` of one field definition.

    `mappings` are pairs of codes: a field of this app, and the field of the source app whose value
    is copied to it. Later changes of the source record do not change the copies.
    """

    code: str
    app: int
    key: str
    mappings: tuple[tuple[str, str], ...]

    def copy(self, cells: Record, fields: Mapping[str, Field], writing: Writing) -> None:
        """Copy the values of the source record into `cells`.

        If the key is blank, the copies become blank. Raises GAIA_LO04 if no record has the key.
        """
        value = cells[self.code]["value"]
        source = writing.find_source(self.app, self.key, value) if value else None
        if value and source is None:
            raise fault("GAIA_LO04", field=self.code, value=value)
        for target, related in self.mappings:
            cell = source.get(related) if source else None
            cells[target]["value"] = _copied_value(cell, fields[target])


def _copied_value(cell: Mapping[str, Any] | None, target: Field) -> Any:
    """Return the value to copy. A record number is copied to a NUMBER without its app code."""
    if cell is None or cell["value"] in (None, "", []):
        return target.empty
    if cell["type"] == "RECORD_NUMBER" and target.type == "NUMBER":
        return cell["value"].rpartition("-")[2]
    return cell["value"]


def lookup_of(definition: Mapping[str, Any]) -> Lookup | None:
    """Return the lookup that a field definition declares, or None."""
    settings = definition.get("lookup")
    if settings is None:
        return None
    return Lookup(
        code=definition["code"],
        app=int(settings["relatedApp"]["app"]),
        key=settings["relatedKeyField"],
        mappings=tuple((pair["field"], pair["relatedField"]) for pair in settings["fieldMappings"]),
    )
