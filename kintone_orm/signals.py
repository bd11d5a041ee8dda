"""Signals: Django's `pre_save`, `post_save`, `pre_delete` and `post_delete`.

`save()` and `delete()` of one record call each receiver as
``receiver(sender=City, instance=city, using="default", ...)``. Writes of many records
(`bulk_create`, `update`, `delete` of a queryset) send no signals, as in Django.

An exception of a receiver is raised to the caller. Before the request, it prevents the write. After
the request, it does not undo the write.

`pre_save` and `post_save` pass `raw` (always False) and `update_fields` (a frozenset of names, or
None). `post_save` also passes `created`; `pre_delete` and `post_delete` pass `origin`. A save
without changes sends `pre_save`, whose receivers may change the record, but no `post_save`.
"""

from __future__ import annotations

import inspect
import threading
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from typing import TypeAlias

    Receiver: TypeAlias = Callable[..., Any]

__all__ = ["Signal", "post_delete", "post_save", "pre_delete", "pre_save", "receiver"]

R = TypeVar("R", bound="Receiver")


class _ConnectedReceiver(NamedTuple):
    key: Hashable  # no two connected receivers have the same key and sender
    receiver: Callable[[], Receiver | None]
    sender: Callable[[], type | None] | None  # None stands for any sender

    @property
    def is_alive(self) -> bool:
        return self.receiver() is not None and (self.sender is None or self.sender() is not None)

    def is_for(self, sender: type) -> bool:
        return self.sender is None or self.sender() is sender

    def is_same(self, key: Hashable, sender: type | None) -> bool:
        if self.sender is None or sender is None:
            return self.key == key and self.sender is sender
        return self.key == key and self.sender() is sender


class Signal:
    """An event, and the functions to call when it occurs: Django's Signal."""

    def __init__(self) -> None:
        # A change makes a new tuple, because `send` reads the current tuple without the lock.
        self._connections: tuple[_ConnectedReceiver, ...] = ()
        self._lock = threading.Lock()

    def connect(
        self,
        receiver: Receiver,
        sender: type | None = None,
        weak: bool = True,
        dispatch_uid: Hashable | None = None,
    ) -> None:
        """Call `receiver` when the model `sender`, by default any model, sends the signal.

        The signal keeps only a weak reference, so that a lambda or a nested function disappears at
        once. With ``weak=False``, it keeps the receiver. Connecting a receiver again has no effect.
        `dispatch_uid` identifies the receiver instead of its own identity. TypeError if `receiver`
        is not callable or `sender` is not a class. ValueError if `receiver` does not accept every
        keyword argument.
        """
        if not callable(receiver) or not (sender is None or isinstance(sender, type)):
            raise TypeError("connect() needs a function, and a model or None as the sender.")
        if not _takes_any_keyword(receiver):
            raise ValueError(
                f"{receiver!r} must accept every keyword argument. Add **kwargs to it."
            )
        new = _ConnectedReceiver(
            _key(receiver, dispatch_uid),
            _weakly(receiver) if weak else lambda: receiver,
            None if sender is None else weakref.ref(sender),
        )
        with self._lock:
            living = tuple(known for known in self._connections if known.is_alive)
            is_known = any(known.is_same(new.key, sender) for known in living)
            self._connections = living if is_known else (*living, new)

    def disconnect(
        self,
        receiver: Receiver | None = None,
        sender: type | None = None,
        dispatch_uid: Hashable | None = None,
    ) -> bool:
        """Disconnect the receiver and return True if it was connected.

        Pass the same arguments as to `connect`.
        """
        key = _key(receiver, dispatch_uid)
        with self._lock:
            living = tuple(known for known in self._connections if known.is_alive)
            self._connections = tuple(known for known in living if not known.is_same(key, sender))
            return len(self._connections) < len(living)

    def has_listeners(self, sender: type) -> bool:
        """Return True if a receiver is connected for `sender`."""
        return any(known.is_alive and known.is_for(sender) for known in self._connections)

    def send(self, sender: type, **named: object) -> list[tuple[Receiver, Any]]:
        """Call the receivers in the order of their connection. Return (receiver, result) pairs."""
        return [
            (receiver, receiver(signal=self, sender=sender, **named))
            for known in self._connections
            if known.is_for(sender) and (receiver := known.receiver()) is not None
        ]


pre_save = Signal()
"""Sent before a record is saved. Receivers may change its values."""

post_save = Signal()
"""Sent after a record was saved."""

pre_delete = Signal()
"""Sent before a record is deleted."""

post_delete = Signal()
"""Sent after a record was deleted. The instance keeps its id until the receivers return."""


def receiver(signal: Signal | Iterable[Signal], **options: Any) -> Callable[[R], R]:
    """Connect the decorated function to the signals. `options` are those of `connect`."""

    def connect(function: R) -> R:
        for one in [signal] if isinstance(signal, Signal) else signal:
            one.connect(function, **options)
        return function

    return connect


def _key(receiver: Receiver | None, dispatch_uid: Hashable | None) -> Hashable:
    if dispatch_uid is not None:
        return ("uid", dispatch_uid)
    owner = getattr(receiver, "__self__", None)
    return id(receiver) if owner is None else (id(owner), id(getattr(receiver, "__func__", None)))


def _weakly(receiver: Receiver) -> Callable[[], Receiver | None]:
    return weakref.WeakMethod(receiver) if inspect.ismethod(receiver) else weakref.ref(receiver)


def _takes_any_keyword(receiver: Receiver) -> bool:
    parameters = inspect.signature(receiver).parameters.values()
    return any(one.kind is one.VAR_KEYWORD for one in parameters)
