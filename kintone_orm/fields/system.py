"""The fields that kintone sets itself, in every app.

Their codes depend on the language of the domain and can be changed in the app, so a model declares
them: ``created = CreatedTimeField("作成日時")``. `deploy` sets the declared codes in the apps that
it creates.
"""

from __future__ import annotations

from datetime import datetime
from operator import index
from typing import TYPE_CHECKING, Any, NoReturn

from kintone_orm.fields.base import Field
from kintone_orm.fields.entity import SHARED, User
from kintone_orm.fields.temporal import InstantField
from kintone_orm.fields.wire_values import require_text
from kintone_orm.query.literals import quote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from kintone_orm.query.comparable import Zone

__all__ = [
    "CreatedTimeField",
    "CreatorField",
    "IdField",
    "ModifierField",
    "RecordNumberField",
    "UpdatedTimeField",
]


class IdField(Field[int, NoReturn]):
    """`$id`: the record's id, which kintone assigns. Every model has it, as `id` and `pk`."""

    kintone_type = "__ID__"
    built_in = True
    read_only = True
    fits_in_table = False

    def attach(self, model: type, name: str) -> IdField:
        bound = super().attach(model, name)
        bound.code = "$id"
        return bound

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> int:
        del zone
        return int(raw)

    def to_api(self, value: int) -> str:
        return str(value)

    def coerce(self, value: object, zone: Zone) -> int:
        del zone
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        number: Any = None if isinstance(value, bool) else value  # True is an int, but no id
        try:
            return index(number)
        except TypeError:
            raise self._wrong_type(value, "a record's id, a whole number") from None


class RecordNumberField(Field[str, NoReturn]):
    """The record's number as kintone shows it, after the app code if the app has one."""

    kintone_type = "RECORD_NUMBER"
    built_in = True
    read_only = True
    fits_in_table = False
    decode_expression = "{v}"

    def to_python(self, raw: object, zone: tzinfo | None = None) -> str:
        del zone
        return require_text(raw)


class _StampField(InstantField[datetime, NoReturn]):
    built_in = True
    read_only = True
    fits_in_table = False


class CreatedTimeField(_StampField):
    """The time when the record was added, to the minute, as an aware `datetime`."""

    kintone_type = "CREATED_TIME"


class UpdatedTimeField(_StampField):
    """The time when the record was last updated, to the minute, as an aware `datetime`."""

    kintone_type = "UPDATED_TIME"
    changes_by_itself = True
    is_stamp = True


class _UserField(Field[User, NoReturn]):
    built_in = True
    read_only = True
    fits_in_table = False
    decode_expression = "user((x := {v})['code'], x['name'])"

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> User:
        del zone
        return User(require_text(raw["code"]), require_text(raw["name"]))

    def to_literal(self, value: User) -> str:
        return quote(value.code)

    def coerce(self, value: object, zone: Zone) -> User:
        del zone
        if isinstance(value, User):
            return value
        if not isinstance(value, str) or not value:
            raise self._wrong_type(value, "a User or a login name")
        return User(value)

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, object]:
        del zone
        return {"user": SHARED[User]}


class CreatorField(_UserField):
    """The user who added the record, as a `User`."""

    kintone_type = "CREATOR"


class ModifierField(_UserField):
    """The user who last updated the record, as a `User`."""

    kintone_type = "MODIFIER"
    changes_by_itself = True
    is_stamp = True
