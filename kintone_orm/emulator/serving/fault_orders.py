"""Adding faults over HTTP, for tests in another process or another language.

The path is outside of kintone's /k/. A request needs a token in the header X-Emulator-Token, which
a web page in a browser cannot send to another site.
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
_TYPES: dict[str, tuple[str, tuple[type, ...]]] = {
    "fault": ("a text", (str,)),
    "method": ("a text or null", (str, type(None))),
    "endpoint": ("a text or null", (str, type(None))),
    "times": ("a whole number or null", (int, type(None))),
    "after": ("a whole number", (int,)),
    "seconds": ("a number", (int, float)),
}


class FaultOrders:
    """The endpoint /_emulator/faults.

    GET lists the pending faults, POST adds a fault, and DELETE deletes all faults. The answer to
    each method is the list of pending faults.
    A fault is a JSON object with the arguments of `Faults.add`: {"fault": "latency", "seconds": 2,
    "endpoint": "records"}. The status is 401 without the token, and 400 for an invalid fault.
    """

    def __init__(self, faults: Faults, token: str) -> None:
        self._faults = faults
        self._token = token

    def handle(self, request: HTTPRequest) -> HTTPResponse:
        """Return the answer to a request."""
        token = request.header(_TOKEN) or ""
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return _json(401, {"error": "The header X-Emulator-Token must hold the token."})
        if request.method == "POST":
            try:
                self._faults.add(**_order(request.content()))
            except RecursionError:
                return _json(400, {"error": "The JSON is nested too deeply."})
            except (TypeError, ValueError) as error:
                return _json(400, {"error": str(error)})
        elif request.method == "DELETE":
            self._faults.clear()
        elif request.method != "GET":
            return _json(405, {"error": "Use GET, POST or DELETE."})
        return _json(200, {"faults": [asdict(rule) for rule in self._faults.pending]})


def _order(body: bytes) -> dict[str, Any]:
    """Return the arguments of `Faults.add` that a body contains."""
    order = json.loads(body)
    if not isinstance(order, dict):
        raise TypeError("A fault must be a JSON object.")
    for name, value in order.items():
        if name not in _TYPES:
            names = ", ".join(_TYPES)
            raise TypeError(f"There is no argument {name!r}. Use {names}.")
        expected, types = _TYPES[name]
        if not isinstance(value, types):
            raise TypeError(f"{name!r} must be {expected}, not {value!r}.")
    if order.get("fault") not in _FAULTS:
        faults = ", ".join(_FAULTS)
        raise ValueError(f"There is no fault {order.get('fault')!r}. Use one of {faults}.")
    return {**order, "fault": _FAULTS[order["fault"]]}


def _json(status: int, content: dict[str, Any]) -> HTTPResponse:
    body = json.dumps(content).encode()
    return HTTPResponse(status, body, {"Content-Type": "application/json"})
