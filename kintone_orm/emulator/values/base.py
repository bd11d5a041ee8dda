"""What every field type of the emulator can do, and what a check may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ..ground.errors import KintoneError, misshapen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ..ground.problems import Problems
    from ..store.people import Directory, User
    from ..store.record_text import StoredRecord

__all__ = ["Field", "Precision", "Writing"]


@dataclass(frozen=True, slots=True)
class Precision:
    """An app's numberPrecision: how many digits its numbers keep, and how they are rounded."""

    digits: int
    decimal_places: int
    rounding: str
    """A rounding mode of `decimal`: ROUND_HALF_EVEN, ROUND_UP or ROUND_DOWN."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What the checks of one request share: when it is, who writes, who exists, what is wrong."""

    now: datetime
    user: User
    directory: Directory
    problems: Problems
    find_source: Callable[[int, str, str], StoredRecord | None]
    """The record of an app whose key field holds a value, if the caller may see it."""
    new_row_id: Callable[[], int]
    attach: Callable[[str], dict[str, str] | None]
    """What a file field holds of an uploaded file, whose key is used up by this."""


class Field:
    """One field of a live form: what may be written to it, and the form in which it is kept.

    A JSON value is typed Any: it is whatever the client sent, and reading it is the check.
    """

    empty: ClassVar[Any] = ""
    """The value that is read back when nothing is entered (kintone REST API: Field types)."""
    suffix: ClassVar[str] = "value"
    """What follows "record.<code>." in the path of a message about this type's values."""
    enforces_required: ClassVar[bool] = True
    filled_by_server: ClassVar[bool] = False
    """Whether what a client sends for it is ignored."""

    def __init__(self, definition: Mapping[str, Any], precision: Precision) -> None:
        self.code: str = definition["code"]
        self.type: str = definition["type"]
        self.required = bool(definition.get("required")) and self.enforces_required
        self.unique = bool(definition.get("unique"))
        self.preset: Any = definition.get("defaultValue")
        del precision  # only numbers care

    def read(self, value: Any, prefix: str, writing: Writing) -> Any:
        """The value as it is kept.

        What is wrong with it is noted in `writing.problems`, at paths below `prefix` ("record",
        "records[0]", "record.table.value[1].value").
        """
        raise NotImplementedError

    def change(self, kept: Any, value: Any, prefix: str, writing: Writing) -> Any:
        """As `read`, over a value that is kept already; only a subtable looks at it."""
        del kept
        return self.read(value, prefix, writing)

    def initial(self, writing: Writing) -> Any:
        """What a new record is given when the client sends nothing; `read` has yet to see it."""
        del writing
        return self.preset

    def check(self, value: Any, prefix: str, problems: Problems) -> None:
        """Note what the form's settings (lengths, range) refuse in a value as it is kept."""

    def check_presence(self, value: Any, prefix: str, problems: Problems) -> None:
        """Note a problem when a required field holds nothing."""
        if self.required and value in (None, "", []):
            problems.add(f"{prefix}.{self.code}.{self.suffix}", "required_value")

    def report(self, prefix: str, problems: Problems, key: str, /, **values: object) -> None:
        """Note one message about this field's value."""
        problems.add(f"{prefix}.{self.code}.{self.suffix}", key, **values)

    def misshapen(self, prefix: str, wanted: str) -> KintoneError:
        """The CB_IJ01 for a value that no field of this type can hold; for `raise`.

        Seen: a list for a text (Forma's help), `[]` for related records (monosashi, August 2026).
        """
        return misshapen(f"{prefix}.{self.code}", wanted)

    def unique_key(self, value: Any) -> str:
        """What two records may not share when duplicates are prohibited; "" never collides."""
        return value or ""
