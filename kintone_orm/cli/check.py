"""kintone-orm check: compare models with their apps."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kintone_orm.apps.check import compare_with_apps
from kintone_orm.cli.checking.annotations import annotate
from kintone_orm.cli.checking.text import print_report
from kintone_orm.cli.connecting import connected
from kintone_orm.cli.safe_text import without_secrets
from kintone_orm.cli.terminal import fail, open_console
from kintone_orm.exceptions import KintoneORMError

if TYPE_CHECKING:
    from kintone_orm.apps.check import Report
    from kintone_orm.cli.model_source import ModelsArgument
    from kintone_orm.connection import Connection

__all__ = ["check"]


@connected
def check(
    models: ModelsArgument,
    connection: Connection,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, for programs.")
    ] = False,
    github: Annotated[
        bool, typer.Option("--github", help="Print annotations of GitHub Actions.")
    ] = False,
) -> None:
    """Compare models with their apps. Nothing is changed.

    Drift is a difference that makes a program wrong, such as a field that is gone. Information is
    any other difference, such as a label.

    Exit codes: 0 no drift; 1 drift; 2 an app could not be compared, or bad use.
    """
    if as_json and github:
        fail("--json and --github exclude each other. Use one of them.")
    report = compare_with_apps(models, using=connection)
    if as_json:
        # ASCII can be printed in every encoding.
        typer.echo(json.dumps(_as_json(report), indent=2))
    elif github:
        for line in annotate(report):
            typer.echo(line)
    else:
        print_report(report, open_console())
    if report.errors:
        raise KintoneORMError("\n".join(map(str, report.errors)))
    if any(finding.is_drift for finding in report.findings):
        raise SystemExit(1)


def _as_json(report: Report) -> dict[str, Any]:
    drift = sum(finding.is_drift for finding in report.findings)
    return {
        "findings": [dataclasses.asdict(finding) for finding in report.findings],
        "errors": [without_secrets(str(error)) for error in report.errors],
        "drift": drift,
        "information": len(report.findings) - drift,
    }
