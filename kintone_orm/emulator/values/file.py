"""Attachment fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..ground.errors import fault
from .base import Field
from .entity import texts_under

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..ground.json_types import Cell
    from .base import Writing

__all__ = ["File", "file_keys"]


def file_keys(cells: Mapping[str, Cell]) -> set[str]:
    """Return the keys of all files in a record, also in the rows of its tables."""
    keys: set[str] = set()
    for cell in cells.values():
        if cell["type"] == "FILE":
            keys.update(file["fileKey"] for file in cell["value"])
        elif cell["type"] == "SUBTABLE":
            for row in cell["value"]:
                keys |= file_keys(row["value"])
    return keys


class File(Field):
    """FILE: stores objects with contentType, fileKey, name and size. Clients send the fileKey."""

    empty: ClassVar[Any] = []
    suffix = "values"

    def read(self, value: object, prefix: str, writing: Writing) -> list[dict[str, str]]:
        """Return the uploaded files. Raises GAIA_BL01 for a key that is unknown or already used."""
        return self.change([], value, prefix, writing)

    def change(
        self, stored: list[dict[str, str]], value: object, prefix: str, writing: Writing
    ) -> list[dict[str, str]]:
        """Return the sent files in their order: stored files by their keys, and uploaded files.

        A stored file that is not sent is removed from the record.
        """
        keys = texts_under("fileKey", value)
        if keys is None:
            raise self.shape_error(prefix, "files")
        stored_files = {file["fileKey"]: file for file in stored}
        files = []
        for key in keys:
            file = stored_files.pop(key, None) or writing.attach(key)
            if file is None:
                raise fault("GAIA_BL01", key=key)
            files.append(file)
        return files
