"""The apps that a request names. Credentials, counts and log lines depend on them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kintone_orm.http.messages import Request

__all__ = ["apps_named", "apps_touched", "endpoint_of"]


@lru_cache(maxsize=256)
def endpoint_of(path: str) -> str:
    """Return ``records/cursor`` for ``/k/v1/records/cursor.json``, in guest spaces too."""
    return path.partition("/v1/")[2].removesuffix(".json")


def apps_named(endpoint: str, params: Mapping[str, Any], app: object) -> list[object]:
    """Return the app of a request, or of each request inside a bulkRequest.

    An app is a key or an id, or None if the parameters do not name it. `app` stands for it then.
    """
    if endpoint == "bulkRequest":
        return [inner.get("payload", {}).get("app") for inner in params.get("requests", ())]
    if endpoint == "app":
        return [params.get("id")]
    if "apps" in params:  # a deploy, or its progress
        return [
            deployed.get("app") if isinstance(deployed, Mapping) else deployed
            for deployed in params["apps"]
        ]
    return [params.get("app", app)]


def apps_touched(request: Request) -> set[str]:
    """Return the keys, and the ids as text, of the apps that the request is about."""
    named = (request.app, *apps_named(endpoint_of(request.path), request.params, None))
    return {str(app) for app in named if isinstance(app, (int, str))}
