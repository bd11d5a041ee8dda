"""Bulk requests: up to 20 writes, to any apps, that succeed or fail together.

::

    batch = Batch()
    add_records(batch, app=12, records=new)
    delete_records(batch, app=13, ids=[7, 8])
    bulk_request(connection, requests=batch.requests)
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from kintone_orm.api.caller import Caller
from kintone_orm.limits import REQUESTS_PER_BULK, require_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Id

__all__ = ["Batch", "InnerRequest", "bulk_request"]

_ALLOWED = frozenset(
    {
        ("POST", "record"),
        ("PUT", "record"),
        ("POST", "records"),
        ("PUT", "records"),
        ("DELETE", "records"),
        ("PUT", "record/status"),
        ("PUT", "records/status"),
        ("PUT", "record/assignees"),
    }
)


@dataclass(frozen=True, slots=True)
class InnerRequest:
    """One request inside a bulk request.

    ValueError for an endpoint that kintone refuses inside a bulk request.
    """

    method: str
    endpoint: str
    params: Mapping[str, Any] = field(repr=False)

    def __post_init__(self) -> None:
        if (self.method, self.endpoint) not in _ALLOWED:
            message = (
                f"A bulk request cannot contain {self.method} {self.endpoint}, only writes of "
                "records, statuses and assignees. Send it by itself."
            )
            raise ValueError(message)


class Batch:
    """A caller that collects requests instead of sending them.

    Pass it to any function that writes records. The function returns ``{}``; `bulk_request` returns
    the answers, in the order of `requests`.
    """

    def __init__(self) -> None:
        self.requests: list[InnerRequest] = []

    def request(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, object] | None = None,
        *,
        app: Id | None = None,
    ) -> dict[str, Any]:
        """Append the request to `requests` and return ``{}``."""
        del app  # not needed: in a bulk request, the `params` contain the app
        self.requests.append(InnerRequest(method, endpoint, params or {}))
        return {}


class BulkCaller(Caller, Protocol):
    """A caller that also knows the path of an endpoint, including the guest space."""

    @abstractmethod
    def path(self, endpoint: str) -> str:
        """Return the path of an endpoint: ``/k/v1/record.json`` for ``record``."""


def bulk_request(caller: BulkCaller, *, requests: Sequence[InnerRequest]) -> dict[str, Any]:
    """Send 1 to 20 requests as one and return ``{"results": [...]}``, one answer per request.

    kintone runs them in order. If one fails, none takes effect, and the error's `index` is its
    position. A request cannot use the id of a record that an earlier one adds. ValueError for no
    requests or for more than 20. Source: "kintone REST API: Bulk Request".
    """
    way_out = "Send the others in another call. Each call succeeds or fails by itself."
    require_at_most(requests, limit=REQUESTS_PER_BULK, name="requests", way_out=way_out)
    if not requests:
        message = "'requests' is empty, but kintone takes 1 to 20. Pass at least one."
        raise ValueError(message)
    inner_requests = [
        {"method": inner.method, "api": caller.path(inner.endpoint), "payload": inner.params}
        for inner in requests
    ]
    return caller.request("POST", "bulkRequest", {"requests": inner_requests})
