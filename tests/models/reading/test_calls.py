"""Reading ten rows takes few calls, and each step once. Calls do not depend on the machine."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from support.connecting import made
from support.recording_adapter import RecordingAdapter, answer

from kintone_orm import Model, fields

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = "kintone_orm"
COMPREHENSIONS = ("<listcomp>", "<dictcomp>", "<setcomp>")  # calls up to Python 3.11 only
WIRE = ("connection", "http")  # the rooms below the models, which send the request


class Deal(Model):
    title = fields.SingleLineTextField()
    stage = fields.SingleLineTextField()
    amount = fields.NumberField()
    due = fields.DateField()

    class Meta:
        app = 1


def record(id_: int) -> dict[str, dict[str, str]]:
    return {
        "$id": {"type": "__ID__", "value": f"{id_}"},
        "$revision": {"type": "__REVISION__", "value": "1"},
        "title": {"type": "SINGLE_LINE_TEXT", "value": "order"},
        "stage": {"type": "SINGLE_LINE_TEXT", "value": "won"},
        "amount": {"type": "NUMBER", "value": "12"},
        "due": {"type": "DATE", "value": "2026-01-02"},
    }


@pytest.fixture(autouse=True)
def ten_rows() -> None:
    made(RecordingAdapter(*[answer({"records": [record(id_) for id_ in range(1, 11)]})] * 4))


WON = Deal.objects.filter(stage="won")
READS: dict[str, Callable[[], object]] = {
    "a slice": lambda: list(Deal.objects.all()[:10]),
    "all": lambda: list(Deal.objects.all()),
    "a filter made before": lambda: list(WON.all()),
    "an iterator": lambda: list(WON.iterator()),
}


def calls_of(action: Callable[[], object]) -> Counter[tuple[str, str]]:
    """The calls of functions of the package, by module (with dots) and function."""
    action()  # decoders and sessions are made once
    calls: Counter[tuple[str, str]] = Counter()

    def note(frame, event, arg):  # type: ignore[no-untyped-def]
        module, function = frame.f_globals.get("__name__", ""), frame.f_code.co_name
        is_ours = event == "call" and module.split(".")[0] == PACKAGE
        if is_ours and function not in COMPREHENSIONS:
            calls[module.removeprefix(f"{PACKAGE}."), function] += 1

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("read", READS)
def test_ten_rows_take_at_most_178_calls_before_the_wire(read: str) -> None:
    calls = calls_of(READS[read])
    above = [n for (module, _), n in calls.items() if module.split(".")[0] not in WIRE]
    assert sum(above) <= 178


@pytest.mark.parametrize("read", READS)
def test_ten_rows_take_at_most_300_calls_with_the_request(read: str) -> None:
    assert calls_of(READS[read]).total() <= 300


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(
    "step",
    [
        ("models.reading.query", "plan"),
        ("models.reading.query", "branches"),
        ("models.relations.prefetch", "plan"),
        ("models.record.row_shapes", "codes"),
        ("query.ordering", "total_order"),
        ("query.planner", "choose_paging"),
        ("query.conditions", "settled"),
        ("query.compiler", "compile_query"),
    ],
    ids=".".join,
)
def test_an_iteration_derives_it_once(read: str, step: tuple[str, str]) -> None:
    assert calls_of(READS[read])[step] == 1
