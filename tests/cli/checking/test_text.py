"""Findings as text: one line each in a file, and lines of its width in a terminal."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from kintone_orm.apps import Finding
from kintone_orm.apps.check import Report
from kintone_orm.cli.checking.text import print_report
from kintone_orm.exceptions import ImproperlyConfigured

LONG = "Deal.title: the model has the label '件名', but the app's field has another. " * 3
FINDINGS = [
    Finding("Deal", 12, "title", "件名", "label", False, LONG),
    Finding("Deal", 12, "", "", "precision", True, "Deal: Meta.number_precision differs."),
    Finding("Customer", 3, "name", "会社", "type", True, "Customer.name: [bold]x[/bold] :smile:"),
]


def printed(report, encoding="utf-8", **options):
    """What a console prints, in an encoding that loses no character."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    console = Console(file=file, markup=False, highlight=False, emoji=False, **options)
    print_report(report, console)
    file.flush()
    return file.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_finding_is_one_line_in_a_file(encoding):
    lines = printed(Report(FINDINGS), encoding, width=80).splitlines()
    assert lines == [
        "Deal (app 12)",
        "  drift  Meta.number_precision differs.",
        f"  info   {LONG.removeprefix('Deal.')}",
        "",
        "Customer (app 3)",
        "  drift  name: [bold]x[/bold] :smile:",
        "",
        "Drift: 2. Information: 1.",
    ]


def test_a_terminal_gets_lines_of_its_width():
    lines = printed(Report(FINDINGS), width=60, force_terminal=True, color_system=None).splitlines()
    assert max(map(cell_len, lines)) <= 60
    assert len(lines) > 10


def test_a_terminal_gets_colors_unless_it_wants_none(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1;31mdrift" in printed(Report(FINDINGS), width=60, force_terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "31m" not in printed(Report(FINDINGS), width=60, force_terminal=True)


def test_the_last_line_counts_the_apps_that_were_not_compared():
    report = Report(FINDINGS, [ImproperlyConfigured("x"), ImproperlyConfigured("y")])
    last = printed(report, width=80).splitlines()[-1]
    assert last == "Drift: 2. Information: 1. Not compared: 2."
