"""The names of the models that use the apps of a connection, for log lines and wrappers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.http.apps_named import apps_named

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ModelNames"]


class ModelNames:
    """The names of models by app. Threads may share it."""

    def __init__(self) -> None:
        self._by_app: dict[object, str] = {}

    def add(self, app: int, name: str) -> None:
        """Remember that the model uses the app. The names of several models are joined."""
        known = self._by_app.get(app)
        if known == name:
            return
        names = {name, *(known or name).split(", ")}
        self._by_app[app] = self._by_app[str(app)] = ", ".join(sorted(names))

    def of_request(self, endpoint: str, params: Mapping[str, Any], app: int | str | None) -> str:
        """Return the name of the model whose app a request is about; "" if it is unknown.

        The names for several apps, as in a bulkRequest, are joined.
        """
        names = set(map(self._of_app, apps_named(endpoint, params, app)))
        return ", ".join(sorted(names - {""}))

    def _of_app(self, app: object) -> str:
        # Below the models, a program may send any value. kintone refuses it then.
        return self._by_app.get(app, "") if isinstance(app, (int, str)) else ""
