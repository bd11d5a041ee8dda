"""A domain: its apps and records, people, API tokens, webhooks, cursors and clock."""

from __future__ import annotations

import copy
import json
import threading
from itertools import count
from typing import TYPE_CHECKING

from ..store.cursors import Cursors
from ..store.people import Directory
from ..store.quota import Quota
from ..store.record_text import dump
from ..store.store import Store
from .apps import App, LiveApp
from .webhooks import Hooks

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from ..store.spaces import Space

__all__ = ["Domain"]


class Domain:
    """The state of the emulator. Hold `lock` while using it, as every request does.

    Apps and records are in the store. People, tokens, webhooks and cursors are in memory only,
    because they are secret or short-lived. `fixed_tokens` are the tokens whose text was chosen.
    """

    def __init__(
        self,
        data: str | os.PathLike[str],
        clock: Callable[[], datetime],
    ) -> None:
        self.quota = Quota()
        self.store = Store.open(data)
        self.directory = Directory()
        self.tokens: dict[str, tuple[int, frozenset[str]]] = {}
        self.fixed_tokens: set[str] = set()
        self.hooks = Hooks()
        self.cursors = Cursors()
        self.clock = clock
        self.lock = threading.Lock()
        self._live: dict[int, LiveApp] = {}

    def copy(self) -> Domain:
        """Return a copy in memory, without cursors, which belong to callers of the original."""
        twin: Domain = copy.copy(self)
        twin.store = self.store.copy()
        twin.directory = copy.deepcopy(self.directory)
        twin.tokens = dict(self.tokens)
        twin.fixed_tokens = set(self.fixed_tokens)
        twin.hooks = self.hooks.copy()
        twin.cursors = Cursors()
        twin.quota = self.quota.copy()
        twin.lock = threading.Lock()
        twin._live = {}
        return twin

    @property
    def language(self) -> str:
        """The language of the codes of built-in fields in new apps: "en" or "ja"."""
        return self.store.fact("language") or "en"

    def apps(self) -> Iterator[App]:
        """Iterate over all apps, deployed or not, in the order of their ids."""
        return (json.loads(document) for _, document in self.store.apps())

    def app(self, number: int) -> App | None:
        """Return an app, deployed or not; None if there is no such app."""
        document = self.store.app(number)
        return json.loads(document) if document else None

    def live_app(self, number: int) -> LiveApp | None:
        """Return a deployed app, prepared for its records; None if there is no such app."""
        if number not in self._live:
            app = self.app(number)
            if app is None or app["live"] is None:
                return None
            self._live[number] = LiveApp(app, app["live"])
        return self._live[number]

    def guest_space(self, number: int | None) -> Space | None:
        """Return the guest space with this id; None for an ordinary space or an unknown id."""
        space = None if number is None else self.store.space(number)
        return space if space and space.guest else None

    def file_pieces(self, number: int) -> Iterator[bytes]:
        """Iterate over the content of a file. The caller must not hold the lock.

        The content is cut short if the file is deleted in the meantime.
        """
        for position in count():
            with self.lock:
                piece = self.store.files.piece(number, position)
            if piece is None:
                return
            yield piece

    def save_app(self, app: App) -> None:
        """Store a new or changed app."""
        self.store.put_app(app["id"], dump(app))
        self._live.pop(app["id"], None)
