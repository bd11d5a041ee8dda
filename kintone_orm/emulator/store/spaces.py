"""Spaces and guest spaces, which group apps. Source: kintone REST API, "Get Space"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .store import Store

__all__ = ["Space", "create_space"]


class Space(NamedTuple):
    """A space: its id and the id of its thread, which Add App takes as `space` and `thread`."""

    id: int
    thread: int
    guest: bool = False
    name: str = ""

    @property
    def path(self) -> int | None:
        """The id in the path of requests to a guest space's apps; None for an ordinary space."""
        return self.id if self.guest else None


def create_space(store: Store, *, name: str, guest: bool, number: int | None = None) -> Space:
    """Create a space with a thread. The id of the space is `number`, or the next free id.

    Raises ValueError if another space has that id.
    """
    if number is None:
        (number,) = store.take_numbers("space", 1)
    elif store.space(number) is not None:
        raise ValueError(f"There is already a space {number}.")
    store.pass_number("space", number)
    (thread,) = store.take_numbers("thread", 1)
    space = Space(number, thread, guest, name or f"Space {number}")
    store.put_space(space)
    return space
