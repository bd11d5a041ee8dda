"""What was sent, as a list: requests are what a program costs."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from kintone_orm.connection import connections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

    from kintone_orm.connection import Connection
    from kintone_orm.http.messages import Request, Response

__all__ = ["assert_requests", "capture_requests"]


@contextmanager
def capture_requests(connection: Connection) -> Iterator[list[Request]]:
    """The requests that the connection sends in the block, as they are sent.

    Each has a `method` such as "GET", a `path` such as "/k/v1/records.json" and its `params`.
    """
    sent: list[Request] = []

    def note(send: Callable[[Request], Response], request: Request) -> Response:
        sent.append(request)
        return send(request)

    with connection.wrap(note):
        yield sent


class assert_requests:  # noqa: N801 - used as a function, as Django's assertNumQueries is
    """A block that sends exactly `number` requests: AssertionError, which lists them, if not.

    Without `using`, those of the connection that is meant here are counted. ``as`` gives the list
    of them, as `capture_requests` does. What goes wrong in the block is raised as it is.
    """

    def __init__(self, number: int, *, using: Connection | str | None = None) -> None:
        self._number = number
        self._using = using
        self._open = ExitStack()

    def __enter__(self) -> list[Request]:
        self._connection = connections.resolve(self._using)
        self._sent = self._open.enter_context(capture_requests(self._connection))
        return self._sent

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True  # pytest then points at the block
        self._open.close()
        if error is None and len(self._sent) != self._number:
            apps = {str(id_): key for key, id_ in self._connection.apps.items()}
            raise AssertionError(_complaint(self._number, self._sent, apps))


def _complaint(expected: int, sent: list[Request], apps: Mapping[str, str]) -> str:
    counted = "1 request was" if len(sent) == 1 else f"{len(sent)} requests were"
    lines = [f"{counted} sent, {expected} expected{':' if sent else '.'}"]
    lines += [f"{n:>3}. {_line(request, apps)}" for n, request in enumerate(sent, 1)]
    return "\n".join(lines)


def _line(request: Request, apps: Mapping[str, str]) -> str:
    """``GET    /k/v1/records.json  orders: rank in ("A") limit 500``."""
    app = request.params.get("app", request.app)
    name = "" if app is None else apps.get(str(app), f"app {app}")
    told = ": ".join(part for part in (name, _content(request.params)) if part)
    return f"{request.method:<6} {request.path}  {told}".rstrip()


def _content(params: Mapping[str, Any]) -> str:
    """What a request is about: how many records, or which; never what is in them."""
    if "requests" in params:
        inner = [_content(each["payload"]) or each["api"] for each in params["requests"]]
        return f"{_counted(inner, 'request')} ({', '.join(inner)})"
    for name, one in _LISTS.items():
        if name in params:
            return _counted(params[name], one)
    return params.get("query") or (f"id {params['id']}" if "id" in params else "")


# The lists that kintone's endpoints take, and what one of their items is.
_LISTS = {"records": "record", "ids": "id", "apps": "app", "properties": "field"}


def _counted(items: Any, one: str) -> str:
    return f"{len(items):,} {one}{'' if len(items) == 1 else 's'}"
