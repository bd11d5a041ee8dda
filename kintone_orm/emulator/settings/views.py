"""The views of an app: lists, calendars and custom views.

Source: kintone REST API, "Get Views", "Update Views".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..forms.new_codes import query_with_codes
from ..ground import limits
from ..ground.errors import fault
from ..ground.parameters import (
    array,
    boolean,
    check_parameters,
    integer,
    one_of,
    optional,
    required,
    sized_text,
    text,
)
from .filter_conditions import check_filter, check_sort

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..ground.parameters import Parameter
    from ..ground.problems import Problems

__all__ = ["Views", "merge_views", "views_for_form", "with_own_work"]

Views = dict[str, dict[str, Any]]

_COMMON: dict[str, Parameter] = {
    "type": required(one_of("LIST", "CALENDAR", "CUSTOM")),
    "index": required(integer(least=0)),
    "name": optional(sized_text(1, limits.VIEW_NAME_LENGTH)),
    "id": optional(integer()),
    "filterCond": optional(text),
    "sort": optional(text),
}
_OWN: dict[str, dict[str, Parameter]] = {
    "LIST": {"fields": optional(array(text))},
    "CALENDAR": {"date": optional(text), "title": optional(text)},
    "CUSTOM": {
        "html": optional(text),
        "pager": optional(boolean),
        "device": optional(one_of("DESKTOP", "ANY")),
    },
}
_DATES = ("DATE", "DATETIME", "CREATED_TIME", "UPDATED_TIME")
_ASSIGNEE = "ASSIGNEE"
_OWN_WORK = {"en": "(Assigned to me)", "ja": "（作業者が自分）"}
_NOT_LISTED = ("GROUP", "REFERENCE_TABLE")


def merge_views(
    before: Views,
    sent: Mapping[str, object],
    properties: Mapping[str, object],
    new_id: Callable[[], int],
    problems: Problems,
) -> Views:
    """Return the sent views with all settings. An existing view keeps settings that are not sent.

    A view that is not sent is deleted. Raises GAIA_IN01 if the name of a new view is not its key,
    GAIA_IL44 if the built-in view of a process is not sent, and GAIA_FC01 or others for a field, a
    condition or an order that does not fit the form.
    """
    if len(sent) > limits.VIEWS_PER_APP:
        problems.add("views", "size", low=0, high=limits.VIEWS_PER_APP)
    after: Views = {}
    for key, settings in sent.items():
        path, old = f"views[{key}]", before.get(key)
        kind = settings.get("type") if isinstance(settings, dict) else None
        table = {**_COMMON, **(_OWN.get(kind, {}) if isinstance(kind, str) else {})}
        if old and "builtinType" in old:
            table["builtinType"] = optional(one_of(_ASSIGNEE))
        view = check_parameters(settings, table, path, problems)
        if len(problems):
            continue
        name = view["name"] or key
        if old is None and name != key:
            raise fault("GAIA_IN01", key=key, name=name)
        if name in after:
            problems.add(f"{path}.name", "view_name_taken", name=name)
        base = old if old and old["type"] == kind else _new_view(kind, properties)
        if old and "builtinType" in old:
            base = {**base, "builtinType": old["builtinType"]}
        changes = {setting: value for setting, value in view.items() if value is not None}
        number = old["id"] if old else str(new_id())
        after[name] = {**base, **changes, "name": name, "id": number, "index": str(view["index"])}
        if kind == "LIST" and not old and view["fields"] is None:
            problems.add(f"{path}.fields", "required")
        _check(after[name], properties, path, problems)
    for name, view in before.items():
        if "builtinType" in view and name not in sent:
            raise fault("GAIA_IL44", name=name)
    return after


def with_own_work(
    views: Views,
    properties: Mapping[str, Any],
    new_id: Callable[[], int],
    *,
    language: str,
    enabled: bool,
) -> Views:
    """Return the views with the built-in view of a process if `enabled`, otherwise without it.

    The built-in view lists the records that are assigned to the user.
    """
    if not enabled:
        return {name: view for name, view in views.items() if "builtinType" not in view}
    name = _OWN_WORK["ja" if language == "ja" else "en"]
    if name in views or any("builtinType" in view for view in views.values()):
        return views
    code_of = {definition["type"]: code for code, definition in properties.items()}
    listed = [code_of[kind] for kind in ("RECORD_NUMBER", "STATUS") if kind in code_of]
    view = {
        **_new_view("LIST", properties),
        "builtinType": _ASSIGNEE,
        "name": name,
        "id": str(new_id()),
        "index": str(max((int(view["index"]) for view in views.values()), default=-1) + 1),
        "filterCond": f"{code_of['STATUS_ASSIGNEE']} in (LOGINUSER())",
        "fields": listed,
    }
    return {**views, name: view}


def views_for_form(
    views: Views, properties: Mapping[str, object], new_codes: Mapping[str, str]
) -> Views:
    """Return the views for a form in which codes changed or fields were deleted."""
    adapted = {}
    for name, view in views.items():
        after = {**view}
        for setting in ("filterCond", "sort"):
            after[setting] = query_with_codes(view[setting], new_codes)
        for setting in ("date", "title"):
            if setting in view:
                code = new_codes.get(view[setting], view[setting])
                default = _new_view("CALENDAR", properties)[setting]
                after[setting] = code if code in properties else default
        if "fields" in view:
            codes = [new_codes.get(code, code) for code in view["fields"]]
            after["fields"] = [code for code in codes if code in properties]
        adapted[name] = after
    return adapted


def _new_view(kind: str | None, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the defaults of a view of this kind."""
    code_of = {definition["type"]: code for code, definition in properties.items()}
    own: dict[str, dict[str, Any]] = {
        "LIST": {"fields": []},
        "CALENDAR": {
            "date": code_of.get("CREATED_TIME", ""),
            "title": code_of.get("RECORD_NUMBER", ""),
        },
        "CUSTOM": {"html": "", "pager": False, "device": "DESKTOP"},
    }
    newest_first = f"{code_of['RECORD_NUMBER']} desc" if "RECORD_NUMBER" in code_of else ""
    return {"type": kind, "filterCond": "", "sort": newest_first, **own[str(kind)]}


def _check(
    view: Mapping[str, Any], properties: Mapping[str, Any], path: str, problems: Problems
) -> None:
    """Check that the view fits the form. Adds problems, or raises an error."""
    uses = [("fields", code) for code in view.get("fields", ())]
    uses += [(setting, view[setting]) for setting in ("date", "title") if view.get(setting)]
    for setting, code in uses:
        if code not in properties:
            raise fault("GAIA_FC01", code=code)
        kind = properties[code]["type"]
        if kind in _NOT_LISTED or (setting == "date" and kind not in _DATES):
            problems.add(f"{path}.{setting}", "view_field", code=code)
    check_filter(
        view["filterCond"],
        properties,
        f"{path}.filterCond",
        may_ask_for_blanks=True,
        may_mix_joints=False,
    )
    check_sort(view["sort"], properties, f"{path}.sort")
