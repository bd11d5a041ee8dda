"""Blocking the network, so that no test reaches a real kintone by mistake."""

from __future__ import annotations

from contextlib import contextmanager
from fnmatch import fnmatchcase
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kintone_orm.http.network.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kintone_orm.http.messages import Request, Response

__all__ = ["NetworkBlocked", "block_network"]


class NetworkBlocked(AssertionError):
    """The error for a request to a real kintone in a test. The request was not sent.

    It is not a KintoneORMError, so that a program under test does not handle it as an outage.
    """


@contextmanager
def block_network(*, allow: Iterable[str] = ()) -> Iterator[None]:
    """Block requests of kintone_orm to other computers inside the block, in all threads.

    A blocked request raises NetworkBlocked. Hosts in `allow`, such as ``"sandbox.cybozu.com"`` or
    ``"*.cybozu.com"``, are exempt; so are this computer and connections with an `adapter`. The
    innermost of nested blocks decides.
    """
    allowed = tuple(allow)

    def send(
        self: Transport, request: Request, credentials: Mapping[str, str], **limits: Any
    ) -> Response:
        host = urlsplit(self.base_url).hostname or ""
        if self.adapter is None and not _may_reach(host, allowed):
            raise NetworkBlocked(
                f"{request.method} {request.path} would go to {host}, a real kintone. It was "
                "not sent. Use the fixture 'kintone' or emulate(). If the test must reach "
                f'{host}, mark it with @pytest.mark.kintone_allow_hosts("{host}"), or name the '
                "host in pytest's option kintone_allow_hosts (without pytest: in "
                "block_network(allow=[...]))."
            )
        return _send(self, request, credentials, **limits)

    before = Transport.send
    Transport.send = send  # type: ignore[method-assign]
    try:
        yield
    finally:
        Transport.send = before  # type: ignore[method-assign]


# All requests to the network pass through this function. The module keeps the original function, so
# that the innermost of nested blocks calls it directly, and not the function of an outer block.
_send = Transport.send


def _may_reach(host: str, allowed: tuple[str, ...]) -> bool:
    return _is_this_computer(host) or any(fnmatchcase(host, name.lower()) for name in allowed)


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
