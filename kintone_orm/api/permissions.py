"""What the caller may do with records and their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.limits import RECORDS_PER_PERMISSION_CHECK, require_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id

__all__ = ["evaluate_record_permissions"]

_RECORD_RIGHTS = ("viewable", "editable", "deletable")


def evaluate_record_permissions(caller: Caller, *, app: Id, ids: Sequence[Id]) -> dict[str, Any]:
    """The rights of the user who asks; API tokens are refused.

    ``{"rights": [{"id", "record": {"viewable", "editable", "deletable"},
    "fields": {code: {"viewable", "editable"}}}]}``, every right a bool, a subtable's fields
    beside the others. At most 100 records; if one does not exist, the call fails.
    Source: "kintone REST API: Evaluate Record Permissions".
    """
    way_out = "ask in hundreds"
    require_at_most(ids, limit=RECORDS_PER_PERMISSION_CHECK, name="ids", way_out=way_out)
    answer = caller.request("GET", "records/acl/evaluate", {"app": app, "ids": ids})
    if "rights" in answer:
        return answer
    return {"rights": [_nested(each) for each in answer["evaluate"]]}


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The record's rights as kintone sends them; one public description has them flat."""
    return {
        "id": flat["id"],
        "record": {right: flat[right] for right in _RECORD_RIGHTS},
        "fields": flat.get("fields", {}),
    }
