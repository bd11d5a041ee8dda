"""Bulk requests: up to twenty writes, to any apps, that succeed or fail together.

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
    """One request of a bulk request; ValueError if its endpoint cannot be part of one."""

    method: str
    endpoint: str
    params: Mapping[str, Any] = field(repr=False)

    def __post_init__(self) -> None:
        if (self.method, self.endpoint) not in _ALLOWED:
            message = (
                f"{self.method} {self.endpoint}: a bulk request takes records, statuses and "
                "assignees that are written; send this one by itself"
            )
            raise ValueError(message)


class Batch:
    """A caller that collects instead of sending: any function that writes records fills it.

    Such a call returns ``{}``; the answers come from `bulk_request`, in the order of `requests`.
    """

    def __init__(self) -> None:
        self.requests: list[InnerRequest] = []

    def request(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, Any] | None = None,
        *,
        app: Id | None = None,
    ) -> dict[str, Any]:
        """``{}``; the request waits in `requests`."""
        del app  # what may be collected names its app in `params`
        self.requests.append(InnerRequest(method, endpoint, params or {}))
        return {}


class BulkCaller(Caller, Protocol):
    """A caller that also knows the path of an endpoint, guest space and all."""

    @abstractmethod
    def path(self, endpoint: str) -> str:
        """``/k/v1/record.json`` for ``record``."""


def bulk_request(caller: BulkCaller, *, requests: Sequence[InnerRequest]) -> dict[str, Any]:
    """The answers, ``{"results": [...]}``, each as its request would have got it alone.

    1 to 20 requests run in the order given; if one fails, none has happened, and the error's
    `index` says which it was. A request cannot use the id that an earlier one is about to get.
    Source: "kintone REST API: Bulk Request".
    """
    way_out = "send the others in another call; each call is all or nothing by itself"
    require_at_most(requests, limit=REQUESTS_PER_BULK, name="requests", way_out=way_out)
    if not requests:
        message = "requests: none given, kintone wants 1 to 20"
        raise ValueError(message)
    inner = [
        {"method": each.method, "api": caller.path(each.endpoint), "payload": each.params}
        for each in requests
    ]
    return caller.request("POST", "bulkRequest", {"requests": inner})
