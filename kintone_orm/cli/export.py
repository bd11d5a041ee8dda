"""kintone-orm emulator export: write a domain file of the apps of a kintone."""

from __future__ import annotations

import json
import re
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from kintone_orm.cli.exporting.apps import Export, Place, export_apps
from kintone_orm.cli.safe_text import without_secrets
from kintone_orm.cli.streams import use_utf_8
from kintone_orm.cli.terminal import fail, print_remark
from kintone_orm.cli.writing.files import replace_file
from kintone_orm.emulator import DomainFileError, Emulator
from kintone_orm.exceptions import KintoneORMError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["export"]

_PAGE = re.compile(r"/k(?:/guest/(?P<space>[0-9]+))?(?:/(?P<app>[0-9]+))?/?")


def export(
    urls: Annotated[
        list[str],
        typer.Argument(
            metavar="URL...",
            help="The addresses of apps: https://example.cybozu.com/k/12/. Or the address of a "
            "kintone, for all of its apps: https://example.cybozu.com",
        ),
    ],
    records: Annotated[
        bool, typer.Option("--records", help="Write the records, too, but no attachments.")
    ] = False,
    output: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write into this file.  [default: standard output]"),
    ] = None,
) -> None:
    """Write a domain file of apps: forms, processes, permissions, views, and records on request.

    Apps that a lookup or related records name are exported too. The credentials are read from the
    environment: KINTONE_USERNAME and KINTONE_PASSWORD, or KINTONE_API_TOKEN, and the other
    variables of kintone's own tools. Parts that these credentials may not
    read are left out, with a remark.
    """
    base, places = _places(urls)
    try:
        result = export_apps(base, places, records=records)
    except KintoneORMError as error:
        fail(without_secrets(f"{base} cannot be read: {error}"))
    text = json.dumps(result.domain, ensure_ascii=False, indent=2) + "\n"
    if output is None:
        use_utf_8()
        sys.stdout.write(text)
    else:
        _write(Path(output), text)
    for remark in [*result.remarks, *_refusals(result)]:
        print_remark(without_secrets(remark))


def _write(path: Path, text: str) -> None:
    try:
        replace_file(path, text)
    except KintoneORMError as error:
        fail(str(error))


def _places(urls: Sequence[str]) -> tuple[str, list[Place]]:
    """Return the kintone's address, and the apps that the URLs name. Raise typer.BadParameter."""
    bases, places = set(), []
    for url in urls:
        parts = urlsplit(url)
        page = _PAGE.fullmatch(parts.path or "/k")
        if parts.scheme not in ("http", "https") or not parts.netloc or page is None:
            raise typer.BadParameter(
                f"{url!r} is not the address of a kintone or of an app", param_hint="URL"
            )
        bases.add(f"{parts.scheme}://{parts.netloc}")
        space, app = page["space"], page["app"]
        places.append(Place(int(space) if space else None, int(app) if app else None))
    if len(bases) > 1:
        raise typer.BadParameter("all addresses must be of one kintone", param_hint="URL")
    return bases.pop(), places


def _refusals(result: Export) -> list[str]:
    """Return the reasons why the emulator refuses the domain file.

    The emulator lacks some of kintone's features, so it may refuse settings that kintone allows.
    """
    try:
        with closing(Emulator.from_domain(result.domain)):
            return []
    except DomainFileError as error:
        return [f"The emulator refuses this domain file: {problem}" for problem in error.problems]
