"""The interface that the functions of `kintone_orm.api` call: a Connection, or a replacement."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from kintone_orm.deprecation import renamed_names

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Caller", "Id", "Record", "drop_none", "settings_endpoint"]

Id: TypeAlias = "int | str"
"""The id of an app, a record or a comment; or a revision."""
Record: TypeAlias = "Mapping[str, Any]"
"""Field codes mapped to ``{"value": ...}``; in a record that was read, also to a ``"type"``."""


class Caller(Protocol):
    """An object that sends a request and returns the decoded answer."""

    @abstractmethod
    def request(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, object] | None = None,
        *,
        app: Id | None = None,
    ) -> dict[str, Any]:
        """Send `method` to `endpoint`, such as ``records/cursor``, and return the answer."""


def drop_none(**params: object) -> dict[str, Any]:
    """Return the parameters that are not None. To kintone, null is a value."""
    return {name: value for name, value in params.items() if value is not None}


def settings_endpoint(name: str, *, preview: bool) -> str:
    """Return the endpoint of an app's live or preview settings: ``app/views`` for ``views``."""
    return f"preview/app/{name}" if preview else f"app/{name}"


__getattr__ = renamed_names(__name__, {"given": "drop_none"})
