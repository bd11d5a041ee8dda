"""The base class of the emulator's field types, and the context of a write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ..ground.errors import KintoneError, misshapen

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..ground.json_types import Definition
    from ..ground.problems import Problems
    from ..store.people import Directory, User
    from ..store.record_text import StoredRecord

__all__ = ["Field", "Precision", "Writing"]


@dataclass(frozen=True, slots=True)
class Precision:
    """An app's numberPrecision: the digits that its numbers keep, and the rounding."""

    digits: int
    decimal_places: int
    rounding: str
    """A rounding mode of `decimal`: ROUND_HALF_EVEN, ROUND_UP or ROUND_DOWN."""


@dataclass(frozen=True, slots=True)
class Writing:
    """The context of one write: the time, the caller, the directory, and the problems found."""

    now: datetime
    user: User
    directory: Directory
    problems: Problems
    find_source: Callable[[int, str, str], StoredRecord | None]
    """Return the record of an app (id) whose field (code) has this value.

    Return None if there is no such record, or if the caller may not view it.
    """
    new_row_id: Callable[[], int]
    attach: Callable[[str], dict[str, str] | None]
    """Return the stored value for the key of an uploaded file. A key can be used only once."""


class Field:
    """One field of a live form. It checks the values that clients send, and converts them.

    `read` turns a sent JSON value of any type into the stored value.
    """

    empty: ClassVar[Any] = ""
    """The stored value of a blank (kintone REST API: Field types)."""
    suffix: ClassVar[str] = "value"
    """The end of the path in a message about a value, after "record.<code>."."""
    enforces_required: ClassVar[bool] = True
    filled_by_server: ClassVar[bool] = False
    """True if kintone ignores the value that a client sends."""

    def __init__(self, definition: Definition, precision: Precision) -> None:
        self.code: str = definition["code"]
        self.type: str = definition["type"]
        self.required = bool(definition.get("required")) and self.enforces_required
        self.unique = bool(definition.get("unique"))
        self.preset: Any = definition.get("defaultValue")
        # Only fields of numbers use the precision.
        del precision

    def read(self, value: object, prefix: str, writing: Writing) -> Any:
        """Return the value to store.

        Problems go to `writing.problems`, at paths below `prefix` ("record", "records[0]",
        "record.table.value[1].value").
        """
        raise NotImplementedError

    def change(self, stored: Any, value: object, prefix: str, writing: Writing) -> Any:
        """Return the value to store in place of `stored`. Only subtables and files use `stored`."""
        del stored
        return self.read(value, prefix, writing)

    def initial(self, writing: Writing) -> Any:
        """Return the value that `read` gets for a new record if the client sends no value."""
        del writing
        return self.preset

    def check(self, value: Any, prefix: str, problems: Problems) -> None:
        """Add a problem if the form's settings (lengths, range) refuse a stored value."""

    def check_presence(self, value: object, prefix: str, problems: Problems) -> None:
        """Add a problem if the field is required and the value is blank."""
        if self.required and value in (None, "", []):
            problems.add(f"{prefix}.{self.code}.{self.suffix}", "required_value")

    def report(self, prefix: str, problems: Problems, key: str, /, **values: object) -> None:
        """Add a problem about this field's value."""
        problems.add(f"{prefix}.{self.code}.{self.suffix}", key, **values)

    def shape_error(self, prefix: str, expected: str) -> KintoneError:
        """Return the CB_IJ01 for a value of the wrong JSON type.

        Observed for a list in place of a text (Forma's help), and for `[]` as related records
        (monosashi, August 2026).
        """
        return misshapen(f"{prefix}.{self.code}", expected)

    def unique_key(self, value: Any) -> str:
        """Return the text that no two records may share if the field prohibits duplicates.

        Only the text "" may occur in several records.
        """
        return value or ""
