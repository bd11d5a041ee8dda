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
    "Text",
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
class Text:
    """A string literal. It is written in pieces if it is longer than a line."""

    text: str


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


Expression: TypeAlias = "str | Text | Brackets"
"""An expression: Python source without a line break, a string literal, or brackets."""

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
    opening = value.opening if isinstance(value, Brackets) else ""
    if display_width(first + opening) > LINE_LENGTH:
        return _split_type(value, first, indent)
    return _layout(value, first, indent, "")


def comment(text: str, indent: str) -> list[str]:
    """Return the lines of a comment."""
    return [f"{indent}# {line}" for line in wrap(text, LINE_LENGTH - len(indent) - 2)]


def visible(text: str) -> str:
    """Return the text with blanks instead of controls and other characters that have no shape."""
    return "".join(" " if unicodedata.category(one)[0] == "C" else one for one in text)


def wrap(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` columns, broken at a blank if there is one.

    Characters that an editor does not show become blanks.
    """
    lines = []
    rest = " ".join(visible(text).split())
    while (end := _fitting(rest, width)) < len(rest):
        blank = rest.rfind(" ", 0, end + 1)
        # A text without blanks, as in Japanese, is broken anywhere.
        end = blank if blank > end // 2 else end
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*lines, rest]


def _fitting(text: str, width: int, *, in_quotes: bool = False) -> int:
    """Return how many characters of a text fit into so many columns, also as a string literal."""
    columns = 0
    quotes = dict.fromkeys("\"'", 0)
    for index, character in enumerate(text):
        if in_quotes and character in quotes:
            quotes[character] += 1
        # A literal is in the quotes that it has fewer of, and escapes those.
        columns += display_width(_escaped(character, "") if in_quotes else character)
        if columns + min(quotes.values()) > width:
            return index
    return len(text)


def _flat(value: Expression) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Text):
        return string(value.text)
    items = ", ".join(prefix + _flat(item) for prefix, item in value.items)
    is_single = value.opening == "(" and not value.is_call and len(value.items) == 1
    comma = "," if is_single else ""
    return f"{value.opening}{items}{comma}{value.closing}"


def _layout(value: Expression, first: str, indent: str, last: str) -> list[str]:
    """Return the lines of a value between `first`, on its first line, and `last`."""
    flat = first + _flat(value) + last
    if isinstance(value, str) or display_width(flat) <= LINE_LENGTH:
        return [flat]
    inner = indent + INDENT
    if isinstance(value, Text):
        return [f"{first}(", *_pieces(value.text, inner), f"{indent}){last}"]
    if not value.items:
        return [flat]
    lines = [first + value.opening]
    together = inner + ", ".join(prefix + _flat(item) for prefix, item in value.items)
    prefix, only = value.items[0]
    is_alone = value.is_call and len(value.items) == 1
    if value.is_call and display_width(together) <= LINE_LENGTH:
        lines.append(together)
    elif is_alone and isinstance(only, Text) and not prefix:
        lines += _pieces(only.text, inner)
    else:
        comma = "" if is_alone else ","
        for prefix, item in value.items:
            lines += _layout(item, inner + prefix, inner, comma)
    return [*lines, indent + value.closing + last]


def _split_type(value: Expression, first: str, indent: str) -> list[str]:
    """Return the lines of a call such as f["Type"](...) whose opening is longer than a line."""
    flat = f"{indent}{INDENT}{_flat(value)}"
    if isinstance(value, Brackets) and "[" in value.opening:
        function, _, type_ = value.opening.removesuffix("](").partition("[")
        lines = [f"{first}{function}[", f"{indent}{INDENT}{type_}"]
        arguments = Brackets("(", value.items, ")", is_call=True)
        return lines + _layout(arguments, f"{indent}]", indent, "")
    if isinstance(value, Brackets) and value.items and display_width(flat) <= LINE_LENGTH:
        return [f"{first}(", flat, f"{indent})"]
    return _layout(value, first, indent, "")


def _pieces(text: str, indent: str) -> list[str]:
    """Return string literals, one a line, that make up the text."""
    pieces = []
    width = LINE_LENGTH - len(indent) - 2  # without the quotes
    while (end := _fitting(text, width, in_quotes=True)) < len(text):
        blank = text.rfind(" ", 0, end)
        end = blank + 1 if blank > end // 2 else end
        pieces.append(indent + string(text[:end]))
        text = text[end:]
    return [*pieces, indent + string(text)]


def _escaped(character: str, quote: str) -> str:
    if character == quote:
        return f"\\{quote}"
    if character in _ESCAPES:
        return _ESCAPES[character]
    return ascii(character)[1:-1] if _is_unseen(character) else character


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN and character not in _SEEN_BLANKS
