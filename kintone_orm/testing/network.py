"""No test reaches a real kintone by mistake."""

from __future__ import annotations

from contextlib import contextmanager
from fnmatch import fnmatchcase
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kintone_orm.http.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kintone_orm.http.messages import Request, Response

__all__ = ["NetworkBlocked", "block_network"]


class NetworkBlocked(AssertionError):
    """A test would have sent a request to a real kintone; nothing was sent.

    It is none of the errors that a program expects of kintone, so that none of its handlers
    takes it for an outage.
    """


@contextmanager
def block_network(*, allow: Iterable[str] = ()) -> Iterator[None]:
    """Meanwhile, in all threads, no connection of kintone_orm reaches another computer.

    NetworkBlocked is raised instead of sending. Hosts in `allow`, such as
    ``"sandbox.cybozu.com"`` or ``"*.cybozu.com"``, may be reached; this computer and a
    connection's `adapter` always. Of blocks within each other the innermost decides.
    """
    allowed = tuple(allow)

    def send(self: Transport, request: Request, credentials: Mapping[str, str]) -> Response:
        host = urlsplit(self._base_url).hostname or ""
        if self._adapter is None and not _may_reach(host, allowed):
            raise NetworkBlocked(
                f"{request.method} {request.path} would go to {host}, a real kintone; it was not "
                "sent. Use the `kintone` fixture or emulate(). If the test is meant to reach "
                f'{host}, mark it with @pytest.mark.kintone_allow_hosts("{host}"), or name the '
                "host in pytest's option kintone_allow_hosts (without pytest: in "
                "block_network(allow=[...]))."
            )
        return _send(self, request, credentials)

    before = Transport.send
    Transport.send = send  # type: ignore[method-assign]
    try:
        yield
    finally:
        Transport.send = before  # type: ignore[method-assign]


# The one place where everything that has no adapter goes to the network. Kept here because the
# guards of blocks within each other must not ask one another.
_send = Transport.send


def _may_reach(host: str, allowed: tuple[str, ...]) -> bool:
    return _is_this_computer(host) or any(fnmatchcase(host, name.lower()) for name in allowed)


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
