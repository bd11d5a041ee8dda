"""Errors of other libraries, without the secrets that they hold.

http.client encodes all headers of a request into one block of bytes. A debugger or ``pytest -l``
shows this block among the local variables of the frames that an error's traceback holds.
"""

from __future__ import annotations

import re
from contextlib import suppress
from traceback import walk_tb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["forget_frames", "forget_locals", "keep_type_and_text", "linked_errors"]

# The libraries and modules whose functions pass the block of headers on, the library that sends the
# password of a limiter's Redis, and the libraries that replace sockets.
_LIBRARIES = frozenset(
    {"requests", "urllib3", "http", "ssl", "redis", "socket", "OpenSSL", "gevent"}
)
_MODULES = frozenset(
    {"kintone_orm.http.network.bounded_connection", "kintone_orm.http.network.pool"}
)
_PLAIN = (str, bytes, int, float, BaseException, type(None))
# The user and the password in an URL, such as a proxy's. An error about a wrong URL quotes it, so
# the URL may have blanks.
_LOGIN = re.compile(r"(//.*|\S*)@", re.DOTALL)


def linked_errors(error: BaseException, handled: BaseException | None) -> Iterator[BaseException]:
    """Yield the error, its causes, its contexts and the errors that these have as attributes.

    `handled` is the exception that the caller was handling before. It and its causes are left out.
    """
    seen = {id(handled)}
    links = [error]
    while links:
        link = links.pop()
        if id(link) not in seen:
            seen.add(id(link))
            related = (link.__cause__, link.__context__, *link.args, *vars(link).values())
            links += [other for other in related if isinstance(other, BaseException)]
            yield link


def keep_type_and_text(error: BaseException, handled: BaseException | None) -> None:
    """Remove everything but the type and the text from the error and the errors before it.

    Tracebacks, requests, responses and connections are removed, and logins in URLs are masked.
    `handled` is as in `linked_errors`.
    """
    for link in list(linked_errors(error, handled)):
        link.__traceback__ = None
        link.args = tuple(map(_plain_argument, link.args))
        vars(link).update({name: _plain(value) for name, value in vars(link).items()})


def forget_frames(error: BaseException, handled: BaseException | None) -> None:
    """Remove the tracebacks of the error and the errors before it.

    Otherwise the frames would keep their variables, and those of their callers, until the garbage
    collector runs: an abandoned iterator among them would not be closed. `handled` is as in
    `linked_errors`.
    """
    for link in linked_errors(error, handled):
        link.__traceback__ = None


def forget_locals(error: BaseException, handled: BaseException | None) -> None:
    """Clear the local variables of the libraries' frames in all tracebacks of the error.

    The tracebacks keep their lines. `handled` is as in `linked_errors`.
    """
    for link in linked_errors(error, handled):
        for frame, _ in walk_tb(link.__traceback__):
            module = str(frame.f_globals.get("__name__"))
            if module in _MODULES or module.partition(".")[0] in _LIBRARIES:
                with suppress(RuntimeError):  # the frame is still running
                    frame.clear()


def _plain(value: object) -> object:
    if isinstance(value, str):
        return _LOGIN.sub("***@", value)
    return value if isinstance(value, _PLAIN) else None


def _plain_argument(argument: object) -> object:
    return _plain(argument if isinstance(argument, _PLAIN) else str(argument))
