"""Findings as annotations of GitHub Actions, which shows them beside the lines of a pull request.

Source: "Workflow commands for GitHub Actions", docs.github.com.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from kintone_orm.cli.checking.declarations import find_declaration
from kintone_orm.cli.safe_text import escape_controls, without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kintone_orm.apps.check import Report
    from kintone_orm.models import Model

__all__ = ["annotate"]

_IN_MESSAGES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = {**_IN_MESSAGES, ":": "%3A", ",": "%2C"}


def annotate(report: Report) -> Iterator[str]:
    """Yield a line for each finding and each error: errors for drift, notices for information."""
    for finding in report.findings:
        model = report.models[finding.model, finding.app]
        properties = {**_place(model, finding.field), "title": f"kintone: {finding.kind}"}
        yield _command("error" if finding.is_drift else "notice", properties, finding.message)
    for error in report.errors:
        yield _command("error", {"title": "kintone: not compared"}, without_secrets(str(error)))


def _place(model: type[Model], field: str) -> dict[str, str]:
    line = find_declaration(model, field)
    if line is None:
        return {}
    return {"file": _path_in_repository(line.file), "line": str(line.number)}


def _path_in_repository(file: str) -> str:
    """Return the path that GitHub knows. A file elsewhere keeps its path."""
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    path = Path(file).resolve()
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _command(name: str, properties: Mapping[str, str], message: str) -> str:
    pairs = ",".join(f"{key}={_escape(value, _IN_PROPERTIES)}" for key, value in properties.items())
    return f"::{name} {pairs}::{_escape(message, _IN_MESSAGES)}"


def _escape(text: str, table: Mapping[str, str]) -> str:
    return escape_controls("".join(table.get(character, character) for character in text))
