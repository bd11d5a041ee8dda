"""FileField: what is attached to a record, as values that say which file it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError
from kintone_orm.fields.base import UNSET, Field
from kintone_orm.query.literals import quote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from typing_extensions import Unpack

    from kintone_orm.fields.base import FieldOptions, Unset
    from kintone_orm.query.comparable import Zone

__all__ = ["Attachment", "FileField"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a record: its name, type and size in bytes, and the key it is downloaded by."""

    file_key: str = field(repr=False)
    name: str = ""
    content_type: str = ""
    size: int = 0


class FileField(Field[list[Attachment], Iterable[Attachment] | None]):
    """Attached files, as a list of `Attachment`; [] when there is none.

    A save sends the keys of all of them, so that those that stay in the list stay attached. The
    keys change when they are saved, so the list is read again after it.

    Source: kintone REST API, "Field Types", attachment; "Update Record".
    """

    kintone_type = "FILE"
    mutable = True
    decode_expression = (
        "[Attachment(x['fileKey'], x['name'], x['contentType'], int(x['size'])) for x in {v}]"
    )

    def __init__(
        self, code: str | None = None, *, required: bool = False, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(code, required=required, **options)

    def empty_value(self) -> list[Attachment]:
        return []

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> list[Attachment]:
        del zone
        return [Attachment(x["fileKey"], x["name"], x["contentType"], int(x["size"])) for x in raw]

    def to_api(self, value: list[Attachment]) -> list[dict[str, str]]:
        return [{"fileKey": each.file_key} for each in value]

    def snapshot(self, value: list[Attachment]) -> tuple[Attachment, ...]:
        return tuple(value)

    def coerce(self, value: Any, zone: Zone) -> list[Attachment]:
        del zone
        if value is None:
            return []
        if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
            raise self._wrong_type(value, "a list of Attachment")
        files = list(value)
        for each in files:
            if not isinstance(each, Attachment):
                raise self._wrong_type(each, "a list of Attachment")
        return files

    def operand(self, lookup: str, value: Any, zone: Zone) -> str:
        """The literal of a word to search for: in the files' names, and in what they say."""
        del zone
        if not isinstance(value, str) or not value.strip():
            raise FieldError(f"{self}__{lookup} needs a word to search for, not {value!r:.80}.")
        return quote(value)

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, Any]:
        del zone
        return {"Attachment": Attachment}

    def for_duplicate(self, value: list[Attachment]) -> Unset:
        """None of them: another record takes files as new uploads only."""
        del value
        return UNSET

    def kept_as_sent(self, value: list[Attachment], loaded: Any) -> bool:
        del loaded
        return not value

    def problems(self, value: list[Attachment]) -> list[str]:
        return [f"{each!r:.80} is no Attachment." for each in value if type(each) is not Attachment]
