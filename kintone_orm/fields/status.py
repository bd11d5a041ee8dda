"""What process management and categories say of a record. kintone's own calls change it.

The app has these fields only while process management, or categories, are switched on in its
settings. Their codes differ by the domain's language: ``status = StatusField("ステータス")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from kintone_orm.fields.base import Field
from kintone_orm.fields.entity import EntitiesField, User
from kintone_orm.fields.wire_values import sent_list, sent_text

if TYPE_CHECKING:
    from datetime import tzinfo

    from kintone_orm.query.comparable import Zone

__all__ = ["CategoryField", "StatusAssigneeField", "StatusField"]

_NO_PROCESS = (
    "Process management is not enabled in the app, or its field has another code, or you may not "
    "see it."
)


class StatusField(Field[str, NoReturn]):
    """The record's status in the app's process, as `str`."""

    kintone_type = "STATUS"
    built_in = True
    read_only = True
    fits_in_table = False
    decode_expression = "{v}"
    why_absent = _NO_PROCESS

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> str:
        del zone
        return sent_text(raw)

    def to_api(self, value: str) -> str:
        return value

    def coerce(self, value: Any, zone: Zone) -> str:
        del zone
        if not isinstance(value, str) or not value:
            raise self._wrong_type(value, "the name of a status")
        return value


class StatusAssigneeField(EntitiesField[User]):
    """Who has to act on the record next, as a list of `User`; [] when nobody has."""

    kintone_type = "STATUS_ASSIGNEE"
    entity = User
    built_in = True
    read_only = True
    mutable = False
    fits_in_table = False
    why_absent = _NO_PROCESS


class CategoryField(Field["list[str]", NoReturn]):
    """The record's categories, as a list of `str`; [] when it has none."""

    kintone_type = "CATEGORY"
    built_in = True
    read_only = True
    fits_in_table = False
    decode_expression = "{v}"
    why_absent = (
        "Categories are not enabled in the app, or their field has another code, or you may not "
        "see it."
    )

    def empty_value(self) -> list[str]:
        return []

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> list[str]:
        del zone
        return [sent_text(each) for each in sent_list(raw)]

    def to_api(self, value: list[str]) -> list[str]:
        return list(value)

    def coerce(self, value: Any, zone: Zone) -> list[str]:
        del zone
        raise self._wrong_type(value, "nothing: kintone's queries cannot ask for categories")
