"""The generated tables of docs/bad-night.md: what is sent again, and the matrix of faults."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from support.faults.wire_faults import GROUPS
from support.faults.wire_table import ALWAYS, KINDS, ONCE

from kintone_orm.http.codes import TABLE as CODES
from kintone_orm.http.request_kinds import Kind
from kintone_orm.http.retry import TABLE, Retry
from kintone_orm.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAGE = Path(__file__).parents[2] / "docs" / "bad-night.md"

# The calls of a program whose requests are of each kind.
_CALLS = {
    Kind.READ: "`get()`, `count()`, loops by id, comments, permissions; closing a cursor",
    Kind.NEW_CURSOR: "the cursor of a loop over more than 500 records in another order",
    Kind.CURSOR_PAGE: "the pages of that loop; a lost page is read again with another cursor",
    Kind.VERSIONED: "`save()`, `modify()`, `update(check_revision=True)`",
    Kind.DELETE_ONE: "`delete()` of a record",
    Kind.UNVERSIONED: "`update()`, `bulk_create(update_conflicts=True)`, "
    "`bulk_update()` with new attachments",
    Kind.UPLOAD: "the content of a new attachment, before its record is saved",
    Kind.ONCE: "`create()`, `bulk_create()`, `queryset.delete()`, `transition()`, "
    "`comments.create()`",
}

# What an administrator sees of each outcome that is not a code of kintone's.
_SIGNS = {
    Outcome.NOT_SENT: "connection refused, no such host, no connection in time, "
    "429 or 5xx of a proxy",
    Outcome.NO_TRUST: "a certificate was not accepted",
    Outcome.PROXY_REFUSED: "407, 403",
    Outcome.UNSENDABLE: "a file that cannot be read, an invalid address",
    Outcome.OUT_OF_TIME: "the deadline",
    Outcome.BROKEN: "a reset or closed connection",
    Outcome.TIMED_OUT: "no byte within the time-out, or no end within the deadline",
    Outcome.DAMAGED: "too few bytes, damaged compression",
    Outcome.NOT_KINTONES: "200 without kintone's JSON",
    Outcome.FAILED_PAGE: "500, 502, 503, 504 without a code",
    Outcome.REFUSED_PAGE: "a redirect, 401, 403, 404 without a code",
    Outcome.TOO_MANY: "429",
    Outcome.FAILED: "500 with a code that is not in this table",
    Outcome.REFUSED: "every other code",
}

# The groups of faults of the proxy that the tests have between a program and kintone.
_FAULTS = {
    "refused": "no connection is made",
    "lost before": "the connection ends before the server reads the request",
    "lost after": "the request is carried out, and its answer is cut or never comes",
    "damaged after": "the request is carried out, and its answer is damaged or too long",
    "stalled before": "the server reads the request and falls silent",
    "stalled after": "the request is carried out, and its answer stops",
    "drips after": "the request is carried out, and its answer drips until the deadline",
    "5xx before": "a server in front of kintone answers 500 to 520",
    "5xx after": "the request is carried out, and a server in front answers 500 to 520",
    "4xx": "a server in front of kintone answers 401 to 414",
    "redirected": "a redirect",
    "stranger before": "a success that is not kintone's, such as a login page",
    "stranger after": "the request is carried out, and the success is not kintone's",
    "{} before": "`{}`, and the request is not carried out",
    "{} after": "`{}`, and the request is carried out",
    "busy": "429, a lock, an app in maintenance",
    "no cursor": "ten cursors are open in the domain",
    "odd": "an answer that is slow or unusual, and correct",
}

# The beginnings of a cell in the tests' table.
_ENDS = {"o": "ok", "N": "no", "?": "unknown", "Y": "yes", ".": ""}


def kinds() -> str:
    """The kinds of requests, and whether each is sent again."""
    lines = [
        "| kind of request | for example | after a lost answer | after a refusal for now |",
        "|---|---|---|---|",
    ]
    for kind, calls in _CALLS.items():
        lost, refused = (
            _in_words(kind in TABLE.get(outcome, ()))
            for outcome in (Outcome.BROKEN, Outcome.LOCKED)
        )
        if kind is Kind.UNVERSIONED:
            lost += ", unless `Retry(repeat_unversioned=True)`"
        lines.append(f"| {kind.value} | {calls} | {lost} | {refused} |")
    return "\n".join(lines)


def outcomes() -> str:
    """The outcomes of an attempt, and the kinds that are sent again after each."""
    lines = [
        "| the attempt ended, because | signs | was a write carried out? | sent again |",
        "|---|---|---|---|",
    ]
    for outcome in Outcome:
        codes = [f"`{row.code}`" for row in CODES if row.outcome is outcome]
        named = [] if outcome is Outcome.REFUSED else codes
        signs = ", ".join(filter(None, [_SIGNS.get(outcome, ""), *named]))
        written = "unknown" if outcome.is_lost_answer else "no"
        lines.append(f"| {outcome.value} | {signs} | {written} | {_again(outcome)} |")
    return "\n".join(lines)


def waits() -> str:
    """The longest waits of the default settings, one for each attempt."""
    retry = Retry()
    longest = [min(retry.longest_wait, retry.first_wait * 2**n) for n in range(retry.attempts - 1)]
    *most, last = (f"{seconds:g}" for seconds in longest)
    return f"{retry.attempts} attempts; at most {', '.join(most)} and {last} seconds between them."


def columns() -> str:
    """The columns of the matrix: the kinds of requests that the tests tell apart."""
    return "\n".join(f"- `{name}`: {meaning}" for name, meaning in KINDS.items())


def once() -> str:
    """The matrix of a fault that happens to one attempt."""
    return _matrix(ONCE)


def always() -> str:
    """The matrix of a fault that happens to every attempt."""
    return _matrix(ALWAYS)


def _matrix(ends: Mapping[str, Mapping[str, str]]) -> str:
    lines = [
        f"| the fault | faults | {' | '.join(f'`{name}`' for name in KINDS)} |",
        "|---" * (len(KINDS) + 2) + "|",
    ]
    for group, by_kind in ends.items():
        cells = " | ".join(_ENDS[by_kind[kind][0]] for kind in KINDS)
        lines.append(f"| {_FAULTS[group]} | {len(GROUPS.get(group, '1'))} | {cells} |")
    return "\n".join(lines)


def _again(outcome: Outcome) -> str:
    again = TABLE.get(outcome, frozenset())
    if again == frozenset(Kind):
        return "everything"
    return "; ".join(kind.value for kind in Kind if kind in again) or "nothing"


def _in_words(is_sent_again: bool) -> str:
    return "sent again" if is_sent_again else "not sent again"


_PARTS: tuple[Callable[[], str], ...] = (waits, kinds, outcomes, columns, once, always)


def page() -> str:
    """All of docs/bad-night.md: the text around the tables as the file has it."""
    text = PAGE.read_text("utf-8")
    for make in _PARTS:
        name = make.__name__
        beginning = f"<!-- {name}: made by tests/generators/bad_night_page.py -->\n"
        end = f"<!-- end of {name} -->\n"
        before, _, rest = text.partition(beginning)
        after = rest.partition(end)[2]
        text = f"{before}{beginning}\n{make()}\n\n{end}{after}"
    return text
