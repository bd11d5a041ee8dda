"""Uploading the files of a record before the record is written.

kintone stores an uploaded file under a file key. A record takes each key once, and a key expires
after three days. Afterwards the record holds an attachment, which gets a new key at each save.

Source: kintone REST API, "Upload File", "Update Record".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm import exceptions
from kintone_orm.api.answers import checked
from kintone_orm.api.files import upload_file
from kintone_orm.exceptions import (
    APIError,
    AttachmentNotFound,
    InvalidInput,
    KintoneORMError,
    NotSupportedError,
)
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.list_field import cells_of_files
from kintone_orm.files.attachment import Attachment
from kintone_orm.files.pending import PendingFile, pending
from kintone_orm.models.record.tracked_lists import value_at_hand
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Values
    from kintone_orm.models.record.instance import Instance

__all__ = [
    "explain_lost_files",
    "forget_uploads",
    "refuse_files",
    "upload_files",
]


def upload_files(
    instance: Instance,
    connection: Connection,
    values: Values,
    bases: Values,
) -> None:
    """Upload the new files in `values`, in their file fields and in the rows of their tables.

    `bases` are the snapshots that the values replace. The upload replaces each new file in its
    list; attachments that kintone already holds in the same cell stay. A key from an earlier,
    failed save is used now instead of uploading the file again.
    """
    for field, cell, position, file in _to_upload(instance, values, bases):
        cell[position] = file
        if not file.is_uploaded(connection):
            place = _place(field, values[field.name], cell)
            _upload(file, place, instance, connection)


def forget_uploads(instance: Instance, values: Values) -> None:
    """Forget the file keys of the uploads in `values`: the written record has used the keys up."""
    for _, entry in _entries(instance, values):
        if isinstance(entry, PendingFile):
            entry.forget()


def explain_lost_files(error: APIError, instances: Iterable[Instance]) -> None:
    """Add the names of missing files to the refusal of a write, and say what to do about them.

    The next save uploads a refused file again. If kintone does not name the file, the next save
    uploads all new files again.
    """
    if not isinstance(error, AttachmentNotFound) or _is_about_transfer(error):
        return
    entries = [
        (field, entry)
        for instance in instances
        for field, entry in _entries(instance, _present(instance))
    ]
    message = error.message
    refused = [
        (field, entry) for field, entry in entries if entry.file_key and entry.file_key in message
    ]
    for field, entry in refused:
        error.message += f" {field}: {_why_lost(entry)}"
    for _, entry in refused or entries:
        if isinstance(entry, PendingFile):
            entry.forget()


def _is_about_transfer(error: APIError) -> bool:
    """Return True if the error stopped an upload, before its record was sent."""
    return error.path.endswith("/file.json")


def refuse_files(meta: Meta, values: Values) -> None:
    """Raise NotSupportedError for files in values that are written into many records."""
    for name, value in values.items():
        if any(cell for cell, _ in cells_of_files(meta.fields[name], value, UNSET)):
            raise NotSupportedError(
                f"{meta.fields[name]}: update() cannot write files, because kintone accepts an "
                "uploaded file for one record only. Set the field on each record and use "
                "bulk_update()."
            )


def _to_upload(
    instance: Instance, values: Values, bases: Values
) -> Iterator[tuple[Field, list[Any], int, PendingFile]]:
    """Yield the files to upload: the field, the cell's list, the position in it, and the file."""
    seen: set[int] = set()
    for name, value in values.items():
        field = instance._meta.fields[name]
        for cell, before in cells_of_files(field, value, bases.get(name, UNSET)):
            stored = list(before)
            for position, entry in enumerate(cell):
                if isinstance(entry, Attachment):
                    if entry in stored:
                        stored.remove(entry)
                        continue
                    # The program has uploaded this file itself, and gives the file's key.
                    if entry.storage is None:
                        continue
                file = entry if isinstance(entry, PendingFile) else pending(entry)
                # kintone accepts a key once, so a file that is in two places is uploaded twice.
                if id(file) in seen or not file.claim(instance):
                    file = pending(file)
                    file.claim(instance)
                seen.add(id(file))
                yield field, cell, position, file


def _place(field: Field, value: Any, cell: list[Any]) -> str:
    """Return the name of the cell's list in messages: "papers", or "lines[2].bills"."""
    rows: Iterable[Any] = value if field.columns is not None else ()
    for index, row in enumerate(rows):
        for name, column in row._fields.items():
            if column.peek(row) is cell:
                return f"{field.name}[{index}].{name}"
    return field.name


def _upload(file: PendingFile, place: str, instance: Instance, connection: Connection) -> None:
    # Check again here: the file may be gone since the model's checks, or they were skipped.
    if (problem := file.file.problem()) is not None:
        raise exceptions.ValidationError({place: [problem]}, where=repr(instance))
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
        texts = [text for messages in error.errors.values() for text in messages] or [error.message]
        problem = f"{file.name!r}: {' '.join(texts)}"
        raise exceptions.ValidationError({place: [problem]}, where=repr(instance)) from error
    except APIError as error:
        error.message = (
            f"{instance._meta.label}.{place}: {file.name!r} was not uploaded: {error.message}"
        )
        # The record was not sent yet, even if the file arrived.
        error.carried_out = CarriedOut.NO
        raise
    except KintoneORMError:
        raise
    # Opening or reading the program's file raised the error.
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = f"{file.name!r} could not be read during the upload: {reason.rstrip('.')}."
        raise exceptions.ValidationError({place: [problem]}, where=repr(instance)) from error
    file.keep_key(answer["fileKey"], connection)


def _present(instance: Instance) -> dict[str, Any]:
    """Return the loaded values by name."""
    return {
        field.name: value
        for field in instance._meta.fields.values()
        if (value := value_at_hand(instance, field)) is not UNSET
    }


def _entries(instance: Instance, values: Values) -> Iterator[tuple[Field, Any]]:
    """Yield the attachments and prepared uploads in `values`, each with its field.

    New files without an upload are left out.
    """
    for name, value in values.items():
        field = instance._meta.fields[name]
        for cell, _ in cells_of_files(field, value, UNSET):
            for entry in cell:
                if isinstance(entry, (Attachment, PendingFile)):
                    yield field, entry


def _why_lost(entry: Attachment | PendingFile) -> str:
    if isinstance(entry, PendingFile):
        return (
            f"the upload of {entry.name!r} was used by an earlier save, or has expired after three "
            "days. The next save uploads the file again."
        )
    return f"{entry.name!r} is no longer attached. Read the record again."
