"""record/comment.json and record/comments.json. Source: kintone REST API, "Comments"."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..ground import limits
from ..ground.errors import fault
from ..ground.parameters import (
    Parameter,
    array,
    integer,
    one_of,
    optional,
    required,
    sized_text,
    structure,
    text,
)
from ..ground.problems import Problems
from ..records.reader import viewable_record
from ..requests.endpoint import endpoint
from ..store.comments import new_comment, page_of
from ..store.record_text import dump

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..requests.endpoint import Answer, Call
    from ..settings.apps import LiveApp

_APP = required(integer())
_RECORD = required(integer())
_MENTION = {"code": required(text), "type": required(one_of("USER", "GROUP", "ORGANIZATION"))}
_COMMENT = structure(
    {
        "text": required(sized_text(1, limits.COMMENT_LENGTH)),
        "mentions": optional(array(structure(_MENTION), high=limits.MENTIONS_PER_COMMENT)),
    }
)


def _comment(value: object, path: str, problems: Problems) -> Any:
    """Return the checked comment. Measured: for null, kintone's error is that of invalid JSON."""
    if value is None:
        raise fault("CB_IJ01")
    return _COMMENT(value, path, problems)


@endpoint(
    {
        "app": _APP,
        "record": _RECORD,
        "order": optional(one_of("asc", "desc")),
        "offset": optional(integer(least=0)),
        "limit": optional(integer(least=0, most=limits.COMMENTS_PER_PAGE)),
    }
)
def get_comments(call: Call, sent: Sent) -> Answer:
    """Get Comments, the newest first unless `order` is "asc"."""
    _check_record(call, sent)
    return page_of(
        call.domain.store.comments(sent["app"], sent["record"]),
        order=sent["order"] or "desc",
        offset=sent["offset"] or 0,
        limit=limits.COMMENTS_PER_PAGE if sent["limit"] is None else sent["limit"],
    )


@endpoint(
    {"app": _APP, "record": _RECORD, "comment": Parameter(_comment, ("required",), blanks=("",))}
)
def add_comment(call: Call, sent: Sent) -> Answer:
    """Add Comment. The record's revision does not change."""
    live = _check_record(call, sent)
    mentions = sent["comment"]["mentions"] or []
    names = _names(call, mentions)
    app, record, store = sent["app"], sent["record"], call.domain.store
    (number,) = store.take_numbers(f"comment {app} {record}", 1)
    comment = new_comment(
        number,
        sent["comment"]["text"],
        mentions,
        names=names,
        creator=call.caller.user,
        now=call.now,
    )
    store.put_comment(app, record, number, dump(comment))
    call.notify("ADD_RECORD_COMMENT", live, record, comment)
    call.written.append((app, record))
    return {"id": str(number)}


@endpoint({"app": _APP, "record": _RECORD, "comment": required(integer())})
def delete_comment(call: Call, sent: Sent) -> Answer:
    """Delete Comment. Callers may delete only their own comments.

    The comments of an API token are the Administrator's.
    """
    _check_record(call, sent)
    key = sent["app"], sent["record"], sent["comment"]
    document = call.domain.store.comment(*key)
    if document is None:
        raise fault("GAIA_RE02")
    if json.loads(document)["creator"]["code"] != call.caller.user.code:
        raise fault("GAIA_RE03", id=sent["comment"])
    call.domain.store.delete_comment(*key)
    call.written.append(key[:2])
    return {}


def _check_record(call: Call, sent: Sent) -> LiveApp:
    """Return the app. Raises GAIA_RE12 if the app's comments are off.

    Raises GAIA_RE01 or CB_NO02 if the record is missing or the caller may not view it.
    """
    app = call.live_app(sent["app"], "view")
    if not app.settings["general"]["enableComments"]:
        raise fault("GAIA_RE12")
    viewable_record(call, app, sent["record"])
    return app


def _names(call: Call, mentions: list[dict[str, str]]) -> list[str]:
    """Return the display names of the mentioned people. Raises GAIA_IL26 for an unknown user."""
    names, problems = [], Problems()
    for position, mention in enumerate(mentions):
        kind, code = mention["type"], mention["code"]
        name = call.domain.directory.name(kind, code)
        if name is not None:
            names.append(name)
        elif kind == "USER":
            raise fault("GAIA_IL26", code=code)
        else:
            problems.add(f"comment.mentions[{position}].code", "unknown_entity", code=code)
    problems.check()
    return names
