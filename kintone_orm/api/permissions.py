"""The rights of the user on records and their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.limits import RECORDS_PER_PERMISSION_CHECK, require_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id

__all__ = ["evaluate_record_permissions"]

_RECORD_RIGHTS = ("viewable", "editable", "deletable")


def evaluate_record_permissions(caller: Caller, *, app: Id, ids: Sequence[Id]) -> dict[str, Any]:
    """Return the user's rights on at most 100 records. kintone refuses API tokens here.

    The answer is ``{"rights": [{"id", "record": {"viewable", "editable", "deletable"}, "fields":
    {code: {"viewable", "editable"}}}]}``. Every right is a bool; the columns of subtables are
    listed beside the other fields. ValueError for more than 100 ids. If a record does not exist,
    the call fails. Source: "kintone REST API: Evaluate Record Permissions".
    """
    way_out = "Ask for 100 at a time."
    require_at_most(ids, limit=RECORDS_PER_PERMISSION_CHECK, name="ids", way_out=way_out)
    answer = caller.request("GET", "records/acl/evaluate", {"app": app, "ids": ids})
    if "rights" in answer:
        return answer
    return {"rights": [_nest(rights) for rights in answer["evaluate"]]}


def _nest(flat: Mapping[str, object]) -> dict[str, Any]:
    """Return flat rights in the nested form. One public description shows the flat form."""
    return {
        "id": flat["id"],
        "record": {right: flat[right] for right in _RECORD_RIGHTS},
        "fields": flat.get("fields", {}),
    }
