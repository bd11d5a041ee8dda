"""bulkRequest.json. Source: kintone REST API, "Bulk Request"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..ground import limits
from ..ground.errors import KintoneError, invalid
from ..ground.http import HTTPRequest
from ..ground.parameters import array, mapping, optional, required, structure, text
from ..requests.endpoint import endpoint
from ..store.record_text import dump
from . import records, status

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..requests.endpoint import Answer, Call, Endpoint

_REQUEST = {
    "method": required(text),
    "api": required(text),
    "payload": optional(mapping),
}

# The endpoints that a bulk request may call.
_ENDPOINTS: dict[tuple[str, str], Endpoint] = {
    ("POST", "record"): records.add_record,
    ("PUT", "record"): records.update_record,
    ("POST", "records"): records.add_records,
    ("PUT", "records"): records.update_records,
    ("DELETE", "records"): records.delete_records,
    ("PUT", "record/status"): status.update_status,
    ("PUT", "records/status"): status.update_statuses,
    ("PUT", "record/assignees"): status.update_assignees,
}


class _BulkFailure(KintoneError):
    """The error of one request, which takes the place of its result in the answer."""

    def __init__(self, cause: KintoneError, *, position: int, size: int) -> None:
        super().__init__(
            cause.status,
            cause.code,
            ja=cause.ja,
            en=cause.en,
            errors=cause.errors,
            reason=cause.reason,
        )
        self._position = position
        self._size = size

    def body(self, language: str, error_id: str) -> dict[str, Any]:
        """Return the error of the failed request, and an empty object for each other request."""
        results: list[dict[str, Any]] = [{} for _ in range(self._size)]
        results[self._position] = super().body(language, error_id)
        return {"results": results}


@endpoint({"requests": required(array(structure(_REQUEST), low=1, high=limits.REQUESTS_PER_BULK))})
def bulk_request(call: Call, sent: Sent) -> Answer:
    """Bulk Request: carry out the requests one after another. If one fails, undo all."""
    requests = sent["requests"]
    endpoints = [_endpoint(call, request, i) for i, request in enumerate(requests)]
    results = []
    # kintone posts no webhooks for a bulk request.
    silent = replace(call, events=None)
    for i, (request, target) in enumerate(zip(requests, endpoints, strict=True)):
        try:
            answer = target.answer(silent, request["payload"] or {})
        except KintoneError as error:
            raise _BulkFailure(error, position=i, size=len(requests)) from error
        results.append(answer if isinstance(answer, str) else dump(answer))
    return f'{{"results":[{",".join(results)}]}}'


def _endpoint(call: Call, request: dict[str, Any], position: int) -> Endpoint:
    http_request = HTTPRequest(request["method"], request["api"])
    target = _ENDPOINTS.get((http_request.method, http_request.endpoint or ""))
    if target is None:
        raise invalid({f"requests[{position}].api": ["not_in_bulk"]})
    if http_request.space != call.space:
        raise invalid({f"requests[{position}].api": ["other_space"]})
    return target
