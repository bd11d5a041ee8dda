"""How notifications travel: after the answer, in their order, from one thread.

Source: kintone help, "Webhooks": 60 notifications a minute, a time-out of 10 seconds, never sent
again.
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

_log = logging.getLogger(__name__)

_MINUTE = timedelta(minutes=1)
_ANSWER_READ = 1 << 16
_HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "kintone_orm emulator"}


def check_address(url: str, hosts: Collection[str]) -> None:
    """ValueError for what is no http or https address of this computer, or of one of `hosts`."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise ValueError("a webhook has an address such as http://localhost:9000/hook")
    if not (is_loopback(host) or host in hosts):
        raise ValueError(
            f"notifications go to this computer only: allow {host} with webhook_hosts, or "
            "--webhook-host on the command line"
        )


class _Batch:
    """The notifications of one request: they wait until it is answered."""

    def __init__(self, posts: Sequence[tuple[str, bytes]]) -> None:
        self.posts = posts
        self.answered = threading.Event()


class Webhooks:
    """Posts what happens to records, and can be waited for.

    There is no thread until there is something to post, and none when all is posted. What is
    refused, or takes more than ten seconds, is not posted again.
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
        """Post what happens to the records of an app to an address, from now on.

        `events` are of "ADD_RECORD", "UPDATE_RECORD", "DELETE_RECORD", "ADD_RECORD_COMMENT" and
        "UPDATE_STATUS". The address is of this computer, unless the emulator was made with
        `webhook_hosts`. ValueError for another one, an unknown event, and an eleventh webhook.
        """
        check_address(url, self.hosts)
        with self._lock:
            self._hooks.add(app, url, events)

    def wait(self, timeout: float = 10) -> None:
        """Return when everything that happened so far is posted; TimeoutError if that takes longer.

        `timeout` is in seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._thread is None, timeout):
                raise TimeoutError(f"notifications are still to be posted after {timeout} seconds")

    def prepare(self, events: Sequence[Event]) -> None:
        """Queue the notifications of a request whose changes are kept.

        Its caller holds the domain's lock, so that they queue in the order of the changes. They
        are posted once this thread has called `release`.
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
        """Let go the notifications of this thread's request: it is answered, or held by `hold`."""
        batch = getattr(self._of_thread, "batch", None)
        held = getattr(self._of_thread, "held", None)
        self._of_thread.batch = self._of_thread.held = None
        if batch is not None and held is not None:
            held.append(batch)
        elif batch is not None:
            batch.answered.set()

    def hold(self) -> Callable[[], None]:
        """To be called once the next request of this thread is answered to its last byte.

        For a server: an answer is not sent yet when the emulator has made it.
        """
        held: list[_Batch] = []
        self._of_thread.held = held

        def let_go() -> None:
            for batch in held:
                batch.answered.set()

        return let_go

    def _within_limit(self, event: Event) -> bool:
        """Whether there were fewer than sixty in the last minute; what is beyond is dropped."""
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
                began = time.perf_counter()
                status = _post(url, body)
                self._journal.note(
                    at=self._clock(),
                    method="POST",
                    path=url.partition("?")[0],
                    status=status,
                    milliseconds=(time.perf_counter() - began) * 1000,
                    request=Recorder(_HEADERS, body).kept(),
                )


def _post(url: str, body: bytes) -> int | None:
    """The status of the answer to a notification; None when none came within ten seconds."""
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
                return _answered(plain, head.encode() + body, deadline)
            context = ssl.create_default_context()
            with context.wrap_socket(plain, server_hostname=parts.hostname) as connection:
                return _answered(connection, head.encode() + body, deadline)
    except (OSError, ValueError, IndexError):
        return None


def _answered(connection: socket.socket, request: bytes, deadline: float) -> int:
    """Send a request; the status that is answered, once the head of the answer is there."""
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
    """The seconds that are left; TimeoutError when none are."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
