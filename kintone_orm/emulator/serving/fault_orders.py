"""Faults ordered over HTTP, by a test in another process or another language.

Nothing of kintone's looks like it: the path is outside of /k/, and the token has a header of its
own, which no page of a browser can send to another site.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..ground.http import HTTPResponse
from .faults import Fault

if TYPE_CHECKING:
    from ..ground.http import HTTPRequest
    from .faults import Faults

__all__ = ["FaultOrders"]

_TOKEN = "x-emulator-token"  # noqa: S105 - the header's name
_FAULTS = {fault.value: fault for fault in Fault}
_TYPES: dict[str, tuple[type, ...]] = {
    "fault": (str,),
    "method": (str, type(None)),
    "endpoint": (str, type(None)),
    "times": (int, type(None)),
    "after": (int,),
    "seconds": (int, float),
}


class FaultOrders:
    """What is behind /_emulator/faults.

    GET lists what is still to happen, POST adds one, DELETE forgets all; each answers with the
    list. A fault is a JSON object with the arguments of `Faults.add`: {"fault": "latency",
    "seconds": 2, "endpoint": "records"}. 401 without the token, 400 for what makes no sense.
    """

    def __init__(self, faults: Faults, token: str) -> None:
        self._faults = faults
        self._token = token

    def handle(self, request: HTTPRequest) -> HTTPResponse:
        """The answer to a request for this path."""
        sent = request.header(_TOKEN) or ""
        if not hmac.compare_digest(sent.encode(), self._token.encode()):
            return _json(401, {"error": "the header X-Emulator-Token does not hold the token"})
        if request.method == "POST":
            try:
                self._faults.add(**_order(request.content()))
            except RecursionError:
                return _json(400, {"error": "the order is nested too deeply"})
            except (TypeError, ValueError) as error:
                return _json(400, {"error": str(error)})
        elif request.method == "DELETE":
            self._faults.clear()
        elif request.method != "GET":
            return _json(405, {"error": "GET, POST and DELETE are possible"})
        return _json(200, {"faults": [asdict(rule) for rule in self._faults.pending]})


def _order(body: bytes) -> dict[str, Any]:
    """The arguments of `Faults.add`."""
    order = json.loads(body)
    if not isinstance(order, dict):
        raise TypeError("a fault is a JSON object")
    for name, value in order.items():
        if name not in _TYPES:
            raise TypeError(f"there is no argument {name!r}: {', '.join(_TYPES)} exist")
        if not isinstance(value, _TYPES[name]):
            raise TypeError(f"{name!r} cannot be {value!r}")
    if order.get("fault") not in _FAULTS:
        raise ValueError(f"there is no fault {order.get('fault')!r}: {', '.join(_FAULTS)} exist")
    return {**order, "fault": _FAULTS[order["fault"]]}


def _json(status: int, content: dict[str, Any]) -> HTTPResponse:
    body = json.dumps(content).encode()
    return HTTPResponse(status, body, {"Content-Type": "application/json"})
