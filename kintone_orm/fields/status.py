"""The status, assignees and categories of a record, which no save can change.

An app has these fields only while process management, or categories, are enabled in its settings.
The fields' codes depend on the language of the domain: ``status = StatusField("ステータス")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from kintone_orm.fields.base import Field
from kintone_orm.fields.entity import EntitiesField, User
from kintone_orm.fields.wire_values import require_list, require_text

if TYPE_CHECKING:
    from datetime import tzinfo

    from kintone_orm.query.comparable import Zone

__all__ = ["CategoryField", "StatusAssigneeField", "StatusField"]

_NO_PROCESS = (
    "Process management is not enabled in the app, or its field has another code, or you may not "
    "view it."
)


class StatusField(Field[str, NoReturn]):
    """The record's status in the app's process, as `str`."""

    kintone_type = "STATUS"
    built_in = True
    read_only = True
    fits_in_table = False
    decode_expression = "{v}"
    why_absent = _NO_PROCESS

    def to_python(self, raw: object, zone: tzinfo | None = None) -> str:
        del zone
        return require_text(raw)

    def to_api(self, value: str) -> str:
        return value

    def coerce(self, value: object, zone: Zone) -> str:
        del zone
        if not isinstance(value, str) or not value:
            raise self._wrong_type(value, "the name of a status")
        return value


class StatusAssigneeField(EntitiesField[User]):
    """The users who have to act on the record, as a list of `User`; [] if there are none."""

    kintone_type = "STATUS_ASSIGNEE"
    entity = User
    built_in = True
    read_only = True
    mutable = False
    fits_in_table = False
    why_absent = _NO_PROCESS


class CategoryField(Field["list[str]", NoReturn]):
    """The record's categories, as a list of `str`; [] if it has none."""

    kintone_type = "CATEGORY"
    built_in = True
    read_only = True
    fits_in_table = False
    decode_expression = "{v}"
    why_absent = (
        "Categories are not enabled in the app, or their field has another code, or you may not "
        "view it."
    )

    def empty_value(self) -> list[str]:
        return []

    def to_python(self, raw: object, zone: tzinfo | None = None) -> list[str]:
        del zone
        return [require_text(category) for category in require_list(raw)]

    def to_api(self, value: list[str]) -> list[str]:
        return list(value)

    def coerce(self, value: object, zone: Zone) -> list[str]:
        del zone
        raise self._wrong_type(value, "no operand: kintone's queries cannot compare categories")
