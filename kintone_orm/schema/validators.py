"""What a schema checks of a value that is to go into a field."""

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
    """What the field's type asks, and its own validators, which see no blanks, as in a save."""
    blank = field.empty_value()
    found: list[Check] = [_Fits(field)]
    if isinstance(field, (DropDownField, RadioButtonField)):
        found += options_of(field)
    if blank is None:  # marshmallow shows None to no validator
        return [*found, *field.validators]
    if not field.required:
        return [*found, *(_UnlessBlank(validator, blank) for validator in field.validators)]
    (sentence,) = field.all_problems(blank)
    return [*found, Length(min=1, error=sentence), *field.validators]


def options_of(field: Any) -> list[Check]:
    """That a choice is among the field's: an Enum sees to it itself."""
    return [OneOf(field.choices)] if field.choices and not field.members else []


class _Fits:
    """That the value can be assigned to the field."""

    def __init__(self, field: Field) -> None:
        self.field = field

    def __call__(self, value: Any) -> None:
        try:
            self.field.coerce(value, lambda: None)
        except FieldError as error:
            raise ValidationError(str(error)) from None


class _UnlessBlank:
    """What `validator` says, of anything but `blank`."""

    def __init__(self, validator: Check, blank: Any) -> None:
        self.validator = validator
        self.blank = blank

    def __call__(self, value: Any) -> None:
        if value != self.blank:
            self.validator(value)
