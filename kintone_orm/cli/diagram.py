"""kintone-orm diagram: draw models and their relations."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kintone_orm.cli.connecting import configured
from kintone_orm.cli.mermaid import diagram_of
from kintone_orm.cli.streams import use_utf_8
from kintone_orm.cli.writing.files import replace_file

if TYPE_CHECKING:
    from kintone_orm.cli.model_source import ModelsArgument

__all__ = ["diagram"]


@configured
def diagram(
    models: ModelsArgument,
    output: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write into this file.  [default: standard output]"),
    ] = None,
) -> None:
    """Draw apps, fields, lookups and related records as a Mermaid diagram. Sends no request."""
    text = diagram_of(models)
    if output is None:
        use_utf_8()
        sys.stdout.write(text)
    else:
        replace_file(Path(output), text)
