"""The process management settings of an app: its statuses, and the actions between them.

To run an action on a record, see `kintone_orm.api.status`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import drop_none, settings_endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id
    from kintone_orm.api.form import Language

__all__ = ["get_process", "update_process"]


def get_process(
    caller: Caller, *, app: Id, lang: Language | None = None, preview: bool = False
) -> dict[str, Any]:
    """Return the process: ``{"enable": bool, "states", "actions", "revision"}``.

    `states` are kintone's statuses:
    ``{name: {"name", "index", "assignee": {"type", "entities"}}}``. `actions` are a list of
    ``{"name", "from", "to", "filterCond"}``. `states` and `actions` are None if the process was
    never set up. `lang` chooses the language of the names. With `preview`, return the preview
    settings; this needs the right to manage the app.
    Source: "kintone REST API: Get Process Management Settings".
    """
    endpoint = settings_endpoint("status", preview=preview)
    return caller.request("GET", endpoint, drop_none(app=app, lang=lang))


def update_process(
    caller: Caller,
    *,
    app: Id,
    enable: bool | None = None,
    states: Mapping[str, object] | None = None,
    actions: Sequence[Mapping[str, Any]] | None = None,
    revision: Id | None = None,
) -> dict[str, Any]:
    """Change the process of the preview and return the new ``{"revision"}``.

    `states` and `actions` have the shape that `get_process` returns; arguments left out keep their
    values. ConflictError if `revision` is not the current one.
    Source: "kintone REST API: Update Process Management Settings".
    """
    params = drop_none(app=app, enable=enable, states=states, actions=actions, revision=revision)
    return caller.request("PUT", "preview/app/status", params)
