"""The process of an app: its states, and the actions that lead from one to another.

To run an action on a record, see `kintone_orm.api.status`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import given, settings_endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id
    from kintone_orm.api.form import Language

__all__ = ["get_process", "update_process"]


def get_process(
    caller: Caller, *, app: Id, lang: Language | None = None, preview: bool = False
) -> dict[str, Any]:
    """The process, ``{"enable": bool, "states", "actions", "revision"}``.

    `states` are ``{name: {"name", "index", "assignee": {"type", "entities"}}}``, `actions` a list
    of ``{"name", "from", "to", "filterCond"}``; both are None if it was never set up. With
    `preview`, as the next deploy puts it in service; this needs the right to manage the app.
    Source: "kintone REST API: Get Process Management Settings".
    """
    endpoint = settings_endpoint("status", preview=preview)
    return caller.request("GET", endpoint, given(app=app, lang=lang))


def update_process(
    caller: Caller,
    *,
    app: Id,
    enable: bool | None = None,
    states: Mapping[str, Any] | None = None,
    actions: Sequence[Mapping[str, Any]] | None = None,
    revision: Id | None = None,
) -> dict[str, Any]:
    """The preview's new ``{"revision"}``; what is left out stays as it is.

    `states` and `actions` are as `get_process` shows them. ConflictError if `revision` is not
    the latest. Source: "kintone REST API: Update Process Management Settings".
    """
    params = given(app=app, enable=enable, states=states, actions=actions, revision=revision)
    return caller.request("PUT", "preview/app/status", params)
