"""Passwords, tokens and the headers made from them: texts that no output shows by accident.

pytest, debuggers and error reporters show local variables, and objects show their attributes. All
of them call `repr()`, so the repr of a secret is the same for every text.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, NoReturn, SupportsIndex, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "MASK",
    "Secret",
    "SecretFunction",
    "Unusable",
    "encode_login",
    "hide",
    "join_tokens",
    "type_of_hidden",
]

MASK = "<secret>"
"""The repr of every secret."""

T = TypeVar("T")


class Secret(str):
    """A text with a masked repr. It equals its text, and libraries can send it as a text.

    A copy is the secret itself. Pickling raises TypeError.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return MASK

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Secret:
        return self

    def __getitem__(self, key: SupportsIndex | slice[Any, Any, Any]) -> Secret:
        """Return a part of the secret, as a secret: some tools show the beginning of long texts."""
        return Secret(super().__getitem__(key))

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A secret cannot be pickled: the pickle would show it.")


class SecretFunction:
    """A function with a masked repr: that of a partial function shows its arguments."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function

    def __call__(self) -> object:
        """Call the function, and return what it returns."""
        return self._function()

    def __repr__(self) -> str:
        return MASK


class Unusable:
    """The type of an argument that must be a text and is not. The value is left out.

    It may be a password all the same: configuration files have numbers, and sockets bytes.
    """

    __slots__ = ("type_name",)

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def __repr__(self) -> str:
        return MASK


# The functions below name no intermediate result, because their local variables are shown if they
# fail.


@overload
def hide(argument: str) -> Secret: ...
@overload
def hide(argument: str | None) -> Secret | None: ...
@overload
def hide(argument: T) -> T: ...
def hide(argument: Any) -> Any:
    """Return the argument with all its texts as secrets.

    In a mapping, the key of a text stays readable; another key may be a secret in the wrong place.
    Sets become frozensets, and other collections tuples. A function that returns a text gets a
    masked repr. None is returned as it is, and the value of another type is left out.
    """
    if isinstance(argument, str):
        return Secret(argument)
    if isinstance(argument, Mapping):
        return {
            key if isinstance(value, str) else hide(key): hide(value)
            for key, value in argument.items()
        }
    if isinstance(argument, Set):
        return frozenset(map(hide, argument))
    if isinstance(argument, Sequence) and not isinstance(argument, (bytes, bytearray, memoryview)):
        return tuple(map(hide, argument))
    if callable(argument):
        return SecretFunction(argument)
    if argument is None or isinstance(argument, Unusable):
        return argument
    return Unusable(type(argument).__name__)


def type_of_hidden(argument: object) -> str:
    """Return the name of the type of an argument that `hide` has returned."""
    if isinstance(argument, Unusable):
        return argument.type_name
    return "function" if isinstance(argument, SecretFunction) else type(argument).__name__


def encode_login(login: tuple[str, str]) -> Secret:
    """Return the base64 of ``user:password`` in UTF-8, as the headers of kintone need it."""
    return Secret(b64encode(":".join(login).encode()).decode("ascii"))


def join_tokens(tokens: Iterable[str]) -> Secret:
    """Return the tokens separated by commas."""
    return Secret(",".join(tokens))
