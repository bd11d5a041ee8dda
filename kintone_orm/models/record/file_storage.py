"""Downloading the attachments of a record.

Source: kintone REST API, "Download File".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kintone_orm.api.files import download_file
from kintone_orm.connection import connections
from kintone_orm.exceptions import APIError, AttachmentNotFound, PermissionDenied
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.list_field import cells_of_files
from kintone_orm.models.ground.addresses import address, connection_at, require_same_place

if TYPE_CHECKING:
    from kintone_orm.fields.base import Field
    from kintone_orm.files.attachment import Attachment
    from kintone_orm.http.messages import Chunks
    from kintone_orm.models.ground.addresses import Home
    from kintone_orm.models.record.instance import Instance

__all__ = ["RecordStorage", "keep_storage"]


class RecordStorage:
    """The storage of the files of a model's records: an app, through a connection.

    A pickle holds the model, the connection's alias and the address of its kintone.
    """

    __slots__ = ("_home", "_model")

    def __init__(self, model: type[Instance], home: Home) -> None:
        self._model = model
        self._home = home

    def content(self, attachment: Attachment) -> Chunks:
        """Return the attachment's content in chunks: see `Storage.content`."""
        require_same_place(self._home, f"{self._model._meta.label}: {attachment.name!r}")
        connection = connections.resolve(connection_at(self._home), default=self._model._meta.using)
        app = self._model._meta.app_id(connection)
        try:
            return download_file(connection, file_key=attachment.file_key, app=app)
        except APIError as error:
            failure = f"{self._model._meta.label}: {attachment.name!r} cannot be downloaded: "
            error.message = f"{failure}{error.message}{_advice(error)}"
            raise

    def __deepcopy__(self, memo: dict[int, Any]) -> RecordStorage:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return RecordStorage, (self._model, address(self._home))


def keep_storage(instance: Instance, field: Field) -> None:
    """Set the storage on the attachments in a field that was just read."""
    storage = RecordStorage(type(instance), instance._state.home)
    for cell, _ in cells_of_files(field, field.peek(instance), UNSET):
        cell[:] = [replace(attachment, storage=storage) for attachment in cell]


def _advice(error: APIError) -> str:
    if isinstance(error, AttachmentNotFound):
        return " The file was removed or replaced. Read the record again."
    if isinstance(error, PermissionDenied):
        return " You need the right to view the record and the field."
    return ""
