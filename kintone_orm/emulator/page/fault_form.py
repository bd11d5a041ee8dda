"""The form that adds a fault, and the list of pending faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict, TypeVar

from ..serving.faults import Fault
from ..serving.router import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..serving.faults import FaultRule, Faults

__all__ = ["INITIAL_VALUES", "fault_arguments", "fault_choices", "pending_faults"]

_Number = TypeVar("_Number", int, float)


class FaultArguments(TypedDict):
    """The arguments of `Faults.add`."""

    fault: Fault
    method: str | None
    endpoint: str | None
    times: int | None
    after: int
    seconds: float


INITIAL_VALUES: Final = {
    "fault": Fault.SERVICE_UNAVAILABLE.value,
    "method": "",
    "endpoint": "",
    "times": "1",
    "after": "0",
    "seconds": "",
}
"""The values of a new form."""


def fault_choices() -> dict[str, list[str]]:
    """Return the choices of the form's lists."""
    methods = sorted({method for handlers in ENDPOINTS.values() for method in handlers})
    return {
        "faults": [fault.value for fault in Fault],
        "methods": methods,
        "endpoints": sorted(name.removesuffix(".json") for name in ENDPOINTS),
    }


def fault_arguments(form: Mapping[str, str]) -> FaultArguments:
    """Return the arguments of `Faults.add` for a submitted form. Raises ValueError."""
    name = form.get("fault", "")
    if name not in {fault.value for fault in Fault}:
        raise ValueError(f"There is no fault {name!r}.")
    times = form.get("times", "").strip()
    return {
        "fault": Fault(name),
        "method": form.get("method") or None,
        "endpoint": form.get("endpoint") or None,
        "times": _number(int, times, "times") if times else None,
        "after": _number(int, form.get("after", "").strip() or "0", "after"),
        "seconds": _number(float, form.get("seconds", "").strip() or "0", "seconds"),
    }


def pending_faults(faults: Faults) -> list[dict[str, str]]:
    """Return the texts of the pending faults, one row for each."""
    return [_row(rule) for rule in faults.pending]


def _row(rule: FaultRule) -> dict[str, str]:
    times = "always" if rule.times is None else f"{rule.times:,}"
    duration = f", {rule.seconds:g} s" if rule.seconds else ""
    return {
        "fault": rule.fault.value + duration,
        "method": rule.method or "any",
        "endpoint": rule.endpoint or "any",
        "times": times,
        "after": f"{rule.after:,}",
    }


def _number(convert: Callable[[str], _Number], text: str, name: str) -> _Number:
    try:
        return convert(text)
    except ValueError:
        raise ValueError(f"'{name}' must be a number, not {text!r}.") from None
