"""Posting the notifications of webhooks: after the answer, in order, from one thread.

Source: kintone help, "Webhooks": at most 60 notifications a minute, a timeout of 10 seconds, no
retries.
"""

from __future__ import annotations

import json
import logging
import socket
import ssl
import threading
import time
from collections import deque
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..ground import limits
from ..settings.webhooks import EVENTS
from .loopback import is_loopback
from .recording import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from ..settings.webhooks import Event, Hooks
    from .journal import Journal

__all__ = ["Webhooks", "check_address"]

_log = logging.getLogger("kintone_orm.emulator.notifications")

_MINUTE = timedelta(minutes=1)
_ANSWER_READ = 1 << 16
_HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "kintone_orm emulator"}


def check_address(url: str, hosts: Collection[str]) -> None:
    """Raise ValueError unless the URL is an http(s) address of this computer or one of `hosts`."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise ValueError("A webhook needs an address such as http://localhost:9000/hook.")
    if not (is_loopback(host) or host in hosts):
        raise ValueError(
            f"Notifications go to this computer only. Allow {host} with webhook_hosts, or with "
            "--webhook-host on the command line."
        )


class _Batch:
    """The notifications of one request. They are posted after its answer."""

    def __init__(self, posts: Sequence[tuple[str, bytes]]) -> None:
        self.posts = posts
        self.answered = threading.Event()


class Webhooks:
    """Posts the notifications of webhooks.

    A thread runs only while there are notifications to post. A notification that is refused, or
    takes more than ten seconds, is not posted again.
    """

    def __init__(
        self,
        hooks: Hooks,
        *,
        lock: threading.Lock,
        clock: Callable[[], datetime],
        journal: Journal,
        hosts: Collection[str],
    ) -> None:
        self.hosts = frozenset(hosts)
        self._hooks = hooks
        self._lock = lock
        self._clock = clock
        self._journal = journal
        self._sent: deque[datetime] = deque(maxlen=limits.NOTIFICATIONS_PER_MINUTE)
        self._waiting: deque[_Batch] = deque()
        self._of_thread = threading.local()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, app: int, url: str, *, events: Collection[str] = EVENTS) -> None:
        """Add a webhook: events of an app's records are posted to this address from now on.

        `events` are "ADD_RECORD", "UPDATE_RECORD", "DELETE_RECORD", "ADD_RECORD_COMMENT" or
        "UPDATE_STATUS". The address is on this computer, or on one of the emulator's
        `webhook_hosts`. Raises ValueError for another address, an unknown event, or more than ten
        webhooks of an app.
        """
        check_address(url, self.hosts)
        with self._lock:
            self._hooks.add(app, url, events)

    def wait(self, timeout: float = 10) -> None:
        """Wait until all notifications of earlier requests are posted.

        Raises TimeoutError after `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._thread is None, timeout):
                raise TimeoutError(
                    f"Not all notifications are posted after {timeout} seconds. "
                    "Wait longer, or check that their addresses answer."
                )

    def prepare(self, events: Sequence[Event]) -> None:
        """Queue the notifications of a request whose changes are committed.

        The caller holds the domain's lock, so that the notifications are queued in the order of the
        changes. They are posted after this thread has called `release`.
        """
        posts = []
        for event in events:
            urls = self._hooks.of(event.app.id, event.kind)
            if urls:
                body = json.dumps(event.body(), ensure_ascii=False).encode()
                posts += [(url, body) for url in urls if self._within_limit(event)]
        if not posts:
            return
        self._of_thread.batch = batch = _Batch(posts)
        with self._changed:
            self._waiting.append(batch)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def release(self) -> None:
        """Release the notifications of this thread's request, so that they are posted.

        After `hold`, they wait until the function that `hold` returned is called.
        """
        batch = getattr(self._of_thread, "batch", None)
        waiting = getattr(self._of_thread, "waiting", None)
        self._of_thread.batch = self._of_thread.waiting = None
        if batch is not None and waiting is not None:
            waiting.append(batch)
        elif batch is not None:
            batch.answered.set()

    def hold(self) -> Callable[[], None]:
        """Return a function that releases the notifications of this thread's next request.

        No notification is posted until the function is called. A server calls the function after
        the last byte of the answer, because the emulator returns an answer before it is sent.
        """
        waiting: list[_Batch] = []
        self._of_thread.waiting = waiting

        def release_all() -> None:
            for batch in waiting:
                batch.answered.set()

        return release_all

    def _within_limit(self, event: Event) -> bool:
        """Return True if fewer than sixty notifications were posted in the last minute."""
        if len(self._sent) == self._sent.maxlen and event.now - self._sent[0] < _MINUTE:
            _log.info("GAIA_WT02: a notification of app %d is dropped", event.app.id)
            return False
        self._sent.append(event.now)
        return True

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._waiting:
                    self._thread = None
                    self._changed.notify_all()
                    return
                batch = self._waiting.popleft()
            batch.answered.wait()
            for url, body in batch.posts:
                start = time.perf_counter()
                status = _post(url, body)
                self._journal.note(
                    at=self._clock(),
                    method="POST",
                    path=url.partition("?")[0],
                    status=status,
                    milliseconds=(time.perf_counter() - start) * 1000,
                    request=Recorder(_HEADERS, body).recording(),
                )


def _post(url: str, body: bytes) -> int | None:
    """Post a notification and return the status; None if there is no answer in ten seconds."""
    deadline = time.monotonic() + limits.NOTIFICATION_SECONDS
    parts = urlsplit(url)
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    head = (
        f"POST {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        + "".join(f"{name}: {value}\r\n" for name, value in _HEADERS.items())
        + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with closing(socket.create_connection((parts.hostname, port), _left(deadline))) as plain:
            if parts.scheme == "http":
                return _send(plain, head.encode() + body, deadline)
            context = ssl.create_default_context()
            with context.wrap_socket(plain, server_hostname=parts.hostname) as connection:
                return _send(connection, head.encode() + body, deadline)
    except (OSError, ValueError, IndexError):
        return None


def _send(connection: socket.socket, request: bytes, deadline: float) -> int:
    """Send a request, and return the status after the head of the answer has arrived."""
    connection.settimeout(_left(deadline))
    connection.sendall(request)
    answer = b""
    while True:
        connection.settimeout(_left(deadline))
        piece = connection.recv(_ANSWER_READ)
        answer += piece
        if not piece or b"\r\n\r\n" in answer or len(answer) > _ANSWER_READ:
            return int(answer.split(b" ", 2)[1])


def _left(deadline: float) -> float:
    """Return the seconds until the deadline. Raises TimeoutError if the deadline has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
