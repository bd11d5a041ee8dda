"""app/acl.json, record/acl.json, field/acl.json, live and preview; records/acl/evaluate.json.

Source: kintone REST API, "App Permissions", "Record Permissions", "Field Permissions", "Evaluate
Record Permissions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..forms.subtable import Subtable
from ..ground import limits
from ..ground.errors import fault, invalid
from ..ground.parameters import array, integer, one_of, optional, required
from ..requests.endpoint import endpoint
from ..settings.apps import LiveApp
from ..settings.deployments import begin_deploy, finish_deploy
from ..settings.permissions import RIGHTS, complete_rights, effective_rights
from ..store.record_text import StoredRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..forms.fieldset import FieldSet
    from ..ground.json_types import Sent
    from ..requests.access import Access
    from ..requests.endpoint import Answer, Call, Endpoint
    from ..settings.apps import Settings
    from ..settings.permissions import PermissionKind

__all__ = ["SETTINGS", "evaluate"]

_APP = required(integer())
_LANGUAGE = optional(one_of("default", "user", "ja", "en", "zh"))


def _settings_endpoints(subject: PermissionKind) -> dict[str, dict[str, Endpoint]]:
    """Return the endpoints for the permissions of apps, of records or of fields, by path."""
    # A request for record permissions may name the app by `id` too; `id` takes precedence.
    by_id = {"app": optional(integer()), "id": optional(integer())}
    app = by_id if subject == "record" else {"app": _APP}

    @endpoint({**app, "lang": _LANGUAGE})
    def get(call: Call, sent: Sent) -> Answer:
        return _answer(subject, call.live_app(_app(sent), "manage").settings)

    @endpoint({**app, "lang": _LANGUAGE})
    def get_preview(call: Call, sent: Sent) -> Answer:
        return _answer(subject, call.app(_app(sent))["preview"])

    update = {
        **app,
        "rights": required(RIGHTS[subject]),
        "revision": optional(integer(least=-1)),
    }

    @endpoint(update)
    def put(call: Call, sent: Sent) -> Answer:
        # kintone deploys all preview settings together with the permissions.
        sent["app"] = _app(sent)
        call.live_app(sent["app"], "manage")
        answer = _change(subject, call, sent)
        app = call.app(sent["app"])
        begin_deploy(call.domain, [app])
        finish_deploy(call.domain, [app["id"]])
        deployment = call.app(sent["app"])["deployment"]
        if deployment is None or deployment["status"] != "SUCCESS":
            raise invalid({"app": ["does_not_fit"]})
        return answer

    @endpoint(update)
    def put_preview(call: Call, sent: Sent) -> Answer:
        sent["app"] = _app(sent)
        return _change(subject, call, sent)

    return {
        f"{subject}/acl.json": {"GET": get, "PUT": put},
        f"preview/{subject}/acl.json": {"GET": get_preview, "PUT": put_preview},
    }


def _app(sent: Mapping[str, Any]) -> int:
    """Return the id of the app that the request names. Raises CB_VA01 if it names none."""
    number: int | None = sent.get("id") or sent["app"]
    if number is None:
        raise invalid({"app": ["required"]})
    return number


SETTINGS: dict[str, dict[str, Endpoint]] = {
    **_settings_endpoints("app"),
    **_settings_endpoints("record"),
    **_settings_endpoints("field"),
}
"""The endpoints of app, record and field permissions, by path and by method."""


@endpoint(
    {"app": _APP, "ids": required(array(integer(), high=limits.RECORDS_PER_WRITE))},
    tokens=False,
)
def evaluate(call: Call, sent: Sent) -> Answer:
    """Evaluate Record Permissions: the caller's rights on each of these records."""
    app = call.live_app(sent["app"], "view", "add")
    access = call.access(app)
    rights = []
    for number in sent["ids"]:
        text = call.domain.store.record(app.id, number)
        if text is None:
            raise fault("GAIA_RE01", id=number)
        rights.append(_record_rights(call, app, access, StoredRecord(number, text)))
    return {"rights": rights}


def _record_rights(
    call: Call, app: LiveApp, access: Access, record: StoredRecord
) -> dict[str, Any]:
    granted = access.of_record(record)
    viewable = granted.viewable and call.may(app, "view")
    editable = viewable and granted.editable and call.may(app, "edit")
    fields = {
        code: {"viewable": viewable and right != "NONE", "editable": editable and right == "WRITE"}
        for code, right in _field_rights(app.form.fields, access, record).items()
    }
    deletable = viewable and granted.deletable and call.may(app, "delete")
    rights = {"viewable": viewable, "editable": editable, "deletable": deletable}
    return {"id": str(record.id), "record": rights, "fields": fields}


def _field_rights(fields: FieldSet, access: Access, record: StoredRecord) -> dict[str, str]:
    """Return the right on each field that an update can write, columns of subtables included.

    The right on a subtable is the highest right on one of its columns.
    """
    rights: dict[str, str] = {}
    for code, field in fields.fields.items():
        if isinstance(field, Subtable):
            columns = _field_rights(field.columns, access, record)
            rights |= columns
            rights[code] = max(columns.values(), key=_LEAST_FIRST.index, default="NONE")
        elif code not in fields.filled_by_server:
            rights[code] = access.of_field(code, record)
    return rights


_LEAST_FIRST = ("NONE", "READ", "WRITE")


def _change(subject: PermissionKind, call: Call, sent: Sent) -> Answer:
    app = call.editable_app(sent["app"], sent["revision"])
    preview = app["preview"]
    complete_rights(subject, sent["rights"], call.domain.directory, preview["properties"])
    preview["permissions"][subject] = sent["rights"]
    # LiveApp() raises an error if a right does not fit the form.
    LiveApp(app, preview)
    return call.save_settings(app)


def _answer(subject: PermissionKind, settings: Settings) -> Answer:
    return {
        "rights": effective_rights(subject, settings["permissions"]),
        "revision": str(settings["revision"]),
    }
