"""Recording and counting the requests of a connection."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from kintone_orm.connection import connections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sized
    from types import TracebackType

    from kintone_orm.connection import Connection
    from kintone_orm.http.messages import Request, Response

__all__ = ["assert_requests", "capture_requests"]


@contextmanager
def capture_requests(connection: Connection) -> Iterator[list[Request]]:
    """Collect the requests that the connection sends inside the block.

    Each request has a `method` such as "GET", a `path` such as "/k/v1/records.json" and `params`.
    A request that is sent again is in the list again, with `attempt` 2 and so on.
    """
    sent: list[Request] = []

    def record(send: Callable[[Request], Response], request: Request) -> Response:
        sent.append(request)
        return send(request)

    with connection.wrap(record):
        yield sent


class assert_requests:  # noqa: N801 - used as a function, as Django's assertNumQueries is
    """Check that a block sends exactly `number` requests. If not, an AssertionError lists them.

    `using` names the connection; by default it is the current one. The block gets the list of
    requests, as in `capture_requests`. An exception of the block is raised unchanged.
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
        # pytest then shows the line of the block, and not this method.
        __tracebackhide__ = True
        self._open.close()
        if error is None and len(self._sent) != self._number:
            apps = {str(id_): key for key, id_ in self._connection.apps.items()}
            raise AssertionError(_report(self._number, self._sent, apps))


def _report(expected: int, sent: list[Request], apps: Mapping[str, str]) -> str:
    counted = "1 request was" if len(sent) == 1 else f"{len(sent)} requests were"
    lines = [f"{counted} sent, {expected} expected{':' if sent else '.'}"]
    lines += [f"{n:>3}. {_line(request, apps)}" for n, request in enumerate(sent, 1)]
    return "\n".join(lines)


def _line(request: Request, apps: Mapping[str, str]) -> str:
    """Return a line such as ``GET    /k/v1/records.json  orders: rank in ("A") limit 500``."""
    app = request.params.get("app", request.app)
    name = "" if app is None else apps.get(str(app), f"app {app}")
    about = ": ".join(filter(None, (name, _content(request.params))))
    again = f"  (attempt {request.attempt})" if request.attempt > 1 else ""
    return f"{request.method:<6} {request.path}  {about}".rstrip() + again


def _content(params: Mapping[str, Any]) -> str:
    """Return the number of records, or the query. Values of records are never shown."""
    if "requests" in params:
        inner = [_content(sub["payload"]) or sub["api"] for sub in params["requests"]]
        return f"{_counted(inner, 'request')} ({', '.join(inner)})"
    for name, one in _LISTS.items():
        if name in params:
            return _counted(params[name], one)
    return params.get("query") or (f"id {params['id']}" if "id" in params else "")


# The parameters of kintone's endpoints that hold several items, and the word for one item.
_LISTS = {"records": "record", "ids": "id", "apps": "app", "properties": "field"}


def _counted(items: Sized, one: str) -> str:
    return f"{len(items):,} {one}{'' if len(items) == 1 else 's'}"
