"""The form that orders a fault, and the list of pending faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..serving.faults import Fault
from ..serving.router import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..serving.faults import FaultRule, Faults

__all__ = ["INITIAL_VALUES", "fault_arguments", "fault_choices", "pending_faults"]

INITIAL_VALUES: Final = {
    "fault": Fault.SERVICE_UNAVAILABLE.value,
    "method": "",
    "endpoint": "",
    "times": "1",
    "after": "0",
    "seconds": "",
}
"""The values of the form before a person has typed."""


def fault_choices() -> dict[str, list[str]]:
    """Return the choices of the form's lists."""
    methods = sorted({method for handlers in ENDPOINTS.values() for method in handlers})
    return {
        "faults": [fault.value for fault in Fault],
        "methods": methods,
        "endpoints": sorted(name.removesuffix(".json") for name in ENDPOINTS),
    }


def fault_arguments(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the arguments of `Faults.add` for a submitted form. Raises ValueError."""
    name = form.get("fault", "")
    if name not in {fault.value for fault in Fault}:
        raise ValueError(f"There is no fault {name!r}.")
    times = form.get("times", "").strip()
    return {
        "fault": Fault(name),
        "method": form.get("method") or None,
        "endpoint": form.get("endpoint") or None,
        "times": _number(times, "times", int) if times else None,
        "after": _number(form.get("after", "").strip() or "0", "after", int),
        "seconds": _number(form.get("seconds", "").strip() or "0", "seconds", float),
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


def _number(text: str, name: str, kind: type[int] | type[float]) -> int | float:
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"'{name}' must be a number, not {text!r}.") from None
