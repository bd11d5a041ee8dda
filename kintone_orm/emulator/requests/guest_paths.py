"""Paths of guest spaces: /k/guest/<space>/v1/ leads to the apps of that space only.

Source: kintone REST API overview, "URI" and "Guest spaces".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ground.errors import fault

if TYPE_CHECKING:
    from ..store.spaces import Space
    from .authentication import Caller

__all__ = ["check_entry", "check_place"]


def check_entry(space: Space | None, path: int | None, caller: Caller) -> None:
    """Check that the caller may use this path: the path of a guest space, or one without a space.

    `path` is the id in the path and `space` the guest space with this id. Raises OC_NO01 if there
    is no such space (CB_NO02 for a caller with API tokens). Raises CB_NO02 if a guest is not a
    member of the space, or uses the path without a space.
    """
    if path is not None and space is None:
        raise fault("OC_NO01", id=path) if caller.rights is None else fault("CB_NO02")
    user = caller.user
    if user.guest_of is not None and path not in user.guest_of:
        raise fault("CB_NO02")


def check_place(app: int | None, path: int | None) -> None:
    """Raise GAIA_IL23 or CB_NO02 if the app's guest space is not the one in the path."""
    if app is not None and path is None:
        raise fault("GAIA_IL23")
    if app != path:
        raise fault("CB_NO02")
