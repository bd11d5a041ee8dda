"""Loading the initial records of a test from a file."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kintone_orm.connection import connections, override
from kintone_orm.exceptions import BulkWriteError, FieldError, ValidationError
from kintone_orm.testing.record_files import READERS, BadRecord

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.fields import Field
    from kintone_orm.models.base import Model
    from kintone_orm.testing.record_files import FileRecord

__all__ = ["load"]

M = TypeVar("M", bound="Model")

_SHOWN = 10
# The errors of bulk_create name an object by its index, as in "[3].".
_INDEX = re.compile(r"^\[(\d+)\]\.")


def load(
    model: type[M], path: str | os.PathLike[str], *, using: Connection | str | None = None
) -> list[M]:
    """Add the records of a JSON or CSV file, in order, as `bulk_create` does, and return them.

    Names in the file are those of fields, or their codes. JSON is a list of objects. CSV has the
    names in its first line; an empty cell is a blank, and line feeds separate several values of a
    field, as in kintone's own files. The encoding is UTF-8. A value can have every form that can be
    assigned to the field. If a lookup copies from records, load those records first.

    ValidationError, with line and field, for values that do not fit or that kintone refuses.
    """
    path = Path(path)
    connection = connections.resolve(using, default=model._meta.using)
    records = _read(path)
    # Naive datetimes are in the time zone of the connection.
    with override(connection):
        instances = _instances(model, records, path)
    try:
        return model.objects.using(connection).bulk_create(instances)
    except BulkWriteError as error:
        placed = {
            f"{records[index].place}, {name}": texts
            for (index, name), texts in error.errors.items()
        }
        if not placed:
            raise
        raise _refusal(path, placed) from error
    except ValidationError as error:
        placed = {
            _INDEX.sub(lambda index: f"{records[int(index[1])].place}, ", name): texts
            for name, texts in error.errors.items()
        }
        raise _refusal(path, placed) from error


def _read(path: Path) -> list[FileRecord]:
    if path.suffix.lower() not in READERS:
        raise ValueError(f"{path}: load() reads only {' and '.join(READERS)} files.")
    try:
        return list(READERS[path.suffix.lower()](path.read_text("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise _refusal(path, {"": ["The file is not UTF-8. Save it as UTF-8."]}) from error
    except BadRecord as error:
        raise _refusal(path, {error.place: [str(error)]}) from error


def _instances(model: type[M], records: Sequence[FileRecord], path: Path) -> list[M]:
    fields = {field.code: field for field in model._meta.fields.values()} | model._meta.fields
    problems: dict[str, list[str]] = {}
    instances = []
    for record in records:
        instance = model()
        for name, problem in _fill(instance, record, fields):
            problems.setdefault(f"{record.place}, {name}", []).append(problem)
        instances.append(instance)
    if problems:
        raise _refusal(path, problems)
    return instances


def _fill(
    instance: Model, record: FileRecord, fields: Mapping[str, Field]
) -> Iterator[tuple[str, str]]:
    """Assign the values of a record. Yield the name and the problem of each refused value."""
    assigned: set[str] = set()
    for name, value in record.values:
        try:
            field = fields.get(name) or instance._meta.get_field(name)
            if not field.writable:
                raise FieldError(field.why_read_only())
            if field.name in assigned:
                raise FieldError(f"{field} appears twice in the record.")
            assigned.add(field.name)
            if isinstance(value, str) and isinstance(field.empty_value(), list):
                value = [line for line in value.split("\n") if line]
            setattr(instance, field.name, value)
        except FieldError as error:
            yield name, str(error)


def _refusal(path: Path, problems: Mapping[str, list[str]]) -> ValidationError:
    """Return the error for the problems. It shows ten: a wrong name causes one in each line."""
    shown = dict(islice(problems.items(), _SHOWN))
    if len(problems) > _SHOWN:
        shown["..."] = [f"and {len(problems) - _SHOWN:,} more."]
    return ValidationError(shown, where=str(path))
