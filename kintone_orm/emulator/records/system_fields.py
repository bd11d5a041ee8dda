"""The cells that the server fills: id, revision, record number, creator, modifier and times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ground import choices
from ..ground.errors import fault, misshapen
from ..values import instant, minute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..forms.form import Form
    from ..settings.apps import LiveApp
    from ..store.record_text import Record
    from ..values import Writing

__all__ = ["check_not_sent", "new_cells", "touch"]

_TIMES = ("CREATED_TIME", "UPDATED_TIME")

# The types of fields that a request must not send, and their names in GAIA_UN10. Measured on update
# (monosashi, 2026-08-29). CATEGORY and REFERENCE_TABLE have other errors.
_REFUSED_ALWAYS = {
    "STATUS": "STATUS",
    "STATUS_ASSIGNEE": "STATUS_ASSIGNEE",
    "RECORD_NUMBER": "RECORD_ID",
    "GROUP": "GROUP",
}
_REFUSED_ON_UPDATE = {
    "CREATOR": "CREATOR",
    "CREATED_TIME": "CREATED_AT",
    "MODIFIER": "MODIFIER",
    "UPDATED_TIME": "MODIFIED_AT",
    **_REFUSED_ALWAYS,
}


def check_not_sent(form: Form, sent: Mapping[str, object], prefix: str, *, updating: bool) -> None:
    """Raise an error if a request sends a field that no request can write.

    The error is GA_UO01 for categories, CB_IJ01 for reference tables, GAIA_UN10 for other types.
    """
    refused = _REFUSED_ON_UPDATE if updating else _REFUSED_ALWAYS
    for code in sent.keys() & form.unwritable.keys():
        kind = form.unwritable[code]
        if kind == "CATEGORY":
            raise fault("GA_UO01")
        if kind == "REFERENCE_TABLE":
            raise misshapen(f"{prefix}.{code}", "nothing")
        if kind in refused:
            raise fault("GAIA_UN10", type=refused[kind])


def new_cells(
    app: LiveApp,
    number: int,
    sent: Mapping[str, object],
    prefix: str,
    writing: Writing,
    *,
    may_manage: bool,
) -> Record:
    """Return the server's cells of a new record.

    Raises GAIA_BF02 if a caller who may not manage the app sends a creator, modifier or time.
    """
    form = app.form
    cells: Record = {
        "$id": {"type": "__ID__", "value": str(number)},
        "$revision": {"type": "__REVISION__", "value": "1"},
    }
    when, who, hidden = minute(writing.now), writing.user.entity, _hidden_seconds(writing)
    own = {
        "RECORD_NUMBER": app.record_number(number),
        "CREATED_TIME": when,
        "UPDATED_TIME": when,
        "CREATOR": who,
        "MODIFIER": who,
    }
    for kind, value in own.items():
        code = form.system.get(kind)
        if code is None:  # The field was deleted from the form.
            continue
        if code in sent:
            if not may_manage:
                raise fault("GAIA_BF02", code=code)
            value = _sent_value(kind, code, sent[code], prefix, writing) or value
        cells[code] = {"type": kind, "value": value}
        if hidden and kind in _TIMES and code not in sent:
            cells[code] |= hidden
    return cells


def touch(form: Form, record: Record, writing: Writing, *, steps: int = 1) -> int:
    """Set the modifier, the time and the revision of a changed record. Return the new revision."""
    revision = int(record["$revision"]["value"]) + steps
    record["$revision"]["value"] = str(revision)
    if "MODIFIER" in form.system:
        record[form.system["MODIFIER"]]["value"] = writing.user.entity
    if "UPDATED_TIME" in form.system:
        updated = record[form.system["UPDATED_TIME"]]
        updated.pop("seconds", None)
        updated |= {"value": minute(writing.now)} | _hidden_seconds(writing)
    return revision


def _hidden_seconds(writing: Writing) -> dict[str, str]:
    """Return the hidden seconds for the cell of a time, or {} if choices.HIDDEN_SECONDS is off."""
    return {"seconds": f"{writing.now:%S}"} if choices.HIDDEN_SECONDS else {}


def _sent_value(kind: str, code: str, cell: object, prefix: str, writing: Writing) -> Any:
    """Return the sent value of a creator, modifier or time; None if it is blank."""
    value = cell.get("value") if isinstance(cell, dict) else cell
    if value in (None, ""):
        return None
    if kind in _TIMES:
        return _sent_time(code, value, prefix, writing)
    user = value.get("code") if isinstance(value, dict) else None
    if not isinstance(user, str):
        writing.problems.add(f"{prefix}.{code}.value", "entity")
        return None
    name = writing.directory.name("USER", user)
    if name is None:
        raise fault("GAIA_IL26", code=user)
    return {"code": user, "name": name}


def _sent_time(code: str, value: Any, prefix: str, writing: Writing) -> str | None:
    path = f"{prefix}.{code}.value"
    try:
        moment = instant(value)
    except (TypeError, ValueError, OverflowError):
        writing.problems.add(path, "datetime")
        return None
    if moment > minute(writing.now):
        writing.problems.add(path, "future")
    return moment
