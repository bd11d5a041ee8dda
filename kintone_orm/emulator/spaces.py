"""Guest spaces: apps that are reached under /k/guest/<space>/v1/ only, and who may enter.

Source: kintone REST API overview, "URI" and "Guest spaces".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .errors import fault

if TYPE_CHECKING:
    from .people import User

__all__ = ["GuestSpace", "check_entry", "check_place"]


class GuestSpace(NamedTuple):
    """The ids of a guest space and of its thread: what Add App is told as `space`, `thread`."""

    id: int
    thread: int


def check_entry(space: GuestSpace | None, path: int | None, user: User) -> None:
    """Raise what a request is told whose path is that of a guest space, or of none.

    `space` is the one behind `path`, if there is one: OC_NO01 otherwise. CB_NO02 for a guest who
    is not in it, or outside of every guest space.
    """
    if path is not None and space is None:
        raise fault("OC_NO01", id=path)
    if user.guest_of is not None and path not in user.guest_of:
        raise fault("CB_NO02")


def check_place(app: int | None, path: int | None) -> None:
    """Raise GAIA_IL23 or CB_NO02 when an app's guest space is not the one of the path."""
    if app is not None and path is None:
        raise fault("GAIA_IL23")
    if app != path:
        raise fault("CB_NO02")
