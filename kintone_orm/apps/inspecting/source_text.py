"""Python source in the layout of ruff's formatter, at a line length of 100 columns."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TypeAlias

from kintone_orm.apps.inspecting.identifiers import display_width

__all__ = [
    "LINE_LENGTH",
    "Brackets",
    "Expression",
    "argument",
    "assignment",
    "call",
    "comment",
    "dict_of",
    "list_of",
    "string",
    "tuple_of",
    "visible",
    "wrap",
]

LINE_LENGTH = 100
INDENT = "    "

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Characters that an editor does not show: controls, surrogates, private ones, and separators
# except the two that Japanese texts use.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs")
_SEEN_BLANKS = " \u3000"


@dataclass(frozen=True, slots=True)
class Brackets:
    """Expressions in brackets, such as a call or a list.

    The formatter puts the arguments of a call on a line of their own if they fit there; the items
    of a collection get a line each.
    """

    opening: str
    items: tuple[tuple[str, Expression], ...]  # each with the text before it, such as "key="
    closing: str
    is_call: bool = False


Expression: TypeAlias = "str | Brackets"
"""An expression: a text without a line break, or brackets."""

_Items: TypeAlias = "tuple[tuple[str, Expression], ...]"


def argument(name: str, value: Expression) -> tuple[str, Expression]:
    """Return an argument of a call by keyword."""
    return f"{name}=", value


def call(function: str, *arguments: Expression | tuple[str, Expression]) -> Brackets:
    """Return a call with positional and keyword arguments."""
    items: _Items = tuple(item if isinstance(item, tuple) else ("", item) for item in arguments)
    return Brackets(f"{function}(", items, ")", is_call=True)


def list_of(items: list[Expression]) -> Brackets:
    """Return a list."""
    return Brackets("[", tuple(("", item) for item in items), "]")


def tuple_of(items: list[Expression]) -> Brackets:
    """Return a tuple."""
    return Brackets("(", tuple(("", item) for item in items), ")")


def dict_of(items: dict[str, Expression]) -> Brackets:
    """Return a dict with text keys."""
    return Brackets("{", tuple((f"{string(key)}: ", value) for key, value in items.items()), "}")


def string(text: str) -> str:
    """Return a string literal on one line, in the quotes that the formatter prefers."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_escaped(character, quote) for character in text) + quote


def assignment(name: str, value: Expression, indent: str) -> list[str]:
    """Return the lines of an assignment."""
    first = f"{indent}{name} = "
    flat = first + _flat(value)
    if display_width(flat) <= LINE_LENGTH:
        return [flat]
    can_split = isinstance(value, Brackets) and bool(value.items)
    if isinstance(value, Brackets) and can_split:
        if display_width(first + value.opening) <= LINE_LENGTH:
            lines = _layout(value, first, indent, "")
        else:
            lines = _split_type(value, first, indent)
    elif display_width(f"{indent}{INDENT}{_flat(value)}") <= LINE_LENGTH:
        lines = [f"{first}(", f"{indent}{INDENT}{_flat(value)}", f"{indent})"]
    else:
        lines = [flat]
    return [_tolerated(line) for line in lines]


def comment(text: str, indent: str) -> list[str]:
    """Return the lines of a comment."""
    return [f"{indent}# {line}" for line in wrap(text, LINE_LENGTH - len(indent) - 2)]


def visible(text: str) -> str:
    """Return the text with blanks instead of controls and other characters that have no shape."""
    return "".join(" " if unicodedata.category(one)[0] == "C" else one for one in text)


def wrap(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` columns, broken at a blank if there is one."""
    lines = []
    rest = " ".join(visible(text).split())
    while display_width(rest) > width:
        end = len(rest)
        while display_width(rest[:end]) > width:
            end -= 1
        blank = rest.rfind(" ", 0, end + 1)
        # A text without blanks, as in Japanese, is broken anywhere.
        end = blank if blank > end // 2 else end
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*lines, rest]


def _flat(value: Expression) -> str:
    if isinstance(value, str):
        return value
    items = ", ".join(prefix + _flat(item) for prefix, item in value.items)
    is_single = value.opening == "(" and not value.is_call and len(value.items) == 1
    comma = "," if is_single else ""
    return f"{value.opening}{items}{comma}{value.closing}"


def _layout(value: Expression, first: str, indent: str, last: str) -> list[str]:
    """Return the lines of a value between `first`, on its first line, and `last`."""
    flat = first + _flat(value) + last
    if isinstance(value, str) or not value.items or display_width(flat) <= LINE_LENGTH:
        return [flat]
    inner = indent + INDENT
    lines = [first + value.opening]
    together = inner + ", ".join(prefix + _flat(item) for prefix, item in value.items)
    if value.is_call and display_width(together) <= LINE_LENGTH:
        lines.append(together)
    else:
        comma = "" if value.is_call and len(value.items) == 1 else ","
        for prefix, item in value.items:
            lines += _layout(item, inner + prefix, inner, comma)
    return [*lines, indent + value.closing + last]


def _split_type(value: Brackets, first: str, indent: str) -> list[str]:
    """Return the lines of a call such as f["Type"](...) whose opening is longer than a line."""
    function, bracket, type_ = value.opening.removesuffix("(").partition("[")
    if not bracket:
        flat = f"{indent}{INDENT}{_flat(value)}"
        if display_width(flat) <= LINE_LENGTH:
            return [f"{first}(", flat, f"{indent})"]
        return _layout(value, first, indent, "")
    lines = [f"{first}{function}[", f"{indent}{INDENT}{type_.removesuffix(']')}"]
    return lines + _layout(Brackets("(", value.items, ")", is_call=True), f"{indent}]", indent, "")


def _tolerated(line: str) -> str:
    """Return the line with a remark for linters if it is too long and cannot be broken."""
    return line if display_width(line) <= LINE_LENGTH else f"{line}  # noqa: E501"


def _escaped(character: str, quote: str) -> str:
    if character == quote:
        return f"\\{quote}"
    if character in _ESCAPES:
        return _ESCAPES[character]
    if unicodedata.category(character) in _UNSEEN and character not in _SEEN_BLANKS:
        return ascii(character)[1:-1]
    return character
