"""The field classes: one for each kintone type, named as kintone names it."""

from kintone_orm.fields.base import Field
from kintone_orm.fields.choice import (
    CheckBoxField,
    DropDownField,
    MultiSelectField,
    RadioButtonField,
)
from kintone_orm.fields.entity import User
from kintone_orm.fields.lookup import LookupField
from kintone_orm.fields.number import IntegerField, NumberField
from kintone_orm.fields.system import (
    CreatedTimeField,
    CreatorField,
    ModifierField,
    RecordNumberField,
    UpdatedTimeField,
)
from kintone_orm.fields.temporal import DateField, DateTimeField, TimeField
from kintone_orm.fields.text import (
    LinkField,
    MultiLineTextField,
    RichTextField,
    SingleLineTextField,
)

__all__ = [
    "CheckBoxField",
    "CreatedTimeField",
    "CreatorField",
    "DateField",
    "DateTimeField",
    "DropDownField",
    "Field",
    "IntegerField",
    "LinkField",
    "LookupField",
    "ModifierField",
    "MultiLineTextField",
    "MultiSelectField",
    "NumberField",
    "RadioButtonField",
    "RecordNumberField",
    "RichTextField",
    "SingleLineTextField",
    "TimeField",
    "UpdatedTimeField",
    "User",
]
