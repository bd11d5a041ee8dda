"""Reading a filter text such as ``rank='A', due__lt=Today()`` without evaluating it.

The text is parsed by Python's own parser as the arguments of a call. Then only a few kinds of nodes
are accepted: keywords, literals, lists of literals, and calls of kintone's query functions with
literals. Each other node is refused with its place, so no code in the text is ever run.
"""

from __future__ import annotations

import ast
import warnings
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kintone_orm import functions
from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.query.resolve import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["parse_filter"]

# The text becomes the lines after the first one, so that its columns are those of the user, and a
# comment does not swallow the parenthesis.
_BEFORE, _AFTER = "filter(\n", "\n)"
_PLAIN = (str, int, bool, type(None))
# filter() takes these keywords in another sense than as the names of fields.
_NO_NAMES = frozenset({"self", "_connector", "_negated"})
_VALUES = (
    "A value is a text in quotes, a number, True, False, None, a list of these, or a query "
    "function such as Today()."
)
_GRAMMAR = (
    "Write name=value, separated by commas, with texts and dates in quotes: rank='A', "
    "due__lt='2026-01-31'."
)
_NOT_OPENED = "a parenthesis is closed that was not opened. Write name=value, separated by commas."


def parse_filter(text: str) -> dict[str, Any]:
    """Return the arguments of ``filter(...)`` by name; {} for a blank text.

    The values are literals of Python and functions of `kintone_orm.functions`. A number with a
    point becomes a Decimal with all its digits, and a set becomes a list. FieldError, with the
    place of the mistake, for any other text.
    """
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._source = f"{_BEFORE}{self._text}{_AFTER}"

    def parse(self) -> dict[str, Any]:
        call = self._call()
        if call.args:
            raise self._misplaced(call.args[0])
        conditions: dict[str, Any] = {}
        for keyword in call.keywords:
            name = keyword.arg
            if name is None:
                raise self._error(keyword.value, "'**' is not read. Write name=value.")
            if name in _NO_NAMES:
                raise self._error(keyword, f"{name!r} cannot be the name of a field.")
            if name in conditions:
                raise self._error(
                    keyword,
                    f"{name!r} is there twice. Write the second condition as a filter of its own.",
                )
            conditions[name] = self._value(keyword.value, name)
        return conditions

    def _call(self) -> ast.Call:
        try:
            with warnings.catch_warnings():
                # Python would warn of a backslash, such as in '\\d', which is kept.
                warnings.simplefilter("ignore")
                node = ast.parse(self._source, mode="eval").body
        except SyntaxError as error:
            raise self._syntax_error(error) from None
        except (ValueError, RecursionError, MemoryError) as error:
            problem = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
            raise FieldError(f"Filter {self._text!r:.80} cannot be read: {problem}.") from None
        # "a=1)(b=2" and "a=1) or filter(b=2" are valid Python, but not one list of arguments.
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node
        raise FieldError(f"Filter {self._text!r:.200}: {_NOT_OPENED}")

    def _syntax_error(self, error: SyntaxError) -> FieldError:
        lines = self._text.split("\n")
        line, column = (error.lineno or 1) - 1, error.offset or 1
        # The parser's hint after the first sentence is about whole programs.
        problem = error.msg.partition(". ")[0].partition("; ")[0].partition(" (detected")[0]
        if line == 0:  # the parenthesis before the text
            return FieldError(f"Filter {self._text!r:.200}: a parenthesis is not closed.")
        if line > len(lines):  # the parenthesis after the text
            return FieldError(f"Filter {self._text!r:.200}: {_NOT_OPENED}")
        place = self._place(line, min(column, len(lines[line - 1]) + 1))
        return FieldError(f"Filter {self._text!r:.200}, {place}: {problem}. {_GRAMMAR}")

    def _value(self, node: ast.expr, name: str) -> Any:
        match node:
            case ast.List() | ast.Tuple() | ast.Set():
                return [self._value(item, name) for item in node.elts]
            case ast.Call(func=ast.Name(id=function)) if function in functions.__all__:
                return self._function(node, function)
            case ast.Call(func=ast.Name(id=function)):
                known = functions.__all__
                hint = nearest(function, known) or f" There are {', '.join(known)}."
                raise self._error(node, f"there is no query function {function!r}.{hint}")
            case ast.Name(id=word):
                raise self._unquoted(node, word, name)
        return self._literal(node)

    def _literal(self, node: ast.expr) -> Any:
        try:
            value = ast.literal_eval(node)
        except (ValueError, TypeError):
            raise self._error(node, f"{self._code(node)} is not evaluated. {_VALUES}") from None
        if isinstance(value, float):
            return self._decimal(node)
        if not isinstance(value, _PLAIN):
            raise self._error(node, f"{self._code(node)} is no value of a field. {_VALUES}")
        return value

    def _decimal(self, node: ast.expr) -> Decimal:
        """Return the number with all its digits. A float would keep seventeen."""
        if isinstance(node, ast.UnaryOp):
            number = self._decimal(node.operand)
            return -number if isinstance(node.op, ast.USub) else number
        return Decimal(self._code(node))

    def _function(self, node: ast.Call, name: str) -> Any:
        if node.keywords:
            raise self._error(
                node.keywords[0].value, f"{name}() takes its arguments without names."
            )
        arguments = [self._literal(argument) for argument in node.args]
        function: Callable[..., Any] = getattr(functions, name)
        try:
            return function(*arguments)
        except (FieldError, NotSupportedError) as error:
            raise self._error(node, str(error)) from None
        except TypeError:
            raise self._error(node, f"{name}() does not take {len(arguments)} arguments.") from None

    def _misplaced(self, node: ast.expr) -> FieldError:
        """Return the error for an argument that is not ``name=value``."""
        advice = "Write name=value."
        match node:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[value]):
                advice = f"Write one equals sign: {name}={self._code(value)}."
            case ast.Compare(left=ast.Name(id=name), ops=[operator], comparators=[value]):
                lookup = _LOOKUPS.get(type(operator))
                if lookup is not None:
                    advice = f"Write {name}__{lookup}={self._code(value)}."
                elif isinstance(operator, ast.NotEq):
                    advice = f'Write --exclude "{name}={self._code(value)}".'
        return self._error(node, f"{self._code(node)} is not a condition. {advice}")

    def _unquoted(self, node: ast.expr, word: str, name: str) -> FieldError:
        if word in functions.__all__:
            return self._error(node, f"{word} is a function. Write {word}().")
        return self._error(
            node,
            f"{word} is not a value. Write texts in quotes: {name}='{word}'. (A shell takes "
            "quotes away unless the whole filter is in quotes of the other kind.)",
        )

    def _code(self, node: ast.expr) -> str:
        return ast.get_source_segment(self._source, node) or ""

    def _error(self, node: ast.expr | ast.keyword, problem: str) -> FieldError:
        line = node.lineno - 1
        # Columns of the tree count bytes.
        before = self._text.split("\n")[line - 1].encode()[: node.col_offset].decode()
        return FieldError(
            f"Filter {self._text!r:.200}, {self._place(line, len(before) + 1)}: {problem}"
        )

    def _place(self, line: int, column: int) -> str:
        character = f"character {column}"
        return f"line {line}, {character}" if "\n" in self._text else character


_LOOKUPS = {ast.Lt: "lt", ast.LtE: "lte", ast.Gt: "gt", ast.GtE: "gte", ast.In: "in"}
