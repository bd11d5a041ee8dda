"""An overview of an emulator for people: its apps and latest requests, without secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..ground.choices import SYSTEM_FIELDS
from ..settings.apps import definitions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..settings.apps import App
    from ..settings.domain import Domain
    from .journal import Exchange, Journal

__all__ = ["AppOverview", "Overview", "overview_of"]


_BUILT_IN = frozenset(kind for kind, *_ in SYSTEM_FIELDS)


@dataclass(frozen=True, slots=True)
class AppOverview:
    """An app: its record count, and its fields as (code, type, label), built-in fields last."""

    id: int
    name: str
    deployed: bool
    fields: tuple[tuple[str, str, str], ...]
    records: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The apps by id, and the latest requests, the newest first."""

    apps: tuple[AppOverview, ...]
    exchanges: Sequence[Exchange]


def overview_of(domain: Domain, journal: Journal) -> Overview:
    """Return the current overview. The caller holds the domain's lock."""
    apps = tuple(_app(app, domain.store.count_records(app["id"])) for app in domain.apps())
    return Overview(apps, journal.latest())


def _app(app: App, records: int) -> AppOverview:
    settings = app["live"] or app["preview"]
    fields = [
        (code, definition["type"], definition.get("label", ""))
        for code, definition in definitions(settings["properties"])
    ]
    return AppOverview(
        id=app["id"],
        name=settings["general"]["name"],
        deployed=app["live"] is not None,
        fields=tuple(sorted(fields, key=lambda field: field[1] in _BUILT_IN)),
        records=records,
    )
