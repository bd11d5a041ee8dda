"""Spaces: where apps are kept together; and guest spaces, reached under /k/guest/<space>/v1/ only.

Source: kintone REST API overview, "URI" and "Guest spaces"; "Get Space".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..ground.errors import fault

if TYPE_CHECKING:
    from ..requests.authentication import Caller
    from ..settings.domain import Domain

__all__ = ["Space", "check_entry", "check_place", "new_space"]


class Space(NamedTuple):
    """The ids of a space and of its thread: what Add App is told as `space`, `thread`."""

    id: int
    thread: int
    guest: bool = False
    name: str = ""

    @property
    def path(self) -> int | None:
        """The id that the path of its apps has; None for an ordinary space, which has none."""
        return self.id if self.guest else None


def new_space(domain: Domain, *, name: str, guest: bool, number: int | None = None) -> Space:
    """A new space with a thread, kept; `number` is its id, the next one without.

    ValueError when another space has that id.
    """
    store = domain.store
    if number is None:
        (number,) = store.take_numbers("space", 1)
    elif store.space(number) is not None:
        raise ValueError(f"there is a space {number} already")
    store.pass_number("space", number)
    (thread,) = store.take_numbers("thread", 1)
    space = Space(number, thread, guest, name or f"Space {number}")
    store.put_space(space)
    return space


def check_entry(space: Space | None, path: int | None, caller: Caller) -> None:
    """Raise what a request is told whose path is that of a guest space, or of none.

    `space` is the one behind `path`, if there is one: OC_NO01 otherwise, or CB_NO02 for API tokens.
    CB_NO02 for a guest who is not in it, or outside of every guest space.
    """
    if path is not None and space is None:
        raise fault("OC_NO01", id=path) if caller.rights is None else fault("CB_NO02")
    user = caller.user
    if user.guest_of is not None and path not in user.guest_of:
        raise fault("CB_NO02")


def check_place(app: int | None, path: int | None) -> None:
    """Raise GAIA_IL23 or CB_NO02 when an app's guest space is not the one of the path."""
    if app is not None and path is None:
        raise fault("GAIA_IL23")
    if app != path:
        raise fault("CB_NO02")
