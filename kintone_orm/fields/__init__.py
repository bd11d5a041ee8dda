"""The field classes, one for each kintone field type, named as in kintone."""

from kintone_orm.fields.base import UNSET, Field
from kintone_orm.fields.calc import CalcField
from kintone_orm.fields.choice import (
    CheckBoxField,
    DropDownField,
    MultiSelectField,
    RadioButtonField,
)
from kintone_orm.fields.entity import (
    Group,
    GroupSelectField,
    Organization,
    OrganizationSelectField,
    User,
    UserSelectField,
)
from kintone_orm.fields.file import FileField
from kintone_orm.fields.lookup import LookupField
from kintone_orm.fields.number import IntegerField, NumberField
from kintone_orm.fields.reference_table import ReferenceTableField
from kintone_orm.fields.related_record import RelatedRecord
from kintone_orm.fields.status import CategoryField, StatusAssigneeField, StatusField
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.fields.subtable_row import Row
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
from kintone_orm.files import Attachment, ContentFile, File

__all__ = [
    "UNSET",
    "Attachment",
    "CalcField",
    "CategoryField",
    "CheckBoxField",
    "ContentFile",
    "CreatedTimeField",
    "CreatorField",
    "DateField",
    "DateTimeField",
    "DropDownField",
    "Field",
    "File",
    "FileField",
    "Group",
    "GroupSelectField",
    "IntegerField",
    "LinkField",
    "LookupField",
    "ModifierField",
    "MultiLineTextField",
    "MultiSelectField",
    "NumberField",
    "Organization",
    "OrganizationSelectField",
    "RadioButtonField",
    "RecordNumberField",
    "ReferenceTableField",
    "RelatedRecord",
    "RichTextField",
    "Row",
    "SingleLineTextField",
    "StatusAssigneeField",
    "StatusField",
    "SubtableField",
    "TimeField",
    "UpdatedTimeField",
    "User",
    "UserSelectField",
]
