"""Subtables. A row keeps its id, so that an update is merged row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..ground import choices
from ..ground.errors import misshapen
from ..values import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..ground.problems import Problems
    from ..values import Precision, Writing
    from .fieldset import FieldSet

__all__ = ["Subtable"]


class Subtable(Field):
    """SUBTABLE: a list of {"id": "12", "value": {code: {"type", "value"}}}."""

    empty: ClassVar[Any] = []

    def __init__(
        self, definition: Mapping[str, object], precision: Precision, columns: FieldSet
    ) -> None:
        super().__init__(definition, precision)
        self.columns = columns

    def read(self, value: object, prefix: str, writing: Writing) -> list[dict[str, Any]]:
        """Return new rows. Ids in the request are ignored (kintone: Field types, Table)."""
        return self._rows([], value, prefix, writing, with_defaults=True)

    def change(
        self, stored: list[dict[str, Any]], value: Any, prefix: str, writing: Writing
    ) -> list[dict[str, Any]]:
        """Return the sent rows, in their order, merged with the stored rows.

        A row with the id of a stored row changes the stored row. Any other row is new. Stored rows
        that were not sent are deleted.
        """
        with_defaults = choices.NEW_ROWS_OF_UPDATES_HAVE_DEFAULTS
        return self._rows(stored, value, prefix, writing, with_defaults=with_defaults)

    def _rows(
        self,
        stored: list[dict[str, Any]],
        value: object,
        prefix: str,
        writing: Writing,
        *,
        with_defaults: bool,
    ) -> list[dict[str, Any]]:
        if value in (None, ""):
            return []
        if not isinstance(value, list):
            raise self.shape_error(prefix, "array")
        stored_by_id = {row["id"]: row for row in stored}
        rows = []
        for position, sent in enumerate(value):
            path = f"{prefix}.{self.code}.value[{position}]"
            cells = sent.get("value") if isinstance(sent, dict) else None
            if not isinstance(sent, dict) or not isinstance(cells, (dict, type(None))):
                raise misshapen(path, "object")
            row = stored_by_id.pop(str(sent.get("id")), None)
            if row is None:
                new = self.columns.fill(
                    cells or {}, f"{path}.value", writing, with_defaults=with_defaults
                )
                rows.append({"id": str(writing.new_row_id()), "value": new})
            else:
                self.columns.change(row["value"], cells or {}, f"{path}.value", writing)
                rows.append(row)
        return rows

    def check(self, value: Any, prefix: str, problems: Problems) -> None:
        """Check the rows by the settings of the columns."""
        for position, row in enumerate(value):
            place = f"{prefix}.{self.code}.value[{position}].value"
            for column in self.columns.fields.values():
                column.check(row["value"][column.code]["value"], place, problems)
