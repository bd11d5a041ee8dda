"""The form that orders a fault, and what is still to happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..serving.faults import Fault
from ..serving.router import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..serving.faults import FaultRule, Faults

__all__ = ["NOTHING_TYPED", "fault_choices", "ordered", "pending_faults"]

NOTHING_TYPED: Final = {
    "fault": Fault.SERVICE_UNAVAILABLE.value,
    "method": "",
    "endpoint": "",
    "times": "1",
    "after": "0",
    "seconds": "",
}
"""The form as it is at first."""


def fault_choices() -> dict[str, list[str]]:
    """What can be chosen in the form."""
    methods = sorted({method for each in ENDPOINTS.values() for method in each})
    return {
        "faults": [fault.value for fault in Fault],
        "methods": methods,
        "endpoints": sorted(name.removesuffix(".json") for name in ENDPOINTS),
    }


def ordered(form: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of `Faults.add` that a form means; ValueError for what makes no sense."""
    name = form.get("fault", "")
    if name not in {fault.value for fault in Fault}:
        raise ValueError(f"there is no fault {name!r}")
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
    """What is still to happen, in words."""
    return [_words(rule) for rule in faults.pending]


def _words(rule: FaultRule) -> dict[str, str]:
    times = "every one" if rule.times is None else f"{rule.times:,}"
    takes = f", {rule.seconds:g} s" if rule.seconds else ""
    return {
        "fault": rule.fault.value + takes,
        "method": rule.method or "any",
        "endpoint": rule.endpoint or "any",
        "times": times,
        "after": f"{rule.after:,}",
    }


def _number(text: str, name: str, kind: type[int] | type[float]) -> int | float:
    try:
        return kind(text)
    except ValueError:
        raise ValueError(f"{name} is a number, not {text!r}") from None
