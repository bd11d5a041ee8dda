"""The webhooks of apps, and the content of notifications.

Source: kintone help, "Webhooks": the events and their JSON. Requests for several records cause no
notification.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from ..ground import limits
from ..store.record_text import parse
from .record_title import record_title

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..store.people import User
    from ..store.record_text import Record
    from .apps import LiveApp

__all__ = ["EVENTS", "Event", "Hook", "Hooks"]

EVENTS = ("ADD_RECORD", "UPDATE_RECORD", "DELETE_RECORD", "ADD_RECORD_COMMENT", "UPDATE_STATUS")
"""The events of webhooks: the values of `type` in notifications."""


class Hook(NamedTuple):
    """An address to which events of an app are posted."""

    url: str
    events: frozenset[str]


@dataclass(frozen=True)
class Event:
    """A change of a record. `record` is the record's text, or None if it was deleted."""

    kind: str
    app: LiveApp
    number: int
    record: str | None
    user: User
    now: datetime
    host: str
    guest_space: int | None
    comment: dict[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """Return the JSON that kintone posts. Each notification has a new id."""
        about = {"id": str(self.app.id), "name": self.app.settings["general"]["name"]}
        common = {"id": str(uuid.uuid4()), "type": self.kind, "app": about}
        if self.kind == "DELETE_RECORD":
            at = f"{self.now.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
            by = {"deletedBy": self.user.entity, "deletedAt": at}
            return {**common, "recordId": str(self.number), **by}
        if self.comment is not None:
            url = f"{self._url}&comment={self.comment['id']}"
            comment = {**common, "recordId": str(self.number), "comment": self.comment}
            return {**comment, "url": url}
        record: Record = parse(self.record or "{}")
        title = record_title(self.app, record)
        return {**common, "record": record, "recordTitle": title, "url": self._url}

    @property
    def _url(self) -> str:
        place = f"guest/{self.guest_space}/" if self.guest_space else ""
        return f"https://{self.host}/k/{place}{self.app.id}/show#record={self.number}"


@dataclass
class Hooks:
    """The webhooks of a domain, by app. Not thread-safe: the owner holds a lock."""

    by_app: dict[int, list[Hook]] = field(default_factory=dict)

    def copy(self) -> Hooks:
        """Return an independent copy."""
        return Hooks({app: list(hooks) for app, hooks in self.by_app.items()})

    def add(self, app: int, url: str, events: Collection[str]) -> None:
        """Add a webhook. Raises ValueError for an unknown event, or more than ten for an app."""
        unknown = set(events) - set(EVENTS)
        if unknown:
            names = ", ".join(sorted(map(repr, unknown)))
            raise ValueError(f"There is no event {names}. Use {', '.join(EVENTS)}.")
        hooks = self.by_app.setdefault(app, [])
        if len(hooks) >= limits.WEBHOOKS_PER_APP:
            most = limits.WEBHOOKS_PER_APP
            raise ValueError(f"App {app} already has {most} webhooks, which is the maximum.")
        hooks.append(Hook(url, frozenset(events)))

    def of(self, app: int, kind: str) -> list[str]:
        """Return the addresses to which this event of an app is posted."""
        return [hook.url for hook in self.by_app.get(app, ()) if kind in hook.events]
