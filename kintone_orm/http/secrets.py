"""Passwords, tokens and the headers made from them: texts that no output shows by accident.

pytest, debuggers and error reporters show local variables, and objects show their attributes. All
of them call `repr()`, so the repr of a secret is the same for every text.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["MASK", "Secret", "SecretFunction", "encode_login", "hide", "join_tokens"]

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

    The keys of a mapping stay readable. Other collections become tuples. A function that returns a
    text gets a masked repr. A value of another type is returned as it is.
    """
    if isinstance(argument, str):
        return Secret(argument)
    if isinstance(argument, Mapping):
        return {key: hide(value) for key, value in argument.items()}
    if isinstance(argument, (Sequence, Set)) and not isinstance(argument, bytes):
        return tuple(map(hide, argument))
    if callable(argument):
        return SecretFunction(argument)
    return argument


def encode_login(login: tuple[str, str]) -> Secret:
    """Return the base64 of ``user:password`` in UTF-8, as the headers of kintone need it."""
    return Secret(b64encode(":".join(login).encode()).decode("ascii"))


def join_tokens(tokens: Iterable[str]) -> Secret:
    """Return the tokens separated by commas."""
    return Secret(",".join(tokens))
