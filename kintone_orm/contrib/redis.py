"""A limiter in Redis, so that many processes keep the limits of one domain.

Install it with ``pip install 'kintone-orm[redis]'``, and give it to `connect()`::

    connect(..., limiter=RedisLimiter("redis://cache.example.com/0"))

A slot is a member of a sorted set whose score is the end of its lease. Scripts on the server take
and renew slots, so that two processes never take the same one. They use the server's clock: the
clocks of the computers may differ.
"""

from __future__ import annotations

import logging
import math
import secrets
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from kintone_orm.argument_checks import require_count, require_seconds
from kintone_orm.exceptions import ImproperlyConfigured, TransportError
from kintone_orm.http.foreign_errors import forget_locals
from kintone_orm.http.secrets import Secret, hide
from kintone_orm.limits import CURSORS_PER_DOMAIN
from kintone_orm.outcomes import CarriedOut, Outcome

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from kintone_orm.connection import Limited

__all__ = ["RedisLimiter"]

T = TypeVar("T")
WhenGone: TypeAlias = Literal["open", "closed"]

_logger = logging.getLogger("kintone_orm")

REQUESTS = 80
"""Requests at once of all programs. kintone has 100; the others are for programs without Redis."""

_LEASE = 660.0
# While Redis is gone and requests go on without it, it is asked only so often, in seconds: a server
# that does not answer would cost a time-out for each request.
_REST = 5.0
_TIMEOUT = 2.0  # seconds for each answer of Redis, if a URL was given
_DAYS_KEPT = 3 * 24 * 3600

# KEYS: the sorted set. ARGV: the slot, the lease in milliseconds, the number of slots.
_ACQUIRE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3])
    and not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
    return 0
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
"""
# KEYS and ARGV: as above, without the number.
_RENEW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not ends or tonumber(ends) <= now then
    return 0
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
"""
# KEYS: the hash of a day. ARGV: its life in seconds, the budget or -1, then app and number in turn.
_ADD = """
local totals = {}
local is_over = false
for i = 3, #ARGV, 2 do
    local total = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or 0) + ARGV[i + 1]
    is_over = is_over or (tonumber(ARGV[2]) >= 0 and total > tonumber(ARGV[2]))
    totals[#totals + 1] = total
end
if not is_over then
    for i = 3, #ARGV, 2 do
        redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
    end
    redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return totals
"""


class RedisLimiter:
    """Slots and counts in Redis, for all programs that use the same Redis.

    - `url_or_client`: ``redis://host/0``, or a client of the library redis. A client for a URL
      waits 2 seconds for Redis, even if the deadline of a request is nearer; give your own client
      for other times.
    - `requests` and `cursors`: how many may run, or be open, at once in one domain, over all
      programs. Give all programs the same numbers.
    - `when_gone`: if Redis cannot be reached, "open" sends requests without it, within the limits
      of each connection, and "closed" raises TransportError. Both log one warning. With "open",
      Redis is asked again every 5 seconds, and gets the counts that it missed.
    - `lease`: the longest time in seconds that a request keeps its slot. No thread renews the slots
      of requests, so it must exceed your time-outs and deadlines; the default exceeds kintone_orm's
      own. A request with a deadline has a lease until then. The slots of a process that is killed
      are free when their leases end: after ten minutes for cursors, as long as kintone keeps them.

    ImproperlyConfigured for invalid values.
    """

    def __init__(
        self,
        url_or_client: str | redis.Redis,
        *,
        requests: int = REQUESTS,
        cursors: int = CURSORS_PER_DOMAIN,
        when_gone: WhenGone = "open",
        lease: float = _LEASE,
    ) -> None:
        if isinstance(url_or_client, str):
            # It may contain a password, which no error shows from here on.
            url_or_client = Secret(url_or_client)
        self._slots = {
            "requests": require_count(requests, "RedisLimiter: 'requests'"),
            "cursors": require_count(cursors, "RedisLimiter: 'cursors'"),
        }
        if when_gone not in ("open", "closed"):
            message = (
                f"RedisLimiter: 'when_gone' must be 'open' or 'closed', not {when_gone!r:.80}."
            )
            raise ImproperlyConfigured(message)
        self._is_open = when_gone == "open"
        self._lease = require_seconds(lease, "RedisLimiter: 'lease'")
        self._redis = _client(url_or_client)
        self._scripts = {
            text: self._redis.register_script(text) for text in (_ACQUIRE, _RENEW, _ADD)
        }
        self._is_gone = False
        self._asked_again_at = -math.inf
        # Counts that Redis did not get, by its key.
        self._missed: dict[str, Counter[int]] = {}
        self._lock = threading.RLock()

    def acquire(self, kind: Limited, domain: str, *, seconds: float | None) -> str | None:
        """Take a slot and return its name; None if all are taken: see `Limiter`."""
        slot = secrets.token_hex(8)
        lease = self._lease if seconds is None else seconds
        if kind == "requests":
            lease = min(lease, self._lease)
        arguments = [slot, math.ceil(lease * 1000), self._slots[kind]]
        is_taken = self._ask(lambda: self._run(_ACQUIRE, _key(domain, kind), arguments), 1)
        return slot if is_taken else None

    def renew(self, kind: Limited, domain: str, slot: str, *, seconds: float) -> bool:
        """Let the lease end `seconds` from now; return False if it has ended already."""
        arguments = [slot, math.ceil(seconds * 1000)]
        return bool(self._ask(lambda: self._run(_RENEW, _key(domain, kind), arguments), 1))

    def release(self, kind: Limited, domain: str, slot: str) -> None:
        """Give a slot back. A slot whose lease has ended is ignored."""
        # The request is over, so even without Redis it does not fail. The lease ends by itself.
        self._ask(lambda: self._redis.zrem(_key(domain, kind), slot), 0, is_open=True)

    def add(
        self, domain: str, day: dt.date, requests: Mapping[int, int], *, most: int | None = None
    ) -> Mapping[int, int]:
        """Add the requests and return the new totals of their apps: see `Counts`."""
        key = _key(domain, day.isoformat())
        totals = self._ask(lambda: self._add(key, requests, most), None)
        return self._add_later(key, requests, most) if totals is None else totals

    def totals(self, domain: str, day: dt.date) -> Mapping[int, int]:
        """Return the requests of the day, by app. Without Redis, those that it missed."""
        key = _key(domain, day.isoformat())
        stored: Mapping[bytes | str, bytes | str] = self._ask(lambda: self._redis.hgetall(key), {})
        counts = Counter({int(app): int(number) for app, number in stored.items()})
        with self._lock:
            counts.update(self._missed.get(key, {}))
        return dict(counts)

    def _run(self, script: str, key: str, arguments: Sequence[object]) -> Any:
        return self._scripts[script](keys=[key], args=arguments)

    def _add(self, key: str, requests: Mapping[int, int], most: int | None) -> Mapping[int, int]:
        if self._missed:
            self._add_missed()
        return self._add_now(key, requests, most)

    def _add_now(
        self, key: str, requests: Mapping[int, int], most: int | None
    ) -> Mapping[int, int]:
        pairs = [number for pair in requests.items() for number in pair]
        totals = self._run(_ADD, key, [_DAYS_KEPT, -1 if most is None else most, *pairs])
        return dict(zip(requests, map(int, totals), strict=True))

    def _add_missed(self) -> None:
        with self._lock:
            for key in list(self._missed):
                # The garbage collector may close a cursor here, and that is counted as well. So the
                # counts are taken out before they are sent, lest they be sent twice.
                missed = self._missed.pop(key, Counter())
                try:
                    self._add_now(key, missed, None)
                except BaseException:
                    self._missed.setdefault(key, Counter()).update(missed)
                    raise

    def _add_later(
        self, key: str, requests: Mapping[int, int], most: int | None
    ) -> Mapping[int, int]:
        """Keep the requests for Redis. Without it, only they are compared with the budget."""
        with self._lock:
            counts = self._missed.setdefault(key, Counter())
            totals = {app: counts[app] + number for app, number in requests.items()}
            if most is None or max(totals.values(), default=0) <= most:
                counts.update(requests)
            return totals

    def _ask(self, command: Callable[[], T], otherwise: T, *, is_open: bool | None = None) -> T:
        """Return Redis's answer. Without Redis, `otherwise`, or TransportError if closed."""
        is_open = self._is_open if is_open is None else is_open
        if self._is_gone and is_open and time.monotonic() < self._asked_again_at:
            return otherwise
        try:
            answer = command()
        except (redis.RedisError, OSError, ValueError) as error:
            # The error is not kept as a cause: its frames hold the password of Redis.
            reason = f"{type(error).__name__}: {error}"
        except BaseException as error:  # such as KeyboardInterrupt
            forget_locals(error, None)
            raise
        else:
            self._is_gone = False
            return answer
        self._note_gone(reason)
        if is_open:
            return otherwise
        raise TransportError(
            f"The request was not sent, because the limiter's Redis cannot be used ({reason}). "
            "Start Redis, or use when_gone='open' to send requests without it.",
            outcome=Outcome.NOT_SENT,
            carried_out=CarriedOut.NO,
        )

    def _note_gone(self, reason: str) -> None:
        was_gone, self._is_gone = self._is_gone, True
        self._asked_again_at = time.monotonic() + _REST
        if not was_gone:
            effect = (
                f"Requests are sent without it. It is asked again every {_REST:.0f} seconds."
                if self._is_open
                else "Requests raise TransportError until it is back."
            )
            _logger.warning("The limiter's Redis cannot be used (%s). %s", reason, effect)


def _client(url_or_client: str | redis.Redis) -> Any:
    if isinstance(url_or_client, str):
        try:
            # Without retries of the library: a lost answer would be counted twice, and while Redis
            # is gone, each request would wait for all of them.
            client = redis.Redis.from_url(
                url_or_client,
                socket_timeout=_TIMEOUT,
                socket_connect_timeout=_TIMEOUT,
                retry=Retry(NoBackoff(), 0),
            )
            # The options of the URL are checked only here. Nothing is connected.
            pool = client.connection_pool
            pool.connection_kwargs["password"] = hide(pool.connection_kwargs.get("password"))
            pool.connection_class(**pool.connection_kwargs)
        except (redis.RedisError, TypeError, ValueError):
            pass  # its frames hold the URL, which may contain a password
        else:
            return client
        message = (
            "RedisLimiter: the URL must be redis://host:port/database, rediss://... or "
            "unix:///path/of/the/socket, and its options those of the library redis."
        )
        raise ImproperlyConfigured(message)
    if not hasattr(url_or_client, "register_script"):
        message = (
            "RedisLimiter needs a URL, or a client of the library redis, such as redis.Redis(), "
            f"not a {type(url_or_client).__name__}."
        )
        raise ImproperlyConfigured(message)
    return url_or_client


def _key(domain: str, name: str) -> str:
    # A cluster of Redis keeps all keys with the same text in braces on one server.
    return f"kintone_orm:{{{domain}}}:{name}"
