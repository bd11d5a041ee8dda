"""kintone-orm demo: show the ORM at work on real data, in a local kintone."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from kintone_orm.cli.serving import serve_until_stopped
from kintone_orm.cli.terminal import open_console
from kintone_orm.connection import connect, override
from kintone_orm.demo.tour import show
from kintone_orm.emulator import Emulator

__all__ = ["demo"]


def demo(
    limit: Annotated[
        int | None,
        typer.Option(min=100, metavar="N", help="Only the N largest cities.  [default: all]"),
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Leave the emulator running, with the data in it.")
    ] = False,
) -> None:
    """Load real data into a local kintone and show typical queries with their costs."""
    console = open_console()
    with closing(Emulator()) as emulator:
        username, password = emulator.credentials
        connection = connect(
            "https://kintone.invalid",
            username=username,
            password=password,
            alias="demo",
            adapter=emulator.adapter(),
        )
        with override(connection):
            show(console, connection, limit=limit)
        if serve:
            console.rule("The same kintone, over HTTP", align="left")
            serve_until_stopped(emulator, port=0, console=console, apps=connection.apps)
