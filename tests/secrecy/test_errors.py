"""No error holds a secret: not in a text, and in no local variable of a frame."""

from __future__ import annotations

import traceback
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


# A part of each program's error.
TEXTS = {
    "refused_connection": "The server refused the connection",
    "unknown_host": "There is no such host",
    "lost_answer": "No answer arrived in time",
    "reset_connection": "The connection failed or broke",
    "truncated_answer": "The answer broke off",
    "redirect": "redirects are not followed",
    "page_of_a_proxy": "refused the Basic authentication",
    "refusal": "No privilege to proceed",
    "tls_to_a_plain_port": "failed before the request was sent",
    "refused_by_the_proxy": "The proxy",
    "failing_wrapper": "The wrapper failed after",
    "failing_assertion": "assert",
    "defect_in_a_library": "truediv expected 2 arguments",
    "unreadable_proxy": "The request could not be sent",
    "truncated_download": "The answer broke off",
    "upload_to_nobody": "The server refused the connection",
    "refused_three_times": "The server refused the connection",
    "token_with_a_blank": "such as a blank",
    "provided_token_with_a_blank": "such as a blank",
    "password_in_the_base_url": "arguments of their own",
    "password_without_a_name": "One of them is missing",
    "password_as_bytes": "must be a text, not bytes",
    "provided_token_as_bytes": "must be a text, not bytes",
    "token_as_a_key": "must be a text, not an int",
}


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


@pytest.mark.parametrize("program", [*THIRTEEN, *MORE])
def test_a_program_ends_in_the_error_that_it_is_about(program: Callable[[str], None]) -> None:
    error = error_of(program, "password")
    text = "".join(traceback.format_exception(error))
    assert TEXTS[program.__name__] in (str(error) or text)


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
