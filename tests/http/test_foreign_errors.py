"""Errors of other libraries keep their type and text, and nothing else."""

from __future__ import annotations

import http.client
import traceback
from typing import Any

import pytest
import requests
from urllib3.exceptions import LocationParseError, MaxRetryError

from kintone_orm.http.foreign_errors import forget_locals, keep_type_and_text, linked_errors


class Pool:
    headers = ("hush",)


def raised() -> requests.ConnectionError:
    """An error such as requests raises: the third of a chain, with a pool and a request."""
    try:
        try:
            raise ConnectionResetError(104, "Connection reset by peer")
        except OSError as reset:
            pool: Any = Pool()
            raise MaxRetryError(pool, "/k/v1/records.json", reset) from reset
    except MaxRetryError as many:
        request = requests.Request("GET", "https://x").prepare()
        try:
            raise requests.ConnectionError(many, request=request)
        except requests.ConnectionError as error:
            return error


def test_types_and_texts_are_kept() -> None:
    error = raised()
    before = [(type(link), str(link), repr(link)) for link in linked_errors(error, None)]
    keep_type_and_text(error, None)
    after = [(type(link), str(link), repr(link)) for link in linked_errors(error, None)]
    assert after == before
    assert [kind for kind, _, _ in after] == [
        requests.ConnectionError,
        MaxRetryError,
        ConnectionResetError,
    ]


def test_no_traceback_and_no_object_is_kept() -> None:
    error = raised()
    keep_type_and_text(error, None)
    for link in linked_errors(error, None):
        assert link.__traceback__ is None
        values = [*vars(link).values(), *link.args]
        assert all(isinstance(value, (str, int, BaseException, type(None))) for value in values)


def test_an_argument_that_is_no_text_becomes_its_text() -> None:
    error = ValueError(Pool, "text", 5)
    keep_type_and_text(error, None)
    assert error.args == (str(Pool), "text", 5)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Failed to parse: http://me:pass@proxy:port", "Failed to parse: ***@proxy:port"),
        ("Failed to parse: me:p@ss@proxy:port", "Failed to parse: ***@proxy:port"),
        ("Failed to parse: http://me:my pass@proxy", "Failed to parse: http:***@proxy"),
        ("Cannot connect to https://proxy:3128", "Cannot connect to https://proxy:3128"),
    ],
)
def test_a_login_in_a_url_is_masked(text: str, kept: str) -> None:
    error = requests.exceptions.InvalidURL(text)
    keep_type_and_text(error, None)
    assert str(error) == kept


def test_a_login_is_masked_in_attributes_too() -> None:
    error = LocationParseError("http://me:pass@proxy:port")
    keep_type_and_text(error, None)
    assert "pass" not in repr([error.args, vars(error)])


def test_a_chain_that_is_a_ring_ends() -> None:
    first, second = OSError(1), OSError(2)
    first.__cause__, second.__cause__ = second, first
    assert list(linked_errors(first, None)) == [first, second]


def test_what_was_handled_before_is_left_out() -> None:
    handled, error = ValueError(), OSError()
    error.__context__, handled.__context__ = handled, KeyError()
    assert list(linked_errors(error, handled)) == [error]


class Wire(http.client.HTTPConnection):
    """A connection whose socket is broken by an exception that is no error of the network."""

    def __init__(self) -> None:
        super().__init__("localhost")
        wire: Any = self
        self.sock: Any = wire

    def sendall(self, data: bytes) -> None:
        own = data  # noqa: F841 - a local variable that must survive
        raise ZeroDivisionError


def test_library_frames_lose_their_locals_and_keep_their_lines() -> None:
    with pytest.raises(ZeroDivisionError) as passed:
        Wire().request("GET", "/", headers={"Authorization": "Bearer hush"})
    before = traceback.format_tb(passed.value.__traceback__)
    forget_locals(passed.value, None)
    assert traceback.format_tb(passed.value.__traceback__) == before
    frames = [frame for frame, _ in traceback.walk_tb(passed.value.__traceback__)]
    libraries = [frame for frame in frames if frame.f_globals["__name__"] == "http.client"]
    assert len(libraries) > 2
    assert not any(dict(frame.f_locals) for frame in libraries)
    assert b"hush" in frames[-1].f_locals["own"]
