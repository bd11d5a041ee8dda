"""How files travel: up before the record that holds them is written, down when they are asked for.

Source: kintone REST API, "Upload File", "Download File", "Update Record".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.files import upload_file
from kintone_orm.exceptions import (
    APIError,
    AttachmentNotFound,
    InvalidInput,
    KintoneORMError,
    NotSupportedError,
    ValidationError,
)
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.list_field import cells_of_files
from kintone_orm.files.attachment import Attachment
from kintone_orm.files.pending import PendingFile, pending
from kintone_orm.models.record.tracked_lists import at_hand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model
    from kintone_orm.models.definition.options import Options

__all__ = [
    "explain_lost_files",
    "forget_uploads",
    "is_about_transfer",
    "refuse_files",
    "upload_files",
]


def upload_files(
    instance: Model,
    connection: Connection,
    values: Mapping[str, Any],
    bases: Mapping[str, Any],
) -> None:
    """Send what is new in the file fields among `values`, and in the rows among them.

    `bases` are snapshots of what the values take the place of.

    In the lists each new file then stands with the key of its upload; what kintone holds in the
    same place stays as it is. Nothing is sent twice: a key that an earlier save could not use is
    used now.
    """
    for field, cell, position, file in _to_upload(instance, values, bases):
        cell[position] = file
        if not file.is_uploaded(connection):
            place = _place(field, values[field.name], cell)
            _upload(file, place, instance, connection)


def forget_uploads(instance: Model, values: Mapping[str, Any]) -> None:
    """The uploads among `values` belong to a record now, and their keys are used up."""
    for _, entry in _entries(instance, values):
        if isinstance(entry, PendingFile):
            entry.forget()


def explain_lost_files(error: APIError, instances: Iterable[Model]) -> None:
    """If a write was refused for a file that kintone does not have, say which, and what to do.

    The next save sends an upload that is refused again; all of them, if it is not told which.
    """
    if not isinstance(error, AttachmentNotFound) or is_about_transfer(error):
        return
    entries = [found for each in instances for found in _entries(each, _present(each))]
    told = error.message
    refused = [found for found in entries if found[1].file_key and found[1].file_key in told]
    for field, entry in refused:
        error.message += f" {field}: {_why_lost(entry)}"
    for _, entry in refused or entries:
        if isinstance(entry, PendingFile):
            entry.forget()


def is_about_transfer(error: APIError) -> bool:
    """True if it stopped a file on its way, so that the record was not even sent."""
    return error.path.endswith("/file.json")


def refuse_files(meta: Options, values: Mapping[str, Any]) -> None:
    """NotSupportedError for files in values that go into many records."""
    for name, value in values.items():
        if any(cell for cell, _ in cells_of_files(meta.fields[name], value, UNSET)):
            raise NotSupportedError(
                f"{meta.fields[name]}: update() writes one value into all records, and kintone "
                "takes an uploaded file for one: set it on each of them, and bulk_update()."
            )


def _to_upload(
    instance: Model, values: Mapping[str, Any], bases: Mapping[str, Any]
) -> Iterator[tuple[Field[Any, Any], list[Any], int, PendingFile]]:
    """What is not attached in its place already: where it stands, and what is to stand there."""
    seen: set[int] = set()
    for name, value in values.items():
        field = instance._meta.fields[name]
        for cell, before in cells_of_files(field, value, bases.get(name, UNSET)):
            held = list(before)
            for position, entry in enumerate(cell):
                if isinstance(entry, Attachment):
                    if entry in held:
                        held.remove(entry)
                        continue
                    if entry.storage is None:  # the key of an upload that was made by hand
                        continue
                file = entry if isinstance(entry, PendingFile) else pending(entry)
                # Kintone takes a key once, so every place needs an upload of its own.
                if id(file) in seen or not file.claim(instance):
                    file = pending(file)
                    file.claim(instance)
                seen.add(id(file))
                yield field, cell, position, file


def _place(field: Field[Any, Any], value: Any, cell: list[Any]) -> str:
    """Which list it is: "papers", or "lines[2].bills"."""
    rows: Iterable[Any] = value if field.columns is not None else ()
    for index, row in enumerate(rows):
        for name, column in row._fields.items():
            if column.peek(row) is cell:
                return f"{field.name}[{index}].{name}"
    return field.name


def _upload(file: PendingFile, place: str, instance: Model, connection: Connection) -> None:
    # Looked at again: it may have gone since all were looked at, or nobody did.
    if (problem := file.file.problem()) is not None:
        raise ValidationError({place: [problem]}, where=repr(instance))
    try:
        with file.file.opened() as content:
            answer = upload_file(
                checked(connection),
                file=content,
                name=file.name,
                content_type=file.content_type,
                app=instance._meta.app_id(connection),
            )
    except InvalidInput as error:
        texts = [text for each in error.errors.values() for text in each] or [error.message]
        problem = f"{file.name!r}: {' '.join(texts)}"
        raise ValidationError({place: [problem]}, where=repr(instance)) from error
    except APIError as error:
        error.message = (
            f"{instance._meta.label}.{place}: {file.name!r} was not uploaded: {error.message}"
        )
        raise
    except KintoneORMError:
        raise
    except (OSError, ValueError) as error:  # while it was opened, or read
        reason = getattr(error, "strerror", None) or str(error)
        problem = f"{file.name!r} could not be read while it was sent: {reason.rstrip('.')}."
        raise ValidationError({place: [problem]}, where=repr(instance)) from error
    file.keep_key(answer["fileKey"], connection)


def _present(instance: Model) -> dict[str, Any]:
    """The values that are there, by name."""
    fields = instance._meta.fields.values()
    return {each.name: value for each in fields if (value := at_hand(instance, each)) is not UNSET}


def _entries(instance: Model, values: Mapping[str, Any]) -> Iterator[tuple[Field[Any, Any], Any]]:
    """What stands in the file fields among `values`, and in their rows; not what is quite new."""
    for name, value in values.items():
        field = instance._meta.fields[name]
        for cell, _ in cells_of_files(field, value, UNSET):
            for each in cell:
                if isinstance(each, (Attachment, PendingFile)):
                    yield field, each


def _why_lost(entry: Attachment | PendingFile) -> str:
    if isinstance(entry, PendingFile):
        return (
            f"the upload of {entry.name!r} was used up by an earlier save, or is older than three "
            "days. The next save sends it again."
        )
    return f"{entry.name!r} is attached there no more: read the record again."
