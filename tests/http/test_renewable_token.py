"""OAuth tokens that a function provides: kept, and asked for again when they are refused."""

from __future__ import annotations

import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
import requests

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.renewable_token import RenewableToken
from kintone_orm.http.secrets import Secret


def numbered() -> RenewableToken:
    """A token "1" that is renewed to "2", "3" and so on."""
    numbers = count(1)
    return RenewableToken(lambda: Secret(str(next(numbers))))


def test_the_function_is_not_called_before_the_token_is_needed() -> None:
    RenewableToken(lambda: pytest.fail("called"))


def test_the_token_is_kept() -> None:
    token = numbered()
    assert [token.current(), token.current()] == ["1", "1"]


def test_a_refused_token_is_renewed() -> None:
    token = numbered()
    assert token.renew(token.current()) is True
    assert token.current() == "2"


def test_a_token_that_was_renewed_since_is_not_asked_for_again() -> None:
    token = numbered()
    refused = token.current()
    token.renew(refused)
    assert token.renew(refused) is True
    assert token.current() == "2"


def test_the_same_token_again_is_no_new_one() -> None:
    token = RenewableToken(lambda: Secret("same"))
    assert token.renew(token.current()) is False


def test_after_an_exception_the_next_call_asks_again() -> None:
    answers: list[Exception | str] = [OSError("a"), "1", KeyError("b"), "2"]

    def provide() -> Secret:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Secret(answer)

    token = RenewableToken(provide)
    with pytest.raises(OSError, match="a"):
        token.current()
    assert token.current() == "1"
    with pytest.raises(KeyError, match="b"):
        token.renew("1")
    assert token.current() == "2"


def test_of_many_threads_with_a_refused_token_one_asks() -> None:
    asked: list[int] = []
    together = threading.Barrier(8)

    def provide() -> Secret:
        asked.append(1)
        return Secret(f"token {len(asked)}")

    token = RenewableToken(provide)
    refused = token.current()

    def renew(_: int) -> bool:
        together.wait(10)
        return token.renew(refused)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(renew, range(8))) == [True] * 8
    assert len(asked) == 2


def test_a_function_that_needs_the_token_itself_is_told_so() -> None:
    token = RenewableToken(lambda: token.current())
    for _ in range(2):
        with pytest.raises(ImproperlyConfigured, match="Use another connection in the function"):
            token.current()


def test_no_repr_shows_the_token() -> None:
    token = RenewableToken(lambda: Secret("hush"))
    token.current()
    assert "hush" not in repr([token, vars(token)])


def test_a_forked_process_does_not_wait_for_the_token_of_its_parent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asking, forked, ends = threading.Event(), threading.Event(), threading.Event()

    def provide() -> Secret:
        if forked.is_set():
            return Secret("child")
        asking.set()
        ends.wait(60)
        return Secret("parent")

    token = RenewableToken(provide)
    with ThreadPoolExecutor() as pool:
        pool.submit(token.current)
        assert asking.wait(60)
        monkeypatch.setattr("os.getpid", lambda: -1)
        forked.set()
        try:
            assert pool.submit(token.current).result(timeout=30) == "child"
        finally:
            ends.set()


def test_an_error_of_the_function_shows_no_variable_of_the_library_requests() -> None:
    def ask() -> Secret:
        # The source text, which a traceback shows, has the secret backwards.
        data = {"refresh_token": "hsuh"[::-1]}
        answer = requests.post("http://127.0.0.1:1", data, auth=("id", "hsuh"[::-1]), timeout=5)
        return Secret(answer.text)

    with pytest.raises(requests.ConnectionError) as failed:
        RenewableToken(ask).current()
    shown = traceback.TracebackException.from_exception(failed.value, capture_locals=True)
    assert "".join(shown.format()).count("hush") == 1  # the variable of `ask` itself
