"""No error holds a secret: not in a text, and in no local variable of a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.exposure import exposed_markers
from support.failing_programs import MORE, THIRTEEN, interrupt
from support.markers import LOGINS, PASSWORD, find_markers

from kintone_orm.connection import connections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    if "secret" in connections:
        del connections["secret"]


def error_of(program: Callable[[str], None], login: str) -> BaseException:
    try:
        program(login)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - each has its own
        return error
    raise AssertionError("The program did not fail.")


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("program", [*THIRTEEN, *MORE])
def test_no_secret_is_reached_from_an_error(program: Callable[[str], None], login: str) -> None:
    assert exposed_markers(error_of(program, login)) == []


@pytest.mark.parametrize("login", LOGINS)
def test_no_secret_is_reached_from_an_interruption(login: str) -> None:
    error = error_of(interrupt, login)
    assert isinstance(error, KeyboardInterrupt)
    assert exposed_markers(error) == []


def test_a_secret_in_a_local_variable_would_be_found() -> None:
    def fail() -> None:
        own = [{"a": PASSWORD.encode()}]
        raise ValueError(len(own))

    with pytest.raises(ValueError, match="1") as raised:
        fail()
    assert exposed_markers(raised.value)


def test_a_secret_is_found_in_every_spelling() -> None:
    for text in (PASSWORD, f"{PASSWORD.encode()}", PASSWORD.encode("utf-16"), PASSWORD[:12]):
        assert find_markers(text)
    assert not find_markers("Käse and oauth-012 and Gate")
