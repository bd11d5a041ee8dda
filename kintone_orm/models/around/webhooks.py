"""Records that kintone_orm did not read itself: what webhooks send, and programs hand on.

Nothing in it is trusted: a wrong shape is a DecodeError, and no URL is followed.

Source: kintone help, "Setting Up Webhooks", request bodies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from kintone_orm.exceptions import DecodeError
from kintone_orm.fields.entity import Group, Organization, User
from kintone_orm.fields.system import CreatedTimeField
from kintone_orm.models.record.decoding import fill
from kintone_orm.models.record.state import State

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

__all__ = ["WebhookComment", "WebhookEvent", "instance_of", "read_payload"]

M = TypeVar("M", bound="Model")

# What a payload of each type has besides `id`, `type` and `app`.
_RECORD, _DELETION, _COMMENT = "a record", "a deletion", "a comment"
_BODIES = {
    "ADD_RECORD": _RECORD,
    "UPDATE_RECORD": _RECORD,
    "UPDATE_STATUS": _RECORD,
    "DELETE_RECORD": _DELETION,
    "ADD_RECORD_COMMENT": _COMMENT,
}

_MENTIONED: dict[str, type[User | Organization | Group]] = {
    "USER": User,
    "ORGANIZATION": Organization,
    "GROUP": Group,
}

_INSTANT = CreatedTimeField("instant")

_MOST_DIGITS = 20  # more than any id or revision has


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookComment:
    """A comment that was added to a record."""

    id: int
    text: str
    created_at: datetime
    creator: User
    mentions: tuple[User | Organization | Group, ...] = ()


@dataclass(frozen=True, kw_only=True)  # a generic one cannot have slots and be frozen
class WebhookEvent(Generic[M]):
    """What a webhook tells: `type` is kintone's, such as "ADD_RECORD".

    `instance` is the record as it is after an ADD_RECORD, UPDATE_RECORD or UPDATE_STATUS, and
    `record_title` and `url` come with it. A DELETE_RECORD has `deleted_by` and `deleted_at`, an
    ADD_RECORD_COMMENT has `comment` and `url`. What the type does not have is None. `id` is the
    notification's own.
    """

    type: str
    id: str
    app_id: int
    app_name: str
    record_id: int
    instance: M | None = None
    record_title: str | None = None
    url: str | None = None
    comment: WebhookComment | None = None
    deleted_by: User | None = None
    deleted_at: datetime | None = None


def instance_of(model: type[M], record: Mapping[str, Any], connection: Connection) -> M:
    """As `Model.from_record`."""
    sent = _Sent(f"{model.__name__}.from_record", record)
    instance = model.__new__(model)
    instance._state = State.of_read(connection)
    instance._id = sent.number("$id", "value")
    instance._revision = sent.number("$revision", "value")
    fill(instance, record, [f for f in model._meta.fields.values() if f.code in record])
    return instance


def read_payload(
    model: type[M], payload: Mapping[str, Any], connection: Connection
) -> WebhookEvent[M]:
    """As `Model.from_webhook`."""
    meta = model._meta
    sent = _Sent(f"{meta.label}.from_webhook", payload)
    kind, app_id = sent.text("type"), sent.number("app", "id")
    if kind not in _BODIES:
        raise DecodeError(f"{sent.where}: {kind!r:.80} is none of {', '.join(_BODIES)}.")
    if app_id != (ours := meta.app_id(connection)):
        raise DecodeError(f"{sent.where}: the payload is of app {app_id}, {meta.label} is {ours}.")
    told: dict[str, Any] = {
        "type": kind,
        "id": sent.text("id"),
        "app_id": app_id,
        "app_name": sent.text("app", "name"),
    }
    body, zone = _BODIES[kind], connection.timezone
    if body is _RECORD:
        instance = instance_of(model, sent.mapping("record"), connection)
        return WebhookEvent(
            **told,
            record_id=instance._require_id(),
            instance=instance,
            record_title=sent.text("recordTitle"),
            url=sent.text("url"),
        )
    told["record_id"] = sent.number("recordId")
    if body is _DELETION:
        return WebhookEvent(
            **told, deleted_by=sent.user("deletedBy"), deleted_at=sent.instant(zone, "deletedAt")
        )
    return WebhookEvent(**told, comment=_comment(sent, zone), url=sent.text("url"))


def _comment(sent: _Sent, zone: tzinfo | None) -> WebhookComment:
    mentions: list[User | Organization | Group] = []
    for each in sent.list("comment", "mentions"):
        mention = _Sent(sent.where, each)
        kind, code = mention.text("type"), mention.text("code")
        if kind not in _MENTIONED:
            raise DecodeError(f"{sent.where}: a mention of {kind!r:.80} is not known.")
        mentions.append(_MENTIONED[kind](code))
    return WebhookComment(
        id=sent.number("comment", "id"),
        text=sent.text("comment", "text"),
        created_at=sent.instant(zone, "comment", "createdAt"),
        creator=sent.user("comment", "creator"),
        mentions=tuple(mentions),
    )


class _Sent:
    """What was sent, asked for part by part; DecodeError, with the way, for what is not so."""

    def __init__(self, where: str, content: Any) -> None:
        self.where = where
        self._content = content

    def text(self, *path: str) -> str:
        found: str = self._part(path, str, "text")
        return found

    def mapping(self, *path: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._part(path, Mapping, "object")
        return found

    def list(self, *path: str) -> Sequence[Any]:
        found: Sequence[Any] = self._part(path, list, "list")
        return found

    def number(self, *path: str) -> int:
        digits = self.text(*path)
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS):
            raise DecodeError(f"{self._named(path)} is no number.")
        return int(digits)

    def user(self, *path: str) -> User:
        return User(self.text(*path, "code"), self.text(*path, "name"))

    def instant(self, zone: tzinfo | None, *path: str) -> datetime:
        try:
            moment: datetime | None = _INSTANT.to_python(self.text(*path), zone)
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            raise DecodeError(f"{self._named(path)} is no instant.")
        return moment

    def _part(self, path: tuple[str, ...], kind: Any, called: str) -> Any:
        part = self._content
        for step in path:
            if not isinstance(part, Mapping):
                part = None
                break
            part = part.get(step)
        if not isinstance(part, kind):
            raise DecodeError(f"{self._named(path)} is no {called}, or is not there.")
        return part

    def _named(self, path: tuple[str, ...]) -> str:
        return f"{self.where}: {'.'.join(path)}"
