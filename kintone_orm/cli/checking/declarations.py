"""The lines of the user's files that declare fields."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import TYPE_CHECKING, NamedTuple

from kintone_orm.fields import SubtableField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.models import Model

__all__ = ["Line", "find_declaration"]

_OURS = __name__.partition(".")[0]


class Line(NamedTuple):
    """A line of a file; the first line has the number 1."""

    file: str
    number: int


def find_declaration(model: type[Model], field: str) -> Line | None:
    """Return the line that declares a field, which is given by its name, such as "lines.qty".

    It is the line of the class if the declaration of the field cannot be found, or if `field` is
    "". None for a class without a file, such as one of an interactive session.
    """
    name, _, column = field.partition(".")
    table = model._meta.fields.get(name)
    if column and isinstance(table, SubtableField):
        line = _line_of(table.row, column)
        if line is not None:
            return line
    return _line_of(model, name)


def _line_of(owner: type, name: str) -> Line | None:
    """Return the line of a field of a class, or of one of its base classes, or of the class."""
    lines = list(_lines_of_classes(owner))
    for line, declared in lines:
        if name in declared:
            return Line(line.file, declared[name])
    return lines[0][0] if lines else None


def _lines_of_classes(owner: type) -> Iterator[tuple[Line, dict[str, int]]]:
    """Yield the line of the class, and of its bases, each with the lines of the names it sets."""
    classes = [cls for cls in owner.__mro__ if cls.__module__.partition(".")[0] != _OURS]
    for cls in classes:
        try:
            file = inspect.getsourcefile(cls)
            source, first = inspect.getsourcelines(cls)
            tree = ast.parse(textwrap.dedent("".join(source)))
        except (OSError, TypeError, SyntaxError):  # there is no file, or it has changed
            continue
        if file is None or not isinstance(tree.body[0], ast.ClassDef):
            continue
        declared = {
            name: first + statement.lineno - 1
            for statement in tree.body[0].body
            for name in _names_set_by(statement)
        }
        yield Line(file, first), declared


def _names_set_by(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return []
    return [target.id for target in targets if isinstance(target, ast.Name)]
