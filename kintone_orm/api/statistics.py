"""The statistics of the domain's apps: records, fields, requests of the day, storage.

Only domains of kintone's Wide Course have this endpoint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.limits import APPS_PER_PAGE

if TYPE_CHECKING:
    from kintone_orm.api.caller import Caller

__all__ = ["get_app_statistics"]


def get_app_statistics(
    caller: Caller, *, limit: int = APPS_PER_PAGE, offset: int = 0
) -> dict[str, Any]:
    """Return a page of the apps that the user manages, deployed or not: ``{"apps": [...]}``.

    An app is ``{"id", "name", "space", "status", "recordCount", "fieldCount", "dailyRequestCount",
    "storageUsage", "recordUpdatedAt", "createdAt", "creator", ...}``. Counts are text, and
    ``storageUsage`` counts bytes. ``space`` is None for an app outside spaces. `limit` is 1 to 100.
    The answer has no count: if a page is full, read the next one with `offset`. Needs a password.
    Source: "kintone REST API: Get App Statistics".
    """
    if not 1 <= limit <= APPS_PER_PAGE:
        message = (
            f"'limit' is {limit}, but a page has 1 to {APPS_PER_PAGE} apps. "
            "Use 'offset' to read on."
        )
        raise ValueError(message)
    return caller.request("GET", "apps/statistics", {"limit": limit, "offset": offset})
