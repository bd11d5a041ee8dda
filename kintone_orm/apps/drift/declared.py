"""Fields as a model declares them, in the words of kintone's form API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import KintoneORMError
from kintone_orm.fields import CalcField, LookupField, SubtableField

if TYPE_CHECKING:
    from kintone_orm.fields import Field

__all__ = ["declared_settings", "is_type_known"]


def declared_settings(field: Field) -> dict[str, Any]:
    """Return the settings that the model declares for the field.

    They are its `definition()`. A field that cannot be created, such as a CalcField without a
    formula, has the settings that it does declare. A subtable comes without its columns.
    """
    if field.built_in:  # without a verbose_name, they keep kintone's own labels
        return {"label": field.verbose_name} if field.verbose_name else {}
    if isinstance(field, SubtableField):
        return field.definition(columns={})
    try:
        return field.definition()
    except KintoneORMError:
        declared: dict[str, Any] = {"label": field.verbose_name or field.code}
        if not field.read_only:
            declared |= {"required": field.required}
        if field.can_be_unique:
            declared |= {"unique": field.unique}
        if isinstance(field, CalcField):
            declared |= {"format": field.format, **field.unit_settings}
        return declared | field.default_setting()


def is_type_known(field: Field) -> bool:
    """Return True if the field's type is known; False for a lookup whose key field is not."""
    if not isinstance(field, LookupField):
        return True
    try:
        field.typed()
    except KintoneORMError:
        return False
    return True
