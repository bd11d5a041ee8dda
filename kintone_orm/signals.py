"""Signals: Django's `pre_save`, `post_save`, `pre_delete` and `post_delete`.

A receiver is called as ``receiver(sender=City, instance=city, using="default", ...)`` by `save()`
and `delete()` of one record. What writes many records at once (`bulk_create`, `update`, `delete`
of a queryset) sends none, as in Django. What a receiver raises is raised: before the request it
keeps the record from being written, after it the record is written all the same.

`pre_save` and `post_save` come with `raw` (always False) and `update_fields` (a frozenset of names,
or None), `post_save` also with `created`; `pre_delete` and `post_delete` with `origin`. A save
that has nothing to send sends `pre_save`, whose receivers may change the record, but no
`post_save`.
"""

from __future__ import annotations

import inspect
import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from typing import TypeAlias

    Receiver: TypeAlias = Callable[..., Any]

__all__ = ["Signal", "post_delete", "post_save", "pre_delete", "pre_save", "receiver"]

R = TypeVar("R", bound="Receiver")


@dataclass(frozen=True, slots=True)
class _Connected:
    key: Hashable  # who connects again under the same key and sender changes nothing
    receiver: Callable[[], Receiver | None]
    sender: Callable[[], type | None] | None  # None: whoever sends

    @property
    def alive(self) -> bool:
        return self.receiver() is not None and (self.sender is None or self.sender() is not None)

    def hears(self, sender: type) -> bool:
        return self.sender is None or self.sender() is sender

    def is_same(self, key: Hashable, sender: type | None) -> bool:
        if self.sender is None or sender is None:
            return self.key == key and self.sender is sender
        return self.key == key and self.sender() is sender


class Signal:
    """Something that happens, and the functions that are called when it does: Django's Signal."""

    def __init__(self) -> None:
        self._connected: tuple[_Connected, ...] = ()  # replaced, never changed: `send` has no lock
        self._lock = threading.Lock()

    def connect(
        self,
        receiver: Receiver,
        sender: type | None = None,
        weak: bool = True,
        dispatch_uid: Hashable | None = None,
    ) -> None:
        """Call `receiver` whenever `sender`, a model, or without it any model, sends the signal.

        It is kept by a weak reference unless ``weak=False``: a function inside a function, or a
        lambda, is gone at once. It must take any keyword argument, and is connected once,
        however often it is given; a `dispatch_uid` stands for it. ValueError, TypeError.
        """
        if not callable(receiver) or not (sender is None or isinstance(sender, type)):
            raise TypeError("connect() takes a function, and as the sender a model's class.")
        if not _takes_any_keyword(receiver):
            raise ValueError(f"{receiver!r} must take any keyword argument: add **kwargs.")
        new = _Connected(
            _key(receiver, dispatch_uid),
            _weakly(receiver) if weak else lambda: receiver,
            None if sender is None else weakref.ref(sender),
        )
        with self._lock:
            living = tuple(each for each in self._connected if each.alive)
            known = any(each.is_same(new.key, sender) for each in living)
            self._connected = living if known else (*living, new)

    def disconnect(
        self,
        receiver: Receiver | None = None,
        sender: type | None = None,
        dispatch_uid: Hashable | None = None,
    ) -> bool:
        """Whether it was connected; from now on it is not. Give what `connect` was given."""
        key = _key(receiver, dispatch_uid)
        with self._lock:
            living = tuple(each for each in self._connected if each.alive)
            self._connected = tuple(each for each in living if not each.is_same(key, sender))
            return len(self._connected) < len(living)

    def has_listeners(self, sender: type) -> bool:
        """Whether a receiver would be called if `sender` sent the signal."""
        return any(each.alive and each.hears(sender) for each in self._connected)

    def send(self, sender: type, **named: Any) -> list[tuple[Receiver, Any]]:
        """What each receiver answered, called in the order of connecting."""
        return [
            (receiver, receiver(signal=self, sender=sender, **named))
            for each in self._connected
            if each.hears(sender) and (receiver := each.receiver()) is not None
        ]


pre_save = Signal()
"""A record is about to be saved; its values may still be changed."""

post_save = Signal()
"""A record was saved."""

pre_delete = Signal()
"""A record is about to be deleted."""

post_delete = Signal()
"""A record was deleted; the instance still has its id, until the receivers are done."""


def receiver(signal: Signal | Iterable[Signal], **options: Any) -> Callable[[R], R]:
    """A decorator that connects a function to one signal or to several; options as `connect`."""

    def connected(function: R) -> R:
        for each in [signal] if isinstance(signal, Signal) else signal:
            each.connect(function, **options)
        return function

    return connected


def _key(receiver: Receiver | None, dispatch_uid: Hashable | None) -> Hashable:
    if dispatch_uid is not None:
        return ("uid", dispatch_uid)
    owner = getattr(receiver, "__self__", None)
    return id(receiver) if owner is None else (id(owner), id(getattr(receiver, "__func__", None)))


def _weakly(receiver: Receiver) -> Callable[[], Receiver | None]:
    return weakref.WeakMethod(receiver) if inspect.ismethod(receiver) else weakref.ref(receiver)


def _takes_any_keyword(receiver: Receiver) -> bool:
    parameters = inspect.signature(receiver).parameters.values()
    return any(each.kind is each.VAR_KEYWORD for each in parameters)
