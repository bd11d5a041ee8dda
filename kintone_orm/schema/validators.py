"""The validators of a schema's fields, made from those of a model's field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError
from marshmallow.validate import Length, OneOf

from kintone_orm.exceptions import FieldError
from kintone_orm.fields import DropDownField, RadioButtonField

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from kintone_orm.fields import Field

    Check: TypeAlias = Callable[[Any], Any]

__all__ = ["options_of", "validators_of"]


def validators_of(field: Field) -> list[Check]:
    """Return the checks of the field's type, and the field's validators, which skip blanks."""
    blank = field.empty_value()
    checks: list[Check] = [_Fits(field)]
    if isinstance(field, (DropDownField, RadioButtonField)):
        checks += options_of(field)
    # marshmallow calls no validator for None, so the validators need no exemption of blanks.
    if blank is None:
        return [*checks, *field.validators]
    if not field.required:
        return [*checks, *(_UnlessBlank(validator, blank) for validator in field.validators)]
    (sentence,) = field.all_problems(blank)
    return [*checks, Length(min=1, error=sentence), *field.validators]


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
