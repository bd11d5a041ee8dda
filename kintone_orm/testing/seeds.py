"""Records to begin with, out of a file."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kintone_orm.connection import connections, override
from kintone_orm.exceptions import BulkWriteError, FieldError, ValidationError
from kintone_orm.testing.rows import READERS, BadRow

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.fields import Field
    from kintone_orm.models.base import Model
    from kintone_orm.testing.rows import Row

__all__ = ["load"]

M = TypeVar("M", bound="Model")

_SHOWN = 10
_INDEX = re.compile(r"^\[(\d+)\]\.")  # how bulk_create says which object


def load(
    model: type[M], path: str | os.PathLike[str], *, using: Connection | str | None = None
) -> list[M]:
    """The records of a JSON or CSV file, added in the order of the file, as `bulk_create` does.

    Names in the file are those of the fields, or their codes. JSON is a list of objects. CSV has
    the names in its first line; a blank is a blank there, and several values of one field are
    separated by line feeds, as in kintone's own files. Either is UTF-8, and the fields read its
    values as they read what is assigned to them. Load the source of a lookup before the others.

    ValidationError, with each line and field, for what does not fit or kintone refuses.
    """
    path = Path(path)
    connection = connections.resolve(using, default=model._meta.using)
    rows = _rows(path)
    with override(connection):  # naive datetimes are in its time zone
        instances = _instances(model, rows, path)
    try:
        return model.objects.using(connection).bulk_create(instances)
    except BulkWriteError as error:
        placed = {
            f"{rows[index].place}, {name}": texts for (index, name), texts in error.errors.items()
        }
        if not placed:
            raise
        raise _refusal(path, placed) from error
    except ValidationError as error:
        placed = {
            _INDEX.sub(lambda index: f"{rows[int(index[1])].place}, ", name): texts
            for name, texts in error.errors.items()
        }
        raise _refusal(path, placed) from error


def _rows(path: Path) -> list[Row]:
    if path.suffix.lower() not in READERS:
        raise ValueError(f"{path}: load() reads {' and '.join(READERS)} files.")
    try:
        return list(READERS[path.suffix.lower()](path.read_text("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise _refusal(path, {"": ["This is not UTF-8: save it as UTF-8."]}) from error
    except BadRow as error:
        raise _refusal(path, {error.place: [str(error)]}) from error


def _instances(model: type[M], rows: Sequence[Row], path: Path) -> list[M]:
    fields = {field.code: field for field in model._meta.fields.values()} | model._meta.fields
    problems: dict[str, list[str]] = {}
    instances = []
    for row in rows:
        instance = model()
        for name, problem in _fill(instance, row, fields):
            problems.setdefault(f"{row.place}, {name}", []).append(problem)
        instances.append(instance)
    if problems:
        raise _refusal(path, problems)
    return instances


def _fill(instance: Model, row: Row, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    """Assign the row's values; what is wrong with them, by name."""
    given: set[str] = set()
    for name, value in row.values:
        try:
            field = fields.get(name) or instance._meta.get_field(name)
            if not field.writable:
                raise FieldError(field.why_read_only())
            if field.name in given:
                raise FieldError(f"{field} is given twice.")
            given.add(field.name)
            if isinstance(value, str) and isinstance(field.empty_value(), list):
                value = [line for line in value.split("\n") if line]
            setattr(instance, field.name, value)
        except FieldError as error:
            yield name, str(error)


def _refusal(path: Path, problems: Mapping[str, list[str]]) -> ValidationError:
    """The problems, the first of them if they are many: a wrong name is wrong in every line."""
    shown = dict(islice(problems.items(), _SHOWN))
    if len(problems) > _SHOWN:
        shown["..."] = [f"and {len(problems) - _SHOWN:,} more."]
    return ValidationError(shown, where=str(path))
