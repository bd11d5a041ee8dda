"""Findings as text for people: by model and app, drift before information."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from kintone_orm.apps import Finding
    from kintone_orm.apps.check import Report

__all__ = ["print_report"]

_MARKS = {True: Text("drift", style="bold red"), False: Text("info", style="cyan")}


def print_report(report: Report, console: Console) -> None:
    """Print the findings, and a last line with their numbers.

    A finding is one line in a file or pipe. A terminal gets lines of its width.
    """
    groups: dict[tuple[str, int], list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault((finding.model, finding.app), []).append(finding)
    for (model, app), findings in groups.items():
        console.print(f"{model} (app {app})", style="bold")
        # The sort keeps the order of the fields.
        _print_findings(sorted(findings, key=lambda one: not one.is_drift), console)
        console.print()
    console.print(_counts(report), soft_wrap=not console.is_terminal)


def _print_findings(findings: list[Finding], console: Console) -> None:
    table = Table.grid(padding=(0, 0, 0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        mark, text = _MARKS[finding.is_drift], _without_model(finding)
        if console.is_terminal:
            table.add_row(mark, text)
        else:
            console.print(f"  {mark.plain:<5}  {text}", soft_wrap=True)
    if console.is_terminal:
        console.print(Padding(table, (0, 0, 0, 2)))


def _without_model(finding: Finding) -> str:
    """Return the message without the model's name, which is the title of its group."""
    return finding.message.removeprefix(finding.model).lstrip(".: ")


def _counts(report: Report) -> str:
    drift = sum(finding.is_drift for finding in report.findings)
    counts = f"Drift: {drift}. Information: {len(report.findings) - drift}."
    if report.errors:
        return f"{counts} Not compared: {len(report.errors)}."
    return counts if report.findings else f"{counts} The models fit their apps."
