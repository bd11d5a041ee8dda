"""Fields that hold attached files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..ground.errors import fault
from .base import Field
from .entity import texts_under

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .base import Writing

__all__ = ["File", "file_keys"]


def file_keys(cells: Mapping[str, Any]) -> set[str]:
    """The keys of every file in a record, those in the rows of its tables included."""
    keys: set[str] = set()
    for cell in cells.values():
        if cell["type"] == "FILE":
            keys.update(file["fileKey"] for file in cell["value"])
        elif cell["type"] == "SUBTABLE":
            for row in cell["value"]:
                keys |= file_keys(row["value"])
    return keys


class File(Field):
    """FILE: a list of {"contentType", "fileKey", "name", "size"}, sent as {"fileKey"}."""

    empty: ClassVar[Any] = []
    suffix = "values"

    def read(self, value: Any, prefix: str, writing: Writing) -> list[dict[str, str]]:
        """The uploaded files with these keys. GAIA_BL01 for any other key, and for one used up."""
        return self.change([], value, prefix, writing)

    def change(
        self, kept: list[dict[str, str]], value: Any, prefix: str, writing: Writing
    ) -> list[dict[str, str]]:
        """The files that were sent, in that order: kept ones by the key that was read, and new.

        A kept one that is not mentioned is gone.
        """
        keys = texts_under("fileKey", value)
        if keys is None:
            raise self.misshapen(prefix, "files")
        held = {file["fileKey"]: file for file in kept}
        files = []
        for key in keys:
            file = held.pop(key, None) or writing.attach(key)
            if file is None:
                raise fault("GAIA_BL01", key=key)
            files.append(file)
        return files
