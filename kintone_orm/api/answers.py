"""Checks of what kintone answers, endpoint by endpoint.

An answer may be JSON and yet not kintone's, or not the answer to what was asked: of a proxy, a
cache, another server. What models do is built on ids, revisions and positions in these answers, so
they ask through `checked`; who calls the functions of this package gets what came.

A check is a function of a value and of the path to it: the sentence about what is wrong, or "".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TypeAlias

from kintone_orm.api.bulk import BulkCaller
from kintone_orm.api.files import FileCaller
from kintone_orm.exceptions import TransportError

if TYPE_CHECKING:
    from kintone_orm.api.caller import Id
    from kintone_orm.http.messages import Chunks

__all__ = ["Checked", "checked"]

Check: TypeAlias = "Callable[[Any, str], str]"
Params: TypeAlias = "Mapping[str, Any]"

_DIGITS = 19  # of a whole number of eight bytes; Python refuses texts of thousands


class Way(BulkCaller, FileCaller, Protocol):
    """The way to a kintone, such as a Connection."""


class Checked:
    """A connection whose answers are looked at: TransportError for what cannot be kintone's."""

    __slots__ = ("_way",)

    def __init__(self, way: Way) -> None:
        self._way = way

    def path(self, endpoint: str) -> str:
        """As the connection's."""
        return self._way.path(endpoint)

    def request(
        self, method: str, endpoint: str, params: Params | None = None, *, app: Id | None = None
    ) -> dict[str, Any]:
        """The answer, which has what the endpoint's document says."""
        answer = self._way.request(method, endpoint, params, app=app)
        self._require(method, endpoint, params or {}, answer)
        return answer

    def upload(
        self,
        endpoint: str,
        file: BinaryIO,
        *,
        name: str,
        content_type: str,
        app: Id | None = None,
    ) -> dict[str, Any]:
        """The answer to a file, which has its key."""
        answer = self._way.upload(endpoint, file, name=name, content_type=content_type, app=app)
        self._require("POST", endpoint, {}, answer)
        return answer

    def download(self, endpoint: str, params: Params, *, app: Id | None = None) -> Chunks:
        """A file's content, which may be anything."""
        return self._way.download(endpoint, params, app=app)

    def _require(self, method: str, endpoint: str, params: Params, answer: Any) -> None:
        wrong = _problem(method, endpoint, params, answer, "")
        if wrong:
            raise TransportError(
                f"The answer is JSON, but not kintone's: {wrong}. A proxy, a cache or another "
                "server may stand in between",
                status=200,
                method=method,
                path=self._way.path(endpoint),
            )


def checked(way: Way) -> Checked:
    """The connection, to be asked by what needs answers of the right shape."""
    return Checked(way)


# -- values ---------------------------------------------------------------------------------------


def _text(value: Any, path: str) -> str:
    return "" if isinstance(value, str) and value else f"{path} is no text"


def _any_text(value: Any, path: str) -> str:
    return "" if isinstance(value, str) else f"{path} is no text"


def _flag(value: Any, path: str) -> str:
    return "" if isinstance(value, bool) else f"{path} is neither true nor false"


def _number(value: Any, path: str) -> str:
    """Ids, revisions, counts: kintone writes them as texts."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _DIGITS:
        return ""
    number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return "" if number else f"{path} is no number"


def _instant(value: Any, path: str) -> str:
    try:
        datetime.fromisoformat(value.removesuffix("Z") + "+00:00")
    except (AttributeError, TypeError, ValueError):
        return f"{path} is no instant"
    return ""


def _one_of(*names: str) -> Check:
    def check(value: Any, path: str) -> str:
        return "" if isinstance(value, str) and value in names else f"{path} is none of {names}"

    return check


def _is(number: Any) -> Check:
    def check(value: Any, path: str) -> str:
        return "" if str(value) == str(number) else f"{path} is not {number}"

    return check


# -- what holds them -------------------------------------------------------------------------------


def _object(**members: Check) -> Check:
    def check(value: Any, path: str) -> str:
        if not isinstance(value, Mapping):
            return f"{path or 'it'} is no object"
        for name, inner in members.items():
            if name not in value:
                return f"{path or 'it'} has no {name}"
            if wrong := inner(value[name], f"{path}.{name}" if path else name):
                return wrong
        return ""

    return check


def _list(inner: Check, *, length: int | None = None) -> Check:
    def check(value: Any, path: str) -> str:
        if not isinstance(value, list):
            return f"{path} is no list"
        if length is not None and len(value) != length:
            return f"{path} has {len(value):,} entries, not {length:,}"
        found = (inner(each, f"{path}[{index}]") for index, each in enumerate(value))
        return next(filter(None, found), "")

    return check


def _by_name(inner: Check) -> Check:
    def check(value: Any, path: str) -> str:
        if not isinstance(value, Mapping):
            return f"{path} is no object"
        for name, each in value.items():
            if wrong := inner(each, f"{path}.{name}"):
                return wrong
        return ""

    return check


def _or_null(inner: Check) -> Check:
    return lambda value, path: "" if value is None else inner(value, path)


def _each(checks: Sequence[Check]) -> Check:
    def check(value: Any, path: str) -> str:
        if wrong := _list(_anything, length=len(checks))(value, path):
            return wrong
        found = (
            inner(each, f"{path}[{index}]")
            for index, (inner, each) in enumerate(zip(checks, value, strict=True))
        )
        return next(filter(None, found), "")

    return check


def _anything(_value: Any, _path: str) -> str:
    return ""


def _records(value: Any, path: str) -> str:
    """Pages are long, and who reads them looks at their ids: here only that they are records."""
    if not isinstance(value, list):
        return f"{path} is no list"
    return "" if set(map(type, value)) <= {dict} else f"{path} has something that is no record"


# -- what the endpoints answer ---------------------------------------------------------------------


def _written(params: Params) -> Check:
    """The records that were sent, in their order; of an upsert, ids are not what names them."""
    upsert = bool(params.get("upsert"))
    outcome = {"operation": _one_of("INSERT", "UPDATE")} if upsert else {}
    return _object(
        records=_each(
            [
                _object(
                    id=_is(sent["id"]) if "id" in sent and not upsert else _number,
                    revision=_number,
                    **outcome,
                )
                for sent in params.get("records", ())
            ]
        )
    )


def _added(params: Params) -> Check:
    count = len(params.get("records", ()))
    numbers = _list(_number, length=count)
    return _object(ids=numbers, revisions=numbers)


def _page(params: Params) -> Check:
    counted = {"totalCount": _number} if params.get("totalCount") else {}
    return _object(records=_records, **counted)


def _bulk(params: Params) -> Check:
    def of(inner: Mapping[str, Any]) -> Check:
        endpoint = inner["api"].partition("/v1/")[2].removesuffix(".json")
        return lambda value, path: _problem(
            inner["method"], endpoint, inner["payload"], value, path
        )

    return _object(results=_each([of(each) for each in params.get("requests", ())]))


_RIGHTS = _object(viewable=_flag, editable=_flag)


def _rights(params: Params) -> Check:
    """Nested, or flat as one public description has them."""
    nested = [
        _object(
            id=_is(id_),
            record=_object(viewable=_flag, editable=_flag, deletable=_flag),
            fields=_by_name(_RIGHTS),
        )
        for id_ in params.get("ids", ())
    ]
    flat = [
        _object(id=_is(id_), viewable=_flag, editable=_flag, deletable=_flag)
        for id_ in params.get("ids", ())
    ]

    def check(value: Any, path: str) -> str:
        if "evaluate" in value:
            return _object(evaluate=_each(flat))(value, path)
        return _object(rights=_each(nested))(value, path)

    return check


_PROPERTIES_BY_TYPE: Mapping[str, Check] = {
    "CALC": _object(format=_text),
    "CHECK_BOX": _object(options=_by_name(_anything)),
    "DROP_DOWN": _object(options=_by_name(_anything)),
    "LINK": _object(protocol=_text),
    "MULTI_SELECT": _object(options=_by_name(_anything)),
    "RADIO_BUTTON": _object(options=_by_name(_anything)),
    "SUBTABLE": lambda value, path: _object(fields=_by_name(_property))(value, path),
}
_TYPED = _object(type=_text)
_LOOKUP = _object(fieldMappings=_list(_object(field=_text)))


def _property(value: Any, path: str) -> str:
    """A field of a form."""
    if wrong := _TYPED(value, path):
        return wrong
    if value.get("lookup") is not None:  # it has none of its type's own settings
        return _LOOKUP(value["lookup"], f"{path}.lookup")
    return _PROPERTIES_BY_TYPE.get(value["type"], _anything)(value, path)


_FORM = _object(properties=_by_name(_property), revision=_number)
_REVISION = _object(revision=_number)
_WHO = _object(code=_any_text, name=_any_text)
_APP = _object(
    appId=_number,
    code=_any_text,
    name=_any_text,
    description=_any_text,
    spaceId=_or_null(_number),
    threadId=_or_null(_number),
    createdAt=_instant,
    creator=_WHO,
    modifiedAt=_instant,
    modifier=_WHO,
)
_COMMENT = _object(
    id=_number,
    text=_any_text,
    createdAt=_instant,
    creator=_WHO,
    mentions=_list(_object(code=_any_text, type=_one_of("USER", "GROUP", "ORGANIZATION"))),
)


def _entities(value: Any, path: str) -> str:
    """A check of the people who may work on a record in a state, where they are named."""
    if "assignee" not in value:
        return ""
    entity = _object(entity=_object(type=_text))
    return _object(assignee=_object(entities=_list(entity)))(value, path)


def _state(value: Any, path: str) -> str:
    return _object()(value, path) or _entities(value, path)


_PROCESS = _object(
    enable=_flag,
    states=_or_null(_by_name(_state)),
    actions=_or_null(_list(_object(**{"name": _text, "from": _text, "to": _text}))),
)


def _comments(params: Params) -> Check:
    most = int(params.get("limit", 10))

    def check(value: Any, path: str) -> str:
        comments = _object(comments=_list(_COMMENT), older=_flag, newer=_flag)
        if wrong := comments(value, path):
            return wrong
        return "" if len(value["comments"]) <= most else f"it has more than {most} comments"

    return check


def _deployed(params: Params) -> Check:
    status = _one_of("PROCESSING", "SUCCESS", "FAIL", "CANCEL")
    apps = params.get("apps", ())
    return _object(apps=_list(_object(app=_number, status=status), length=len(apps)))


def _always(check: Check) -> Callable[[Params], Check]:
    return lambda _params: check


_ANSWERS: Mapping[tuple[str, str], Callable[[Params], Check]] = {
    ("GET", "record"): _always(_object(record=_object())),
    ("GET", "records"): _page,
    ("POST", "record"): _always(_object(id=_number, revision=_number)),
    ("POST", "records"): _added,
    ("PUT", "record"): _always(_REVISION),
    ("PUT", "records"): _written,
    ("POST", "bulkRequest"): _bulk,
    ("POST", "records/cursor"): _always(_object(id=_text, totalCount=_number)),
    ("GET", "records/cursor"): _always(_object(records=_records, next=_flag)),
    ("PUT", "record/status"): _always(_REVISION),
    ("PUT", "records/status"): _written,
    ("PUT", "record/assignees"): _always(_REVISION),
    ("GET", "record/comments"): _comments,
    ("POST", "record/comment"): _always(_object(id=_number)),
    ("GET", "records/acl/evaluate"): _rights,
    ("POST", "file"): _always(_object(fileKey=_text)),
    ("GET", "app"): _always(_APP),
    ("GET", "apps"): _always(_object(apps=_list(_object(appId=_number, name=_any_text)))),
    ("GET", "app/form/fields"): _always(_FORM),
    ("GET", "app/status"): _always(_PROCESS),
    ("GET", "space"): _always(_object(defaultThread=_number)),
    ("POST", "preview/app"): _always(_object(app=_number, revision=_number)),
    ("GET", "preview/app/form/fields"): _always(_FORM),
    ("POST", "preview/app/form/fields"): _always(_REVISION),
    ("PUT", "preview/app/form/fields"): _always(_REVISION),
    ("PUT", "preview/app/settings"): _always(_REVISION),
    ("GET", "preview/app/deploy"): _deployed,
}


def _problem(method: str, endpoint: str, params: Params, answer: Any, path: str) -> str:
    """A sentence about what is wrong; "" for an answer that says nothing, such as a deletion's."""
    check = _ANSWERS.get((method, endpoint))
    return "" if check is None else check(params)(answer, path)
