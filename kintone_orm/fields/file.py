"""FileField: the files attached to a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from kintone_orm.exceptions import FieldError
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.list_field import ListField
from kintone_orm.fields.wire_values import require_list, require_text
from kintone_orm.files.attachment import Attachment
from kintone_orm.files.pending import PendingFile, SavedFile, pending
from kintone_orm.query.literals import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo
    from pathlib import Path
    from typing import BinaryIO, SupportsIndex

    from typing_extensions import Self, Unpack

    from kintone_orm.fields.base import FieldOptions
    from kintone_orm.files.base import File
    from kintone_orm.query.comparable import Zone

    Attachable: TypeAlias = Attachment | File | Path | BinaryIO

    class Files(list[Attachment]):
        """The list for type checkers: its items are attachments, and it takes any kind of file."""

        def append(self, file: Attachable, /) -> None: ...
        def insert(self, index: SupportsIndex, file: Attachable, /) -> None: ...
        def extend(self, files: Iterable[Attachable], /) -> None: ...
        def __iadd__(self, files: Iterable[Attachable], /) -> Self: ...  # type: ignore[override,misc]


__all__ = ["FileField"]


class FileField(ListField["Files", "Iterable[Attachable] | None"]):
    """Attached files, as a list of `Attachment`; [] if there are none.

    To attach new files, put them into the list: a pathlib.Path, a file that is open for reading
    bytes, a `File` or a `ContentFile`, or an Attachment of another record, which is copied. A save
    uploads each new file in one request, without loading the whole file into memory. Then the save
    writes the list. Files in the list stay attached, in the order of the list; all other files are
    removed. The record keeps the list object. After an upload, the list is read again at the next
    access, or before the list is sent again.

    Source: kintone REST API, "Field Types", attachment; "Upload File"; "Update Record".
    """

    kintone_type = "FILE"
    has_default_setting = False
    # The decoder defines `storage`, the connection on which the records are read.
    decode_expression = (
        "[Attachment(x['fileKey'], x['name'], x['contentType'], int(x['size']), storage)"
        " for x in {v}]"
    )

    def __init__(
        self, code: str | None = None, *, required: bool = False, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(code, required=required, **options)

    def empty_value(self) -> Any:
        return []

    def to_python(self, raw: object, zone: tzinfo | None = None) -> Any:
        del zone
        names = ("fileKey", "name", "contentType", "size")
        texts = ([require_text(file[name]) for name in names] for file in require_list(raw))
        return [Attachment(key, name, kind, int(size)) for key, name, kind, size in texts]

    def to_api(self, value: Iterable[Attachment | PendingFile]) -> list[dict[str, str]]:
        return [{"fileKey": file.file_key} for file in value]

    def tidy(self, value: object, zone: Zone) -> None:
        """Do nothing, because the upload prepares each file itself."""

    def coerce(self, value: Any, zone: Zone) -> Any:
        del zone
        if value is None:
            return []
        one = isinstance(value, (str, bytes)) or hasattr(value, "read")
        if one or not hasattr(value, "__iter__"):
            # The error names only the type, because the value may be the whole content of a file.
            kind = type(value).__name__
            raise FieldError(f"{self} takes a list of files, as in [Path(...)], not one {kind}.")
        try:
            return [item if isinstance(item, Attachment) else pending(item) for item in value]
        except (TypeError, ValueError) as error:
            raise FieldError(f"{self}: {error}") from None

    def operand(self, lookup: str, value: object, zone: Zone) -> str:
        """Return the literal of a word to search for in the names and contents of the files."""
        del zone
        if not isinstance(value, str) or not value.strip():
            raise FieldError(f"{self}__{lookup} needs a word to search for, not {value!r:.80}.")
        return quote(value)

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, object]:
        del zone
        return {"Attachment": Attachment}

    def file_cells(
        self, value: list[Any], loaded: Any
    ) -> Iterator[tuple[list[Any], Sequence[Attachment]]]:
        yield value, () if loaded is UNSET else loaded

    def kept_as_sent(self, value: Iterable[object], loaded: object) -> bool:
        del loaded
        # kintone stores an upload under a new key, which must be read.
        return all(isinstance(file, Attachment) and file.storage is not None for file in value)

    def adopt(self, value: Any, replaced: Any, record: object, gone: Collection[int]) -> None:
        del replaced, record, gone
        value[:] = [
            PendingFile(SavedFile(file.name, file.content_type))
            if isinstance(file, PendingFile)
            else file
            for file in value
        ]

    def holds(self, loaded: Any, read: Any) -> bool:
        """Return True if kintone's files (`read`) are the same as those of the base (`loaded`).

        A file that the program uploaded has no key in the base. It is compared by its name and its
        MIME type.
        """
        return len(loaded) == len(read) and all(
            old == new
            or (
                isinstance(old, PendingFile)
                and (old.name, old.content_type) == (new.name, new.content_type)
            )
            for old, new in zip(loaded, read, strict=True)
        )

    def awaits_ids(self, value: Iterable[Any], loaded: Any) -> bool:
        # kintone has stored the uploads under new keys, which must be read first.
        return loaded is not UNSET and any(
            file in loaded and not self.kept_as_sent([file], UNSET) for file in value
        )

    def problems(self, value: Iterable[object]) -> list[str]:
        problems = (self._entry_problem(entry) for entry in value)
        return [problem for problem in problems if problem is not None]

    def _entry_problem(self, entry: object) -> str | None:
        """Return a sentence that says why the entry cannot be attached; None if it can be."""
        if isinstance(entry, Attachment):
            return None
        try:
            return pending(entry).file.problem()
        except (TypeError, ValueError) as error:
            return str(error)
