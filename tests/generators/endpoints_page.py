"""docs/endpoints.md: each function of kintone_orm.api beside the part of a model that uses it.

The table does not name the endpoints. Each function is called with a caller that keeps the request,
which tells the endpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kintone_orm import exceptions as e
from kintone_orm import limits
from kintone_orm.api import (
    apps,
    bulk,
    comments,
    cursors,
    deploy,
    files,
    form,
    permissions,
    process,
    records,
    spaces,
    statistics,
    status,
    views,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[2] / "docs" / "endpoints.md"

RECORD_MODULES = (records, cursors, comments, status, permissions, files, bulk)
APP_MODULES = (apps, spaces, form, views, process, permissions, statistics, deploy)


@dataclass(frozen=True)
class Row:
    """A function, its arguments, and the part of a model that sends the same requests."""

    function: Callable[..., Any]
    arguments: dict[str, Any]
    model: str
    requests: str
    limits: str = ""
    errors: tuple[type[e.APIError], ...] = ()


HUNDRED = f"{limits.RECORDS_PER_WRITE} records"
RECORD = {"app": 1, "id": 1}
GROUPED = f"1 for {limits.RECORDS_PER_BULK:,} records"
AT_ONCE = "in use at once, with all preview settings; `preview=True` waits for a deploy"
STATUS_ERRORS = (
    e.ActionNotAvailable,
    e.NotAssignee,
    e.AssigneeRequired,
    e.AssigneeNotTaken,
    e.ProcessDisabled,
    e.ConflictError,
    e.NotFound,
)

RECORD_ROWS = [
    Row(
        records.get_record,
        RECORD,
        "none: `objects.get()` reads only the declared fields",
        "",
        "",
        (e.NotFound,),
    ),
    Row(
        records.get_records,
        {"app": 1},
        "`objects.get()`, `first()`, `count()`, `exists()`, `in_bulk()`, `refresh_from_db()`, "
        "iteration; `deploy()` of a code that may be a typo",
        f"1; iteration 1 for {limits.RECORDS_PER_PAGE} records, `in_bulk()` for one less",
        f"{limits.RECORDS_PER_PAGE} records; offset {limits.MAX_OFFSET:,}; "
        f"{limits.FIELDS_PER_READ:,} fields",
        (e.QueryError,),
    ),
    Row(
        records.add_record,
        {"app": 1},
        "`objects.create()`, `get_or_create()`, `save()`",
        "1",
        "",
        (e.LookupSourceNotFound,),
    ),
    Row(
        records.add_records,
        {"app": 1, "records": []},
        "`objects.bulk_create()`",
        GROUPED,
        HUNDRED,
        (e.LookupSourceNotFound,),
    ),
    Row(
        records.update_record,
        RECORD,
        "`save()`",
        "1; none if nothing changed",
        f"a key of {limits.UPDATE_KEY_CHARACTERS} characters",
        (e.ConflictError, e.LookupSourceNotFound, e.NotFound),
    ),
    Row(
        records.update_records,
        {"app": 1, "records": []},
        "`queryset.update()`, `objects.bulk_update()`, `update_or_create()`, "
        "`bulk_create(update_conflicts=True)`",
        f"{GROUPED}; for a queryset first the ids, for an "
        "[upsert](querying.md#find-or-create) sometimes the keys",
        HUNDRED,
        (e.ConflictError, e.LookupSourceNotFound, e.NotFound),
    ),
    Row(
        records.delete_records,
        {"app": 1, "ids": [1]},
        "`delete()`, `queryset.delete()`",
        f"1; for a queryset {GROUPED}, after the ids",
        f"1 to {HUNDRED}",
        (e.ConflictError, e.NotFound),
    ),
    Row(
        cursors.create_cursor,
        {"app": 1},
        "iteration in an order of your own",
        f"1, if a page of {limits.RECORDS_PER_PAGE} was full",
        f"{limits.CURSORS_PER_DOMAIN} open in the domain",
        (e.CursorLimitError, e.QueryError),
    ),
    Row(
        cursors.get_cursor,
        {"id": "x"},
        "the same",
        f"1 for {limits.RECORDS_PER_CURSOR_PAGE} records",
        f"{limits.RECORDS_PER_CURSOR_PAGE} records; "
        f"{limits.CURSOR_LIFETIME_SECONDS // 60} minutes between two requests",
        (e.CursorExpired,),
    ),
    Row(
        cursors.delete_cursor,
        {"id": "x"},
        "the same, if the loop ends early",
        "1",
        "",
        (e.CursorExpired,),
    ),
    Row(
        comments.get_comments,
        {"app": 1, "record": 1},
        "`order.comments`: iteration, slices, `exists()`",
        f"1 for {limits.COMMENTS_PER_PAGE} comments",
        f"{limits.COMMENTS_PER_PAGE} comments",
        (e.CommentsDisabled, e.NotFound),
    ),
    Row(
        comments.add_comment,
        {"app": 1, "record": 1, "text": "x"},
        "`order.comments.create()`",
        "1",
        f"{limits.COMMENT_CHARACTERS:,} characters; {limits.MENTIONS_PER_COMMENT} mentions",
        (e.CommentsDisabled, e.NotFound),
    ),
    Row(
        comments.delete_comment,
        {"app": 1, "record": 1, "comment": 1},
        "`comment.delete()`",
        "1",
        "",
        (e.NotCommentAuthor, e.CommentsDisabled, e.NotFound),
    ),
    Row(
        status.update_status,
        {**RECORD, "action": "x"},
        "`order.transition()`",
        "1; 3 after a refusal",
        "",
        STATUS_ERRORS,
    ),
    Row(
        status.update_statuses,
        {"app": 1, "records": []},
        "`queryset.transition()`, `objects.bulk_transition()`",
        f"{GROUPED}; for a queryset first the ids",
        HUNDRED,
        STATUS_ERRORS,
    ),
    Row(
        status.update_assignees,
        {**RECORD, "assignees": []},
        "`order.assign()`",
        "1",
        f"{limits.ASSIGNEES_PER_RECORD} assignees",
        (e.ProcessDisabled, e.ConflictError, e.NotFound),
    ),
    Row(
        permissions.evaluate_record_permissions,
        {"app": 1, "ids": [1]},
        "`order.permissions()`, `queryset.permissions()`",
        f"1 for {limits.RECORDS_PER_PERMISSION_CHECK} records; for a queryset first the ids",
        f"{limits.RECORDS_PER_PERMISSION_CHECK} records; no API tokens",
        (e.PermissionDenied, e.NotFound),
    ),
    Row(
        files.upload_file,
        {"file": BytesIO(), "name": "x"},
        "`save()`, with a new file in a file field",
        "1 for each file",
        f"{limits.FILE_BYTES // 1024**3} GB; used within {limits.UPLOAD_LIFETIME_DAYS} days",
    ),
    Row(
        files.download_file,
        {"file_key": "x"},
        "`attachment.open()`, `.read()`, `.save_to()`",
        "1",
        "",
        (e.AttachmentNotFound, e.PermissionDenied),
    ),
    Row(
        bulk.bulk_request,
        {"requests": [bulk.InnerRequest("POST", "record", {"app": 1})]},
        "every write of more than a hundred records",
        GROUPED,
        f"{limits.REQUESTS_PER_BULK} requests, all or nothing, of one guest space or of none",
        (),
    ),
]

APP_ROWS = [
    Row(apps.get_app, {"id": 1}, "`Model.app_info()`", "1", "", (e.NotFound,)),
    Row(
        apps.get_apps,
        {},
        "`deploy()` of new apps",
        "1 for 100 apps of the domain",
        f"{limits.APPS_PER_PAGE} apps; a password",
    ),
    Row(apps.add_app, {"name": "x"}, "`deploy()`", "1 for each new app", "a password"),
    Row(
        spaces.get_space,
        {"id": 1},
        "`deploy()` of new apps, over a connection to a guest space",
        "1",
        "a password",
        (e.NotFound,),
    ),
    Row(
        apps.get_app_settings,
        {"app": 1},
        "`deploy()`",
        "5 or more, to look for an unfinished app before making one; 1 for a number precision",
    ),
    Row(
        apps.update_app_settings,
        {"app": 1, "settings": {}},
        "`deploy()`",
        "1",
        "",
        (e.ConflictError,),
    ),
    Row(
        form.get_form_fields,
        {"app": 1},
        "`deploy()`, the first `save()` to an app",
        "2 for each app (1 if it is new), and 1 more if it was changed; 1",
    ),
    Row(form.add_form_fields, {"app": 1, "properties": {}}, "`deploy()`", "1"),
    Row(form.update_form_fields, {"app": 1, "properties": {}}, "`deploy()`", "1"),
    Row(
        form.delete_form_fields,
        {"app": 1, "fields": []},
        "none",
        "",
        f"{limits.FIELDS_PER_DELETE} fields",
        (e.ConflictError, e.NotFound),
    ),
    Row(form.get_form_layout, {"app": 1}, "none", ""),
    Row(
        form.update_form_layout,
        {"app": 1, "layout": []},
        "none",
        "",
        "",
        (e.ConflictError,),
    ),
    Row(views.get_views, {"app": 1}, "none", ""),
    Row(views.update_views, {"app": 1, "views": {}}, "none", "", "", (e.ConflictError,)),
    Row(
        process.get_process,
        {"app": 1},
        "`order.available_actions()`, a refused `transition()`",
        "1 for each connection and app; 1 for a refusal",
    ),
    Row(process.update_process, {"app": 1}, "none", "", "", (e.ConflictError,)),
    Row(permissions.get_app_permissions, {"app": 1}, "none", ""),
    Row(
        permissions.update_app_permissions,
        {"app": 1, "rights": []},
        "none",
        "",
        AT_ONCE,
        (e.ConflictError,),
    ),
    Row(permissions.get_record_permissions, {"app": 1}, "none", ""),
    Row(
        permissions.update_record_permissions,
        {"app": 1, "rights": []},
        "none",
        "",
        AT_ONCE,
        (e.ConflictError,),
    ),
    Row(permissions.get_field_permissions, {"app": 1}, "none", ""),
    Row(
        permissions.update_field_permissions,
        {"app": 1, "rights": []},
        "none",
        "",
        AT_ONCE,
        (e.ConflictError,),
    ),
    Row(
        statistics.get_app_statistics,
        {},
        "none",
        "",
        f"{limits.APPS_PER_PAGE} apps; a password; the Wide Course",
    ),
    Row(
        deploy.deploy_apps,
        {"apps": []},
        "`deploy()`",
        "1 for each round (plain fields, lookups, lookups of those, related records) and 300 apps",
        f"{limits.APPS_PER_DEPLOY} apps",
        (e.ConflictError,),
    ),
    Row(
        deploy.get_deploy_status,
        {"apps": [1]},
        "`deploy()`",
        "1 or more, until it is done",
        f"{limits.APPS_PER_DEPLOY} apps",
    ),
]

INTRODUCTION = f"""\
# Endpoints

[kintone_orm.api](reference/api.md) has a function for each of kintone's endpoints for records:
plain data in, plain data out. The tables also show the methods of a model that use the endpoint,
the number of requests, the limits and the errors. A function refuses arguments beyond kintone's
limits before anything is sent; a model's method splits its work into requests that fit.

Not repeated in each row: any request may be refused with
[AuthenticationError](errors.md#authenticationerror),
[PermissionDenied](errors.md#permissiondenied), [InvalidInput](errors.md#invalidinput), or
[NotFound](errors.md#notfound) for the app; with [RateLimited](errors.md#ratelimited) when
{limits.REQUESTS_AT_ONCE} are running in the domain; and may end in
[ServerBusy](errors.md#serverbusy) or [TransportError](errors.md#transporterror). A model's methods
translate some of these: NotFound for a record to `Model.DoesNotExist`, ConflictError to
`Model.Conflict`, InvalidInput to [ValidationError](errors.md#validationerror). A failed write of
many records is a [BulkWriteError](errors.md#bulkwriteerror) as well. After a duplicate value is
refused, one request looks up the record that has it. A program's first write to an app also reads
the app's form, once.
"""

MIDDLE = """
## Apps and their settings

These endpoints change the preview settings. Deploy the app to put them into use. A function that
reads settings reads those in use, or with `preview=True` the preview settings.
"""


class Recorder:
    """A caller that keeps the endpoint of the request instead of sending it."""

    def __init__(self) -> None:
        self.endpoint = ""

    def path(self, endpoint: str) -> str:
        return f"/k/v1/{endpoint}.json"

    def request(self, method: str, endpoint: str, *_: Any, **__: Any) -> dict[str, Any]:
        self.endpoint = f"{method} {endpoint}.json"
        return {"rights": []}

    def upload(self, endpoint: str, *_: Any, **__: Any) -> dict[str, Any]:
        return self.request("POST", endpoint)

    def download(self, endpoint: str, *_: Any, **__: Any) -> dict[str, Any]:
        return self.request("GET", endpoint)


def endpoint_of(row: Row) -> str:
    """The method and path of the request, such as ``PUT record/status.json``."""
    recorder = Recorder()
    row.function(recorder, **row.arguments)
    return recorder.endpoint


def line(row: Row) -> str:
    """The row as a line of the table."""
    function = f"{row.function.__module__.split('.')[-1]}.{row.function.__name__}"
    errors = ", ".join(
        f"[{kind.__name__}](errors.md#{kind.__name__.lower()})" for kind in row.errors
    )
    cells = [
        f"`{endpoint_of(row)}`",
        f"`{function}()`",
        row.model,
        row.requests,
        row.limits,
        errors,
    ]
    return f"| {' | '.join(cells)} |".replace("|  ", "| ")


def table(rows: list[Row]) -> str:
    """The rows under their headings."""
    head = "| endpoint | function | on the model | requests | limits | errors |"
    return "\n".join([head, "|---" * 6 + "|", *map(line, rows)]) + "\n"


def page() -> str:
    """All of docs/endpoints.md."""
    parts = [INTRODUCTION, "## Records\n", table(RECORD_ROWS).rstrip(), MIDDLE, table(APP_ROWS)]
    return "\n".join(parts)
