"""Spaces, in which apps may live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kintone_orm.api.caller import Caller, Id

__all__ = ["get_space"]


def get_space(caller: Caller, *, id: Id) -> dict[str, Any]:  # noqa: A002 - kintone's name
    """One space: ``{"id", "name", "defaultThread", "isGuest", "attachedApps", ...}``.

    A guest space is asked for through a connection to it. A password is needed.
    Source: "kintone REST API: Get Space".
    """
    return caller.request("GET", "space", {"id": id})
