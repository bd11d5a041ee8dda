"""Run a soak: an emulator over HTTP, behind a proxy that spoils a part of the requests."""

from __future__ import annotations

import random
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from kintone_orm import Retry, connect, connections
from kintone_orm.emulator.server import serve
from kintone_orm.testing import emulate
from support.faults.proxy import Proxy
from support.faults.wire_faults import GROUPS, MOST_BYTES, SLOW
from support.soak.ledger import Ledger
from support.soak.models import FULL, STOCKS, Entry, Item, Stock, fill, stored_values
from support.soak.worker import Worker

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from support.faults.wire_faults import Fault

__all__ = ["RETRY", "Result", "behind_a_proxy", "soak", "spoiling"]

RETRY = Retry(first_wait=0.001, longest_wait=0.01)
_STALL = 1.0  # seconds: the time-out for an answer that never comes
_PATIENT = 20.0  # seconds: a time-out that is not reached otherwise

_UNUSED = {
    "Retry-After seconds",  # a wait of two seconds
    # kintone's answer to a deletion is {}: nobody can see that these come from somebody else.
    "{} before",
    "another request's answer before",
}


@dataclass(frozen=True)
class Result:
    """The end of a soak."""

    ends: Counter[tuple[str, str]]
    problems: list[str]
    requests: int
    spoilt: int
    seconds: float


def spoiling(share: float, seed: int, *, stalls: bool = False) -> Callable[[int], Fault | None]:
    """A function that chooses the fault of a request, or None, by the request's number."""
    waiting = {"drips after"} if stalls else {*SLOW}
    used = (
        [fault for name, fault in faults.items() if name not in _UNUSED]
        for group, faults in GROUPS.items()
        if group not in waiting
    )
    groups = [*filter(None, used)]

    def choose(number: int) -> Fault | None:
        draw = random.Random(f"{seed}-{number}")
        return draw.choice(draw.choice(groups)) if draw.random() < share else None

    return choose


@contextmanager
def behind_a_proxy(inside: Any, **options: Any) -> Iterator[tuple[Any, Proxy]]:
    """A connection for all threads to a served emulator through a proxy, and the proxy.

    `inside` is the connection of `emulate()`; the options are those of `connect()`. At the end of
    the block, all requests have come to an end.
    """
    username, password = inside.emulator.credentials
    with (
        serve(inside.emulator, host="127.0.0.1") as server,
        Proxy(("127.0.0.1", int(server.url.rpartition(":")[2]))) as proxy,
    ):
        connection = connect(
            proxy.url,
            username=username,
            password=password,
            apps=inside.apps,
            alias=f"soak {id(proxy)}",
            max_answer=MOST_BYTES,
            **{"retry": RETRY, "timeout": _PATIENT, **options},
        )
        try:
            with connections.override(connection, everywhere=True):
                yield connection, proxy
        finally:
            del connections[connection.alias]


def soak(
    *, operations: int, threads: int, faults: float, seed: int, stalls: bool = False
) -> Result:
    """Run that many operations in that many threads; `faults` is the share of spoilt requests.

    With `stalls`, some answers never come, and each takes a second.
    """
    began, ledger, spoilt = time.monotonic(), Ledger(), 0
    choose = spoiling(faults, seed, stalls=stalls)

    def counting(number: int) -> Fault | None:
        nonlocal spoilt
        fault = choose(number)
        spoilt += fault is not None  # under the lock of the proxy
        return fault

    with emulate(Entry, Item, Stock) as inside:
        # An answer that was lost may leave a cursor, which then ends after ten minutes.
        inside.emulator.clock = _fast_clock()
        fill()
        timeout = (_PATIENT, _STALL if stalls else _PATIENT)
        with behind_a_proxy(inside, timeout=timeout) as (_, proxy):
            proxy.spoil_by(counting)
            _run(operations, threads, ledger, seed)
            requests = len(proxy.arrived)
        ledger.add_stored({f"stock {n}": FULL for n in range(1, STOCKS + 1)})
        ledger.compare(stored_values())
    return Result(ledger.ends, ledger.problems, requests, spoilt, time.monotonic() - began)


def _fast_clock() -> Callable[[], datetime]:
    """A clock on which ten minutes pass in ten seconds."""
    began = datetime.now(timezone.utc)
    return lambda: began + 60 * (datetime.now(timezone.utc) - began)


def _run(operations: int, threads: int, ledger: Ledger, seed: int) -> None:
    left = iter(range(operations))
    lock = threading.Lock()

    def work(name: int) -> None:
        worker = Worker(name, ledger, random.Random(f"{seed}-{name}"))
        while True:
            with lock:
                if next(left, None) is None:
                    return
            worker.step()

    running = [threading.Thread(target=work, args=(name,)) for name in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
