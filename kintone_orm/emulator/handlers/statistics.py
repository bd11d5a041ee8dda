"""apps/statistics.json. Source: kintone REST API, "Get App Statistics" (Wide course)."""

from __future__ import annotations

from itertools import starmap
from typing import TYPE_CHECKING, Any

from ..ground import limits
from ..ground.parameters import integer, optional
from ..requests.endpoint import endpoint
from ..store.record_text import StoredRecord

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..requests.endpoint import Answer, Call
    from ..settings.apps import App


@endpoint(
    {
        "limit": optional(integer(most=limits.APPS_PER_LIST)),
        "offset": optional(integer(least=0, most=limits.APPS_OFFSET_MAX)),
    },
    tokens=False,
)
def get_app_statistics(call: Call, sent: Sent) -> Answer:
    """Get App Statistics of the apps that the caller manages, by id, deployed or not."""
    apps = [app for app in call.domain.apps() if _may_manage(call, app)]
    start = sent["offset"] or 0
    page = apps[start : start + (sent["limit"] or limits.APPS_PER_LIST)]
    return {"apps": [_statistics(call, app) for app in page]}


def _may_manage(call: Call, app: App) -> bool:
    live = call.domain.live_app(app["id"])
    return live is None or call.may(live, "manage")


def _statistics(call: Call, app: App) -> dict[str, Any]:
    domain, number = call.domain, app["id"]
    settings = app["live"] or app["preview"]
    space = None if app["space"] is None else domain.store.space(app["space"])
    views = settings["views"].values()
    return {
        "id": str(number),
        "name": settings["general"]["name"],
        "space": None if space is None else {"id": str(space.id), "name": space.name},
        "appGroup": "Public",
        "status": _status(app),
        "recordUpdatedAt": _last_update(call, app),
        "recordCount": str(domain.store.count_records(number)),
        "fieldCount": str(len(app["origins"])),
        "dailyRequestCount": str(domain.quota.used(number, call.now)),
        "apiTokenCount": str(sum(of == number for of, _ in domain.tokens.values())),
        "webhookCount": str(len(domain.hooks.by_app.get(number, ()))),
        "storageUsage": str(domain.store.files.size_of(number)),
        "customized": any(view["type"] == "CUSTOM" for view in views),
        "creator": app["creator"],
        "createdAt": app["createdAt"],
        "modifier": app["modifier"],
        "modifiedAt": app["modifiedAt"],
    }


def _status(app: App) -> str:
    if app["live"] is None:
        return "NOT_ACTIVATED"
    return "ACTIVATED" if app["live"] == app["preview"] else "CHANGED"


def _last_update(call: Call, app: App) -> str:
    """Return the day of the last change of a record, or else the day of the app's creation."""
    live = call.domain.live_app(app["id"])
    code = live.form.system.get("UPDATED_TIME") if live else None
    times = [app["createdAt"]]
    if code is not None:
        records = starmap(StoredRecord, call.domain.store.records(app["id"]))
        cells = (record.get(code) for record in records)
        times = [cell["value"] for cell in cells if cell] or times
    return str(max(times)[:10])
