"""The facts about a form's fields that a connection keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["FieldRules", "KnownField", "KnownPrecision"]


class KnownPrecision(NamedTuple):
    """The digits of numbers in an app, and how kintone rounds decimals beyond them.

    The `rounding_mode` is "HALF_EVEN", "UP" or "DOWN".
    """

    digits: int
    decimal_places: int
    rounding_mode: str


class FieldRules(NamedTuple):
    """The values that kintone accepts for a field, by the settings in the app's form.

    `is_required` is True if kintone refuses a blank, `has_default` if kintone fills in a value that
    a new record does not have. `min_length` and `max_length` count UTF-16 units. `min_value` and
    `max_value` are inclusive, and apply before kintone rounds. `options` are the names of the
    options in the order of the form. `is_unique` is True if the field prohibits duplicates. None
    is no limit. `precision` is a setting of the app, not of the form: None if it is unknown.
    """

    is_required: bool = False
    has_default: bool = False
    min_length: int = 0
    max_length: int | None = None
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    options: tuple[str, ...] | None = None
    is_unique: bool = False
    precision: KnownPrecision | None = None

    @property
    def refuses_missing(self) -> bool:
        """True if kintone refuses a new record without the field."""
        return (self.is_required or self.min_length > 0) and not self.has_default


class KnownField(NamedTuple):
    """A field of an app's form: its type, and the code of the subtable that contains it.

    `why_ignored` says why kintone ignores values for the field; None if kintone takes values.
    `copied_by` is the code of the lookup that fills the field. `is_lookup` is True for a lookup.
    """

    type: str
    table: str | None
    why_ignored: str | None
    copied_by: str | None = None
    is_lookup: bool = False
    rules: FieldRules = FieldRules()
