from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from support.connecting import URL, made

from kintone_orm.connection import Connection, connect, connections, override
from kintone_orm.http.retry import NEVER, Retry

if TYPE_CHECKING:
    pass


def test_an_override_everywhere_is_meant_in_other_threads() -> None:
    first, second = connect(URL, alias="first"), connect(URL, alias="second")
    with override(first, everywhere=True), ThreadPoolExecutor(1) as pool:
        assert pool.submit(connections.resolve).result() is first
        with override(second, everywhere=True):
            assert pool.submit(connections.resolve).result() is second
        assert pool.submit(connections.resolve).result() is first


def test_an_override_is_meant_before_the_models_own() -> None:
    made(alias="sales")
    with override("sales") as connection:
        assert connections.resolve(default="other") is connection
    assert connection.alias == "sales"


def test_overrides_nest() -> None:
    first, second = made(alias="first"), made(alias="second")
    with override(first):
        with override(second):
            assert connections.resolve() is second
        assert connections.resolve() is first


def test_an_override_ends_with_an_error() -> None:
    default, other = made(), made(alias="other")
    with pytest.raises(RuntimeError), override(other):
        raise RuntimeError
    assert connections.resolve() is default


def test_other_threads_do_not_see_an_override() -> None:
    default, other = made(), made(alias="other")
    seen: list[Connection] = []
    with override(other):
        thread = threading.Thread(target=lambda: seen.append(connections.resolve()))
        thread.start()
        thread.join()
    assert seen == [default]


def test_asynchronous_tasks_have_overrides_of_their_own() -> None:
    async def within(connection: Connection) -> bool:
        with override(connection):
            await asyncio.sleep(0)
            return connections.resolve() is connection

    async def both() -> list[bool]:
        return await asyncio.gather(within(made(alias="a")), within(made(alias="b")))

    assert asyncio.run(both()) == [True, True]


def test_an_override_of_retries_keeps_the_connection() -> None:
    default = made()
    other = made(alias="other")
    with override(other), override(retry=False, deadline=3) as connection:
        assert connection is other
        assert (connections.choice.retry, connections.choice.deadline) == (NEVER, 3)
    assert connections.resolve() is default
    assert connections.choice.deadline is None


def test_an_inner_override_completes_an_outer_one() -> None:
    made()
    with override(deadline=3, everywhere=True), override(retry=True):
        assert (connections.choice.retry, connections.choice.deadline) == (Retry(), 3)
        with override(deadline=1):
            assert connections.choice.deadline == 1


def test_an_override_of_a_deadline_everywhere_applies_in_other_threads() -> None:
    made()
    with override(deadline=3, everywhere=True), ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: connections.choice.deadline).result() == 3
