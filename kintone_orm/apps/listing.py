"""The apps of a domain, as kintone lists them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_apps
from kintone_orm.limits import APPS_PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.connection import Connection

__all__ = ["list_apps"]


def list_apps(
    connection: Connection, *, name: str | None = None, space: int | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the apps that the user may see, as "kintone REST API: Get Apps" describes them.

    `name` matches a part of the name in any letter case. `space` is the id of a space. A request
    returns a hundred apps. Apps in guest spaces are included, but they can only be read over a
    connection to their guest space.
    """
    spaces = None if space is None else [space]
    for offset in itertools.count(0, APPS_PER_PAGE):
        page = get_apps(
            checked(connection), name=name, space_ids=spaces, limit=APPS_PER_PAGE, offset=offset
        )["apps"]
        yield from page
        if len(page) < APPS_PER_PAGE:
            return
