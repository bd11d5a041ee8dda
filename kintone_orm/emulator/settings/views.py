"""The views of an app: lists, calendars and pages of its own.

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

__all__ = ["Views", "followed", "updated", "with_own_work"]

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


def updated(
    before: Views,
    sent: Mapping[str, Any],
    properties: Mapping[str, Any],
    new_id: Callable[[], int],
    problems: Problems,
) -> Views:
    """The views as they were sent, complete; what a known view leaves out stays as it was.

    A view that is not sent is gone. GAIA_IN01 when the name of a new one is not its key; GAIA_IL44
    when the one that a process made is not sent; GAIA_FC01 and others for a field, a condition or
    an order that does not fit the form.
    """
    if len(sent) > limits.VIEWS_PER_APP:
        problems.add("views", "size", low=0, high=limits.VIEWS_PER_APP)
    found: Views = {}
    for key, settings in sent.items():
        path, known = f"views[{key}]", before.get(key)
        kind = settings.get("type") if isinstance(settings, dict) else None
        table = {**_COMMON, **(_OWN.get(kind, {}) if isinstance(kind, str) else {})}
        if known and "builtinType" in known:
            table["builtinType"] = optional(one_of(_ASSIGNEE))
        view = check_parameters(settings, table, path, problems)
        if len(problems):
            continue
        name = view["name"] or key
        if known is None and name != key:
            raise fault("GAIA_IN01", key=key, name=name)
        if name in found:
            problems.add(f"{path}.name", "view_name_taken", name=name)
        kept = known if known and known["type"] == kind else _begun(kind, properties)
        if known and "builtinType" in known:
            kept = {**kept, "builtinType": known["builtinType"]}
        given = {each: value for each, value in view.items() if value is not None}
        number = known["id"] if known else str(new_id())
        found[name] = {**kept, **given, "name": name, "id": number, "index": str(view["index"])}
        if kind == "LIST" and not known and view["fields"] is None:
            problems.add(f"{path}.fields", "required")
        _check(found[name], properties, path, problems)
    for name, view in before.items():
        if "builtinType" in view and name not in sent:
            raise fault("GAIA_IL44", name=name)
    return found


def with_own_work(
    views: Views,
    properties: Mapping[str, Any],
    new_id: Callable[[], int],
    *,
    language: str,
    enabled: bool,
) -> Views:
    """The views with the one that a process makes: of the records that one has to work on.

    Without a process they are those without it.
    """
    if not enabled:
        return {name: view for name, view in views.items() if "builtinType" not in view}
    name = _OWN_WORK["ja" if language == "ja" else "en"]
    if name in views or any("builtinType" in view for view in views.values()):
        return views
    code_of = {definition["type"]: code for code, definition in properties.items()}
    listed = [code_of[kind] for kind in ("RECORD_NUMBER", "STATUS") if kind in code_of]
    view = {
        **_begun("LIST", properties),
        "builtinType": _ASSIGNEE,
        "name": name,
        "id": str(new_id()),
        "index": str(max((int(view["index"]) for view in views.values()), default=-1) + 1),
        "filterCond": f"{code_of['STATUS_ASSIGNEE']} in (LOGINUSER())",
        "fields": listed,
    }
    return {**views, name: view}


def followed(views: Views, properties: Mapping[str, Any], new_codes: Mapping[str, str]) -> Views:
    """The views after fields were given new codes, or are gone."""
    found = {}
    for name, view in views.items():
        after = {**view}
        for part in ("filterCond", "sort"):
            after[part] = query_with_codes(view[part], new_codes)
        for part in ("date", "title"):
            if part in view:
                code = new_codes.get(view[part], view[part])
                after[part] = code if code in properties else _begun("CALENDAR", properties)[part]
        if "fields" in view:
            codes = [new_codes.get(code, code) for code in view["fields"]]
            after["fields"] = [code for code in codes if code in properties]
        found[name] = after
    return found


def _begun(kind: str | None, properties: Mapping[str, Any]) -> dict[str, Any]:
    """What a new view of this kind has where nothing is said."""
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
    """Note, or raise, what does not fit the form."""
    named = [("fields", code) for code in view.get("fields", ())]
    named += [(part, view[part]) for part in ("date", "title") if view.get(part)]
    for part, code in named:
        if code not in properties:
            raise fault("GAIA_FC01", code=code)
        kind = properties[code]["type"]
        if kind in _NOT_LISTED or (part == "date" and kind not in _DATES):
            problems.add(f"{path}.{part}", "view_field", code=code)
    check_filter(
        view["filterCond"],
        properties,
        f"{path}.filterCond",
        may_ask_for_blanks=True,
        may_mix_joints=False,
    )
    check_sort(view["sort"], properties, f"{path}.sort")
