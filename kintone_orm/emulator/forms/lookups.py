"""Lookups: a key that must exist in another app, and the values that are copied with it."""

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

    `mappings` pairs the code of a field here with the code of the source's field whose value it
    is given. The copies are a snapshot: a later change of the source does not reach them.
    """

    code: str
    app: int
    key: str
    mappings: tuple[tuple[str, str], ...]

    def copy(self, cells: Record, fields: Mapping[str, Field], writing: Writing) -> None:
        """Fill the copies in `cells` from the source record, now; empty them with an empty key."""
        value = cells[self.code]["value"]
        source = writing.find_source(self.app, self.key, value) if value else None
        if value and source is None:
            raise fault("GAIA_LO04", field=self.code, value=value)
        for target, related in self.mappings:
            cell = source.get(related) if source else None
            cells[target]["value"] = _copied(cell, fields[target])


def _copied(cell: Mapping[str, Any] | None, target: Field) -> Any:
    """What of a source's cell the target holds: a number has no app code in front of it."""
    if cell is None or cell["value"] in (None, "", []):
        return target.empty
    if cell["type"] == "RECORD_NUMBER" and target.type == "NUMBER":
        return cell["value"].rpartition("-")[2]
    return cell["value"]


def lookup_of(definition: Mapping[str, Any]) -> Lookup | None:
    """The lookup that a field definition declares, if it is one."""
    settings = definition.get("lookup")
    if settings is None:
        return None
    return Lookup(
        code=definition["code"],
        app=int(settings["relatedApp"]["app"]),
        key=settings["relatedKeyField"],
        mappings=tuple((pair["field"], pair["relatedField"]) for pair in settings["fieldMappings"]),
    )
