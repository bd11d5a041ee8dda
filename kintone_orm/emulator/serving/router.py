"""The table of the emulator's endpoints, with the handler of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..ground.errors import KintoneError
from ..handlers import (
    apps,
    bulk,
    comments,
    cursors,
    deploy,
    files,
    form,
    permissions,
    process_settings,
    records,
    settings,
    spaces,
    statistics,
    status,
    views,
)

if TYPE_CHECKING:
    from ..ground.http import HTTPRequest
    from ..requests.endpoint import Endpoint

__all__ = ["ENDPOINTS", "NOT_YET", "route"]

ENDPOINTS: dict[str, dict[str, Endpoint]] = {
    "record.json": {
        "GET": records.get_record,
        "POST": records.add_record,
        "PUT": records.update_record,
    },
    "records.json": {
        "GET": records.get_records,
        "POST": records.add_records,
        "PUT": records.update_records,
        "DELETE": records.delete_records,
    },
    "records/cursor.json": {
        "GET": cursors.get_cursor,
        "POST": cursors.add_cursor,
        "DELETE": cursors.delete_cursor,
    },
    "record/comments.json": {"GET": comments.get_comments},
    "record/comment.json": {"POST": comments.add_comment, "DELETE": comments.delete_comment},
    "record/status.json": {"PUT": status.update_status},
    "records/status.json": {"PUT": status.update_statuses},
    "record/assignees.json": {"PUT": status.update_assignees},
    "records/acl/evaluate.json": {"GET": permissions.evaluate},
    **permissions.SETTINGS,
    "bulkRequest.json": {"POST": bulk.bulk_request},
    "file.json": {"GET": files.get_file, "POST": files.add_file},
    "space.json": {"GET": spaces.get_space},
    "app.json": {"GET": apps.get_app},
    "apps.json": {"GET": apps.get_apps},
    "apps/statistics.json": {"GET": statistics.get_app_statistics},
    "app/form/fields.json": {"GET": form.get_fields},
    "app/form/layout.json": {"GET": form.get_layout},
    "preview/app/form/layout.json": {
        "GET": form.get_preview_layout,
        "PUT": form.update_layout,
    },
    "app/views.json": {"GET": views.get_views},
    "preview/app/views.json": {"GET": views.get_preview_views, "PUT": views.update_views},
    "app/settings.json": {"GET": settings.get_settings},
    "app/status.json": {"GET": process_settings.get_process},
    "preview/app.json": {"POST": apps.add_app},
    "preview/app/form/fields.json": {
        "GET": form.get_preview_fields,
        "POST": form.add_fields,
        "PUT": form.update_fields,
        "DELETE": form.delete_fields,
    },
    "preview/app/settings.json": {
        "GET": settings.get_preview_settings,
        "PUT": settings.update_settings,
    },
    "preview/app/status.json": {
        "GET": process_settings.get_preview_process,
        "PUT": process_settings.update_process,
    },
    "preview/app/deploy.json": {"GET": deploy.get_deploy_status, "POST": deploy.deploy_apps},
}
"""Endpoints by path below /k/v1/, or /k/guest/<space>/v1/, and by method."""

NOT_YET = (
    ("apis", "apis/*", "search", "form", "guests", "template/*", "plugin", "plugin/*", "plugins")
    + ("app/actions", "app/adminNotes", "app/customize", "app/move", "app/notifications/*")
    + ("app/plugins", "app/reports", "space", "space/*", "spaces/*")
)
"""Endpoints of kintone that the emulator lacks, live or preview."""

_NOT_YET = re.compile(
    r"/k/(guest/[0-9]+/)?v1/(preview/)?("
    + "|".join(re.escape(path).replace(r"\*", ".*") for path in NOT_YET)
    + r")\.json"
)


def route(request: HTTPRequest) -> Endpoint:
    """Return the endpoint for the path and the method of a request.

    If a POST has an X-HTTP-Method-Override header, the header names the method. Raises a
    KintoneError with the status 404 if the emulator has no such endpoint.
    """
    method = request.asked_method
    methods = ENDPOINTS.get(f"{request.endpoint}.json", {})
    if method not in methods:
        raise _unknown(method, request.path)
    return methods[method]


def _unknown(method: str, path: str) -> KintoneError:
    if _NOT_YET.fullmatch(path):
        return KintoneError(
            404,
            "CB_IL02",
            ja=f"このエミュレーターは {method} {path} にまだ対応していません。",
            en=f"The emulator does not have {method} {path} yet.",
        )
    return KintoneError(
        404,
        "CB_IL02",
        ja=f"kintoneに {method} {path} というAPIはありません。",
        en=f"kintone has no {method} {path}. Check the method and the spelling of the path.",
    )
