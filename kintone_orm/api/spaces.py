"""Spaces, which group apps and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kintone_orm.api.caller import Caller, Id

__all__ = ["get_space"]


def get_space(caller: Caller, *, id: Id) -> dict[str, Any]:  # noqa: A002 - kintone's name
    """Return one space: ``{"id", "name", "defaultThread", "isGuest", "attachedApps", ...}``.

    Needs a password, and for a guest space a connection to it.
    Source: "kintone REST API: Get Space".
    """
    return caller.request("GET", "space", {"id": id})
