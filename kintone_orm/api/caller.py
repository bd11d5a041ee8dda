"""What the functions of this package call: a Connection, or anything that can do the same."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Caller", "Id", "Record", "given", "settings_endpoint"]

Id: TypeAlias = "int | str"
"""The id of an app, a record, a comment; or a revision."""
Record: TypeAlias = "Mapping[str, Any]"
"""Field codes to ``{"value": ...}``; what is read also has a ``"type"``."""


class Caller(Protocol):
    """Sends one request and returns the decoded answer."""

    @abstractmethod
    def request(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, Any] | None = None,
        *,
        app: Id | None = None,
    ) -> dict[str, Any]:
        """The answer to `method` on `endpoint`, such as ``records/cursor``."""


def given(**params: Any) -> dict[str, Any]:
    """The parameters without those that are None: kintone tells "absent" from null."""
    return {name: value for name, value in params.items() if value is not None}


def settings_endpoint(name: str, *, preview: bool) -> str:
    """``app/views`` for ``views``: in service, or as the next deploy puts them in service."""
    return f"preview/app/{name}" if preview else f"app/{name}"
