"""One subdomain: its apps and records, its people and tokens, its cursors, its clock."""

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
    """The state of the emulator. Whoever touches it holds `lock`; every request does.

    Apps and records are in the store. People, tokens, webhooks and cursors live in memory only:
    they are secrets, or gone within ten minutes. `fixed_tokens` are the tokens that somebody chose.
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
        """The same domain once more, in memory. Open cursors stay behind: they are its callers'."""
        twin = copy.copy(self)
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
        """In which language new apps have the codes of their built-in fields: "en" or "ja"."""
        return self.store.fact("language") or "en"

    def apps(self) -> Iterator[App]:
        """Every app, by id, whether deployed or not."""
        return (json.loads(document) for _, document in self.store.apps())

    def app(self, number: int) -> App | None:
        """An app, deployed or not."""
        document = self.store.app(number)
        return json.loads(document) if document else None

    def live_app(self, number: int) -> LiveApp | None:
        """A deployed app, prepared for its records."""
        if number not in self._live:
            app = self.app(number)
            if app is None or app["live"] is None:
                return None
            self._live[number] = LiveApp(app, app["live"])
        return self._live[number]

    def guest_space(self, number: int | None) -> Space | None:
        """The guest space with this id; None for an ordinary space, an unknown id and none."""
        space = None if number is None else self.store.space(number)
        return space if space and space.guest else None

    def file_pieces(self, number: int) -> Iterator[bytes]:
        """The content of a file, to be taken by one who does not hold the lock.

        It ends too early when the file is deleted meanwhile.
        """
        for position in count():
            with self.lock:
                piece = self.store.files.piece(number, position)
            if piece is None:
                return
            yield piece

    def save_app(self, app: App) -> None:
        """Keep an app that was made or changed."""
        self.store.put_app(app["id"], dump(app))
        self._live.pop(app["id"], None)
