"""The validators of a schema's fields, made from those of a model's field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError
from marshmallow.validate import Length, OneOf, Range

from kintone_orm.exceptions import FieldError
from kintone_orm.fields import DropDownField, RadioButtonField
from kintone_orm.fields.declaring.bounds import Lengths, ValueRange
from kintone_orm.limits import characters

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from typing import TypeAlias

    from kintone_orm.fields import Field

    Check: TypeAlias = Callable[[Any], Any]

__all__ = ["options_of", "validators_of"]


def validators_of(field: Field) -> list[Check]:
    """Return the checks of the field's type, and the field's validators, which skip blanks."""
    blank = field.empty_value()
    checks: list[Check] = [_Fits(field), *bounds_of(field)]
    if isinstance(field, (DropDownField, RadioButtonField)):
        checks += options_of(field)
    # marshmallow calls no validator for None, so the validators need no exemption of blanks.
    if blank is None:
        return [*checks, *field.validators]
    if not field.required:
        return [*checks, *(_UnlessBlank(validator, blank) for validator in field.validators)]
    (sentence,) = field.all_problems(blank)
    return [*checks, Length(min=1, error=sentence), *field.validators]


def bounds_of(field: Field) -> list[Check]:
    """Return the check of the field's lengths or range. It has the limits as marshmallow's have."""
    bounds = field.bounds
    if isinstance(bounds, Lengths):
        return [UnitLength(min=bounds.least, max=bounds.most)]
    if isinstance(bounds, ValueRange):
        return [Range(min=_as_number(bounds.least), max=_as_number(bounds.most))]
    return []


def _as_number(limit: Decimal | None) -> Decimal | int | None:
    """Return a whole limit as an `int`, which JSON documents of a schema can contain."""
    if limit is None or limit != limit.to_integral_value():
        return limit
    return int(limit)


class UnitLength(Length):
    """marshmallow's Length for texts, which counts UTF-16 units as kintone does."""

    def __call__(self, value: Any) -> Any:
        super().__call__(range(characters(value)))
        return value


def options_of(field: Any) -> list[Check]:
    """Return the check that a value is one of the field's options; no check if an Enum does it."""
    return [OneOf(field.choices)] if field.choices and not field.members else []


class _Fits:
    """The check that a value can be assigned to the field."""

    def __init__(self, field: Field) -> None:
        self.field = field

    def __call__(self, value: object) -> None:
        try:
            self.field.coerce(value, lambda: None)
        except FieldError as error:
            raise ValidationError(str(error)) from None


class _UnlessBlank:
    """A validator that skips `blank`."""

    def __init__(self, validator: Check, blank: object) -> None:
        self.validator = validator
        self.blank = blank

    def __call__(self, value: object) -> None:
        if value != self.blank:
            self.validator(value)
