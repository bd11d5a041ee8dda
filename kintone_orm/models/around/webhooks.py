"""Records from other sources: the payloads of webhooks, and records that a program passes in.

Their content is not trusted: a wrong shape is a DecodeError, and no URL is opened.

Source: kintone help, "Setting Up Webhooks", request bodies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from kintone_orm.exceptions import DecodeError
from kintone_orm.fields.entity import Group, Organization, User
from kintone_orm.fields.system import CreatedTimeField
from kintone_orm.models.record.decoding.page_decoder import fill
from kintone_orm.models.record.home import require_id
from kintone_orm.models.record.instance import set_id
from kintone_orm.models.record.state import State

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.values import Answer
    from kintone_orm.models.record.instance import Instance

__all__ = ["WebhookComment", "WebhookEvent", "instance_of", "read_payload"]

M = TypeVar("M", bound="Instance")

# The content of a payload, by its type. Every payload also has `id`, `type` and `app`.
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

# Ids and revisions have at most this many digits. A longer text is not an id.
_MOST_DIGITS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookComment:
    """A comment that was added to a record."""

    id: int
    text: str
    created_at: datetime
    creator: User
    mentions: tuple[User | Organization | Group, ...] = ()


# A generic dataclass cannot both have slots and be frozen, so this class has no slots.
@dataclass(frozen=True, kw_only=True)
class WebhookEvent(Generic[M]):
    """A webhook's notification, with its `id` and kintone's `type` for it, such as "ADD_RECORD".

    * ADD_RECORD, UPDATE_RECORD and UPDATE_STATUS have `instance` (the record after the change),
      `record_title` and `url`.
    * DELETE_RECORD has `deleted_by` and `deleted_at`.
    * ADD_RECORD_COMMENT has `comment` and `url`.

    Other attributes are None.
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


def instance_of(model: type[M], record: Answer, connection: Connection) -> M:
    """Return an instance of `model` for kintone's JSON of a record: see `Model.from_record`."""
    sent = _Payload(f"{model.__name__}.from_record", record)
    instance = model.__new__(model)
    instance._state = State.of_read(connection)
    set_id(instance, sent.number("$id", "value"), sent.number("$revision", "value"))
    fill(instance, record, [f for f in model._meta.fields.values() if f.code in record])
    return instance


def read_payload(
    model: type[M], payload: Mapping[str, object], connection: Connection
) -> WebhookEvent[M]:
    """Return the event of a webhook's payload: see `Model.from_webhook`."""
    meta = model._meta
    sent = _Payload(f"{meta.label}.from_webhook", payload)
    kind, app_id = sent.text("type"), sent.number("app", "id")
    if kind not in _BODIES:
        raise DecodeError(
            f"{sent.where}: the type {kind!r:.80} is unknown. The known types are "
            f"{', '.join(_BODIES)}."
        )
    if app_id != (ours := meta.app_id(connection)):
        raise DecodeError(
            f"{sent.where}: the payload is from app {app_id}, but {meta.label} is app {ours}."
        )
    common: dict[str, Any] = {
        "type": kind,
        "id": sent.text("id"),
        "app_id": app_id,
        "app_name": sent.text("app", "name"),
    }
    body, zone = _BODIES[kind], connection.timezone
    if body is _RECORD:
        instance = instance_of(model, sent.mapping("record"), connection)
        return WebhookEvent(
            **common,
            record_id=require_id(instance),
            instance=instance,
            record_title=sent.text("recordTitle"),
            url=sent.text("url"),
        )
    common["record_id"] = sent.number("recordId")
    if body is _DELETION:
        return WebhookEvent(
            **common, deleted_by=sent.user("deletedBy"), deleted_at=sent.instant(zone, "deletedAt")
        )
    return WebhookEvent(**common, comment=_comment(sent, zone), url=sent.text("url"))


def _comment(sent: _Payload, zone: tzinfo | None) -> WebhookComment:
    mentions: list[User | Organization | Group] = []
    for content in sent.list("comment", "mentions"):
        mention = _Payload(sent.where, content)
        kind, code = mention.text("type"), mention.text("code")
        if kind not in _MENTIONED:
            raise DecodeError(f"{sent.where}: the type {kind!r:.80} of a mention is unknown.")
        mentions.append(_MENTIONED[kind](code))
    return WebhookComment(
        id=sent.number("comment", "id"),
        text=sent.text("comment", "text"),
        created_at=sent.instant(zone, "comment", "createdAt"),
        creator=sent.user("comment", "creator"),
        mentions=tuple(mentions),
    )


class _Payload:
    """A payload, read by paths of keys; a missing or wrong part is a DecodeError with its path."""

    def __init__(self, where: str, content: object) -> None:
        self.where = where
        self._content = content

    def text(self, *path: str) -> str:
        text: str = self._part(path, str, "text")
        return text

    def mapping(self, *path: str) -> Mapping[str, Any]:
        mapping: Mapping[str, Any] = self._part(path, Mapping, "object")
        return mapping

    def list(self, *path: str) -> Sequence[Any]:
        items: Sequence[Any] = self._part(path, list, "list")
        return items

    def number(self, *path: str) -> int:
        digits = self.text(*path)
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS):
            raise DecodeError(f"{self._named(path)} is not a number.")
        return int(digits)

    def user(self, *path: str) -> User:
        return User(self.text(*path, "code"), self.text(*path, "name"))

    def instant(self, zone: tzinfo | None, *path: str) -> datetime:
        try:
            moment: datetime | None = _INSTANT.to_python(self.text(*path), zone)
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            raise DecodeError(f"{self._named(path)} is not a date and time.")
        return moment

    def _part(self, path: tuple[str, ...], kind: Any, called: str) -> Any:
        value = self._content
        for key in path:
            if not isinstance(value, Mapping):
                value = None
                break
            value = value.get(key)
        if not isinstance(value, kind):
            raise DecodeError(f"{self._named(path)} is missing, or is not of the type {called}.")
        return value

    def _named(self, path: tuple[str, ...]) -> str:
        return f"{self.where}: {'.'.join(path)}"
