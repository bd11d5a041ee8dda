"""The shape of kintone's answer to each endpoint, as a table of checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from kintone_orm.api.shape_checks import (
    anything,
    at_least,
    empty_object,
    equal_to,
    flag,
    instant,
    items,
    list_of,
    mapping_of,
    non_empty_text,
    number,
    object_with,
    one_of,
    or_null,
    records,
    text,
)
from kintone_orm.limits import COMMENTS_PER_PAGE

if TYPE_CHECKING:
    from kintone_orm.api.shape_checks import Check

__all__ = ["Params", "problem_of"]

Params: TypeAlias = "Mapping[str, Any]"


def _written_revision(sent: Mapping[str, Any]) -> Check:
    """Check the revision of a written record. It is not before the revision that was sent.

    It is not known whether a write without a change raises the revision.
    """
    revision = sent.get("revision")
    return at_least(revision) if isinstance(revision, int) else number


def _written(params: Params) -> Check:
    """Check that the answer has one result for each record sent, in the same order.

    Ids are not compared after an upsert, because kintone ignores the ids that were sent.
    """
    upsert = bool(params.get("upsert"))
    outcome = {"operation": one_of("INSERT", "UPDATE")} if upsert else {}
    return object_with(
        records=items(
            [
                object_with(
                    id=equal_to(sent["id"]) if "id" in sent and not upsert else number,
                    revision=_written_revision(sent),
                    **outcome,
                )
                for sent in params.get("records", ())
            ]
        )
    )


def _added(params: Params) -> Check:
    count = len(params.get("records", ()))
    numbers = list_of(number, length=count)
    return object_with(ids=numbers, revisions=numbers)


def _page(params: Params) -> Check:
    counted = {"totalCount": number} if params.get("totalCount") else {}
    return object_with(records=records, **counted)


def _bulk(params: Params) -> Check:
    def check_of(inner: Mapping[str, Any]) -> Check:
        endpoint = inner["api"].partition("/v1/")[2].removesuffix(".json")
        return lambda value, path: problem_of(
            inner["method"], endpoint, inner["payload"], value, path
        )

    return object_with(results=items([check_of(inner) for inner in params.get("requests", ())]))


_RIGHTS = object_with(viewable=flag, editable=flag)


def _rights(params: Params) -> Check:
    """Check the rights of records. They may be nested, or flat as in one public description."""
    nested = [
        object_with(
            id=equal_to(id_),
            record=object_with(viewable=flag, editable=flag, deletable=flag),
            fields=mapping_of(_RIGHTS),
        )
        for id_ in params.get("ids", ())
    ]
    flat = [
        object_with(id=equal_to(id_), viewable=flag, editable=flag, deletable=flag)
        for id_ in params.get("ids", ())
    ]

    def check(value: object, path: str) -> str:
        if isinstance(value, Mapping) and "evaluate" in value:
            return object_with(evaluate=items(flat))(value, path)
        return object_with(rights=items(nested))(value, path)

    return check


_PROPERTIES_BY_TYPE: Mapping[str, Check] = {
    "CALC": object_with(format=non_empty_text),
    "CHECK_BOX": object_with(options=mapping_of(anything)),
    "DROP_DOWN": object_with(options=mapping_of(anything)),
    "LINK": object_with(protocol=non_empty_text),
    "MULTI_SELECT": object_with(options=mapping_of(anything)),
    "RADIO_BUTTON": object_with(options=mapping_of(anything)),
    "SUBTABLE": lambda value, path: object_with(fields=mapping_of(_property))(value, path),
}
_TYPED = object_with(type=non_empty_text)
_LOOKUP = object_with(fieldMappings=list_of(object_with(field=non_empty_text)))


def _property(value: object, path: str) -> str:
    """Check the definition of a field."""
    problem = _TYPED(value, path)
    if problem or not isinstance(value, Mapping):
        return problem
    # A lookup has a type, such as NUMBER, but lacks settings that other fields of this type have.
    if value.get("lookup") is not None:
        return _LOOKUP(value["lookup"], f"{path}.lookup")
    return _PROPERTIES_BY_TYPE.get(value["type"], anything)(value, path)


_FORM = object_with(properties=mapping_of(_property), revision=number)
_REVISION = object_with(revision=number)
_WHO = object_with(code=text, name=text)
_APP = object_with(
    appId=number,
    code=text,
    name=text,
    description=text,
    spaceId=or_null(number),
    threadId=or_null(number),
    createdAt=instant,
    creator=_WHO,
    modifiedAt=instant,
    modifier=_WHO,
)
_COMMENT = object_with(
    id=number,
    text=text,
    createdAt=instant,
    creator=_WHO,
    mentions=list_of(object_with(code=text, type=one_of("USER", "GROUP", "ORGANIZATION"))),
)


_ENTITY = object_with(entity=object_with(type=non_empty_text))
_ASSIGNABLE = object_with(assignee=object_with(entities=list_of(_ENTITY)))


def _status(value: object, path: str) -> str:
    """Check a status of a process, and its possible assignees if it has any."""
    if isinstance(value, Mapping) and "assignee" in value:
        return _ASSIGNABLE(value, path)
    return object_with()(value, path)


_ACTION = object_with(**{"name": non_empty_text, "from": non_empty_text, "to": non_empty_text})


_PROCESS = object_with(
    enable=flag,
    states=or_null(mapping_of(_status)),
    actions=or_null(list_of(_ACTION)),
)


_GRANTEE = {"entity": object_with(type=non_empty_text)}
_APP_RIGHT = object_with(
    **_GRANTEE,
    appEditable=flag,
    recordViewable=flag,
    recordAddable=flag,
    recordEditable=flag,
    recordDeletable=flag,
)
_RECORD_RIGHT = object_with(
    filterCond=text,
    entities=list_of(object_with(**_GRANTEE, viewable=flag, editable=flag, deletable=flag)),
)
_FIELD_RIGHT = object_with(
    code=non_empty_text,
    entities=list_of(object_with(**_GRANTEE, accessibility=one_of("READ", "WRITE", "NONE"))),
)
_PERMISSIONS = {
    "app": object_with(rights=list_of(_APP_RIGHT), revision=number),
    "record": object_with(rights=list_of(_RECORD_RIGHT), revision=number),
    "field": object_with(rights=list_of(_FIELD_RIGHT), revision=number),
}
_STATISTICS = object_with(
    id=number,
    name=text,
    space=or_null(object_with(id=number)),
    status=non_empty_text,
    recordCount=number,
    fieldCount=number,
    dailyRequestCount=number,
    storageUsage=number,
)


def _comments(params: Params) -> Check:
    limit = int(params.get("limit", COMMENTS_PER_PAGE))

    def comments(value: object, path: str) -> str:
        if problem := list_of(_COMMENT)(value, path):
            return problem
        is_short = isinstance(value, list) and len(value) <= limit
        return "" if is_short else f"the answer has more than {limit} comments"

    return object_with(comments=comments, older=flag, newer=flag)


def _deployed(params: Params) -> Check:
    status = one_of("PROCESSING", "SUCCESS", "FAIL", "CANCEL")
    apps = params.get("apps", ())
    return object_with(apps=list_of(object_with(app=number, status=status), length=len(apps)))


def _always(check: Check) -> Callable[[Params], Check]:
    return lambda _params: check


# Other answers without data are not listed and not checked.
_ANSWERS: Mapping[tuple[str, str], Callable[[Params], Check]] = {
    ("GET", "record"): _always(object_with(record=object_with())),
    ("GET", "records"): _page,
    ("POST", "record"): _always(object_with(id=number, revision=number)),
    ("POST", "records"): _added,
    ("PUT", "record"): lambda params: object_with(revision=_written_revision(params)),
    ("DELETE", "records"): _always(empty_object),
    ("PUT", "records"): _written,
    ("POST", "bulkRequest"): _bulk,
    ("POST", "records/cursor"): _always(object_with(id=non_empty_text, totalCount=number)),
    ("GET", "records/cursor"): _always(object_with(records=records, next=flag)),
    ("PUT", "record/status"): _always(_REVISION),
    ("PUT", "records/status"): _written,
    ("PUT", "record/assignees"): _always(_REVISION),
    ("GET", "record/comments"): _comments,
    ("POST", "record/comment"): _always(object_with(id=number)),
    ("GET", "records/acl/evaluate"): _rights,
    ("POST", "file"): _always(object_with(fileKey=non_empty_text)),
    ("GET", "app"): _always(_APP),
    ("GET", "apps"): _always(object_with(apps=list_of(object_with(appId=number, name=text)))),
    ("GET", "app/form/fields"): _always(_FORM),
    ("GET", "app/form/layout"): _always(object_with(layout=list_of(_TYPED))),
    ("GET", "app/settings"): _always(object_with(name=text)),
    ("GET", "app/status"): _always(_PROCESS),
    **{
        ("GET", f"{settings}{subject}/acl"): _always(check)
        for settings in ("", "preview/")
        for subject, check in _PERMISSIONS.items()
    },
    **{
        ("PUT", f"{settings}{subject}/acl"): _always(_REVISION)
        for settings in ("", "preview/")
        for subject in _PERMISSIONS
    },
    ("GET", "apps/statistics"): _always(object_with(apps=list_of(_STATISTICS))),
    ("GET", "space"): _always(object_with(defaultThread=number)),
    ("POST", "preview/app"): _always(object_with(app=number, revision=number)),
    ("GET", "preview/app/form/fields"): _always(_FORM),
    ("POST", "preview/app/form/fields"): _always(_REVISION),
    ("PUT", "preview/app/form/fields"): _always(_REVISION),
    ("GET", "preview/app/settings"): _always(object_with(name=text)),
    ("PUT", "preview/app/settings"): _always(_REVISION),
    ("GET", "preview/app/deploy"): _deployed,
}


def problem_of(method: str, endpoint: str, params: Params, answer: object, path: str = "") -> str:
    """Return a clause about the first problem of an answer, or "" if its shape is right."""
    check = _ANSWERS.get((method, endpoint))
    return "" if check is None else check(params)(answer, path)
