"""The permissions of the caller for a record and each of its fields.

Source: kintone REST API, "Evaluate Record Permissions".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kintone_orm.api.answers import checked
from kintone_orm.api.permissions import evaluate_record_permissions
from kintone_orm.deprecation import renamed_names
from kintone_orm.exceptions import PermissionDenied
from kintone_orm.limits import RECORDS_PER_PERMISSION_CHECK
from kintone_orm.models import writing
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.ground.read_refusals import translating_read_refusals
from kintone_orm.models.record.home import connection_of, require_id
from kintone_orm.models.record.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Answer

__all__ = ["FieldPermissions", "Permissions", "Permitted", "permissions_of", "require_user"]


class FieldPermissions(NamedTuple):
    """The caller's permissions for one field of a record."""

    viewable: bool
    editable: bool


@dataclass(frozen=True, slots=True)
class Permissions:
    """The caller's permissions for a record, and for its fields by their names in the model.

    `fields` holds the declared fields that kintone reports; kintone leaves out fields that nobody
    can write. The key of the column `qty` of `lines` is ``"lines.qty"``.
    """

    viewable: bool
    editable: bool
    deletable: bool
    fields: Mapping[str, FieldPermissions] = field(hash=False)


class Permitted(Instance):
    """The part of `Model` for permissions."""

    __slots__ = ()

    def permissions(self) -> Permissions:
        """Return your current permissions for the record and its fields; one request.

        kintone combines the permissions of the app, the record and the fields. It reports them for
        users only: a connection with API tokens raises PermissionDenied before any request. Raises
        DoesNotExist if the record no longer exists. Source: "kintone REST API: Evaluate Record
        Permissions".
        """
        id_, connection = require_id(self), connection_of(self)
        require_user(self._meta, connection)
        with writing.refusals.translating_refusals(self):
            return _evaluate(self._meta, connection, [id_])[id_]


def permissions_of(
    meta: Meta, connection: Connection, ids: Iterable[int]
) -> dict[int, Permissions]:
    """Return the permissions for the records with these ids; one request for each hundred.

    Raises the model's DoesNotExist if one of the records no longer exists.
    """
    by_id: dict[int, Permissions] = {}
    for hundred in cut(ids, RECORDS_PER_PERMISSION_CHECK):
        with translating_read_refusals(meta, meta.app_id(connection)):
            by_id |= _evaluate(meta, connection, hundred)
    return by_id


def require_user(meta: Meta, connection: Connection) -> None:
    """Raise PermissionDenied for a connection with API tokens: kintone evaluates users only."""
    if connection.settings.credentials.by_token:
        raise PermissionDenied(
            f"{meta.label}: kintone reports the permissions of users, not of API tokens. Use a "
            "connection with a password. A token's permissions are in the app's settings."
        )


def _evaluate(meta: Meta, connection: Connection, ids: Sequence[int]) -> dict[int, Permissions]:
    names = _names(meta)
    app = meta.app_id(connection)
    answer = evaluate_record_permissions(checked(connection), app=app, ids=ids)["rights"]
    return {int(right["id"]): _permissions(right, names) for right in answer}


def _permissions(sent: Answer, names: Mapping[str, str]) -> Permissions:
    fields = sent["fields"]
    return Permissions(
        **{right: sent["record"][right] for right in ("viewable", "editable", "deletable")},
        fields={
            name: FieldPermissions(fields[code]["viewable"], fields[code]["editable"])
            for code, name in names.items()
            if code in fields
        },
    )


def _names(meta: Meta) -> dict[str, str]:
    """Return the model's field names by field code; a column's code is also unique in its app."""
    names = {}
    for name, declared in meta.fields.items():
        names[declared.code] = name
        for inner, column in (declared.columns or {}).items():
            names.setdefault(column.code, f"{name}.{inner}")
    return names


__getattr__ = renamed_names(__name__, {"PermittedOfMany": "kintone_orm.models.queryset:QuerySet"})
