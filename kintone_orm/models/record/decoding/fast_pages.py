"""Fast pages: reading the instances of a page out of the answer's bytes, with msgspec.

A struct checks the shape of every value and the type of its field, and leaves numbers, dates and
times as texts. The lines that read these texts are those of the other decoder (`decoder_source`).
The structs are strict: they refuse a page with an unknown member or with another shape, and a page
that is not UTF-8. Such a page is left to the other decoder, and so is a page with a value that
cannot be decoded. So every page reads the same with and without msgspec.

msgspec is the extra `fast`. It is imported before the first page is read.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from kintone_orm.models.record.decoding.decoder_source import (
    Access,
    FieldSource,
    has_rows,
    make_decoder,
)
from kintone_orm.models.record.decoding.page_shapes import (
    LISTS,
    PEOPLE,
    PERSON,
    TEXTS,
    accepted_types,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import tzinfo
    from typing import TypeAlias

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.fetch_modes import FetchMode
    from kintone_orm.models.record.instance import Instance

    FastPage: TypeAlias = tuple[dict[str, Any], list[Any], list[str]]
    FastReader: TypeAlias = Callable[[bytes, Connection, FetchMode], FastPage | None]

__all__ = ["fast_reader"]

# The number of columns in the structs of one reader, declared or not.
_MOST_COLUMNS = 1_000

# The generic types whose arguments are known only when a model is read.
_LIST: Any = list
_LITERAL: Any = Literal

# The values of each type, as a struct checks them.
_VALUES: Mapping[str, Any] = {
    **dict.fromkeys(TEXTS, str | None),
    **dict.fromkeys(LISTS, list[str]),
    **dict.fromkeys(PERSON, dict[str, str]),
    **dict.fromkeys((*PEOPLE, "FILE"), list[dict[str, str]]),
}


def fast_reader(
    model: type[Instance], zone: tzinfo | None, names: tuple[str, ...] | None
) -> FastReader | None:
    """Return the reader of answers with these fields of records; None if msgspec is missing.

    The reader takes the body of an answer. It returns the other members of the answer, with an
    empty list of records; the instances; and their ids as texts. It returns None for a body that
    is left to the other decoder. It sends no request and raises no error.

    There is no reader if the type of a field is unknown, because its values have any shape.
    """
    msgspec = _library()
    fields = model._meta.fields
    chosen = [fields[name] for name in (fields if names is None else names)]
    stored = [field for field in chosen if field.has_value]
    if msgspec is None or not all(map(_is_known, stored)):
        return None
    return _Reader(msgspec, model, zone, stored)


class _Reader:
    """The reader of answers with these fields: see `fast_reader`.

    kintone also sends the columns of a subtable that the model does not declare. The reader learns
    them when it meets them: its structs check them and ignore their values.
    """

    def __init__(
        self, msgspec: Any, model: type[Instance], zone: tzinfo | None, fields: Sequence[Field]
    ) -> None:
        self._msgspec = msgspec
        self._fields = fields
        source = FieldSource(fields, _STRUCTS, zone)
        self._decode_page = make_decoder(
            model,
            _STRUCTS,
            ["ids.append(r.id.value)", *source.lines],
            source.names,
            functions=source.functions,
            more=", ids",
        )
        self._structs = _Structs(msgspec)
        self._parse_answer = msgspec.json.Decoder(self._structs.answer()).decode
        tables = [field for field in fields if has_rows(field)]
        self._use_columns({table.code: frozenset(_columns(table)) for table in tables})

    def __call__(
        self, body: bytes, connection: Connection, fetch_mode: FetchMode
    ) -> FastPage | None:
        ids: list[str] = []
        try:
            answer = self._parse_answer(body)
            try:
                instances = self._decode(answer.records, connection, fetch_mode, ids)
            except self._msgspec.ValidationError:
                # The record after those whose ids were read is the one with another shape.
                if not self._learn_columns(answer.records[len(ids)]):
                    return None
                ids.clear()
                instances = self._decode(answer.records, connection, fetch_mode, ids)
        # A field class of the program may raise any error. The other decoder raises it again.
        except Exception:  # noqa: BLE001
            return None
        others = {"totalCount": answer.totalCount, "next": answer.next}
        absent = self._msgspec.UNSET
        sent = {name: value for name, value in others.items() if value is not absent}
        return {"records": [], **sent}, instances, ids

    def _decode(
        self, records: Iterable[Any], connection: Connection, mode: FetchMode, ids: list[str]
    ) -> list[Any]:
        # Each record is decoded as soon as it is parsed: then the processor's cache has it.
        parsed = map(self._parse_record, records)
        instances: list[Any] = self._decode_page(parsed, connection, mode, ids)
        return instances

    def _learn_columns(self, record: Any) -> bool:
        """Add the unknown columns of the record's rows to the structs; False if there are none."""
        cells = self._msgspec.json.decode(record)
        learned = {
            table: known.union(*(row["value"] for row in cells[table]["value"]))
            for table, known in self._columns.items()
        }
        number = sum(map(len, learned.values()))
        if learned == self._columns or number > _MOST_COLUMNS:
            return False
        self._use_columns(learned)
        return True

    def _use_columns(self, columns: Mapping[str, frozenset[str]]) -> None:
        struct = self._structs.record(self._fields, columns)
        self._parse_record = self._msgspec.json.Decoder(struct).decode
        self._columns = columns


def _columns(table: Field) -> dict[str, Field]:
    """Return the columns of a table by code."""
    return {column.code: column for column in (table.columns or {}).values()}


def _is_known(field: Field) -> bool:
    """Return True if the shape of the field's values is known."""
    if has_rows(field):
        return all(map(_is_known, _columns(field).values()))
    return field.typed().kintone_type in _VALUES


class _Structs:
    """The structs of an answer. Cells with the same types and values share a struct."""

    def __init__(self, msgspec: Any) -> None:
        self._msgspec = msgspec
        self._cell = cache(self._new_cell)
        any_value = str | None | list[str | dict[str, str]]
        self._any_cell = self._cell(str, any_value) | msgspec.UnsetType

    def answer(self) -> Any:
        """Return the struct of an answer whose records are not parsed yet."""
        absent, default = self._msgspec.UnsetType, self._msgspec.UNSET
        return self._struct(
            ("records", _LIST[self._msgspec.Raw]),
            ("totalCount", str | None | absent, default),
            ("next", bool | absent, default),
        )

    def record(self, fields: Iterable[Field], columns: Mapping[str, Iterable[str]]) -> Any:
        """Return the struct of a record with these fields.

        `columns` has the codes of a table's columns by the code of the table. A row may lack those
        that the model does not declare.
        """
        own = [self._member(code, self._cell(str, str)) for code in ("$id", "$revision")]
        others = [
            self._member(field.code, self._of_field(field, columns.get(field.code, ())))
            for field in fields
        ]
        return self._struct(*own, *others)

    def _of_field(self, field: Field, columns: Iterable[str] = ()) -> Any:
        types = _LITERAL[tuple(sorted(accepted_types(field) or ()))]
        if not has_rows(field):
            return self._cell(types, _VALUES[field.typed().kintone_type])
        declared = _columns(field)
        cells = self._struct(
            *(self._member(code, self._of_field(column)) for code, column in declared.items()),
            *(
                self._member(code, self._any_cell, default=self._msgspec.UNSET)
                for code in columns
                if code not in declared
            ),
        )
        return self._cell(types, _LIST[self._struct(("id", str), ("value", cells))])

    def _new_cell(self, types: Any, value: Any) -> Any:
        return self._struct(("type", types), ("value", value))

    def _member(self, code: str, type_: Any, **default: Any) -> tuple[Any, ...]:
        return _member_name(code), type_, self._msgspec.field(name=code, **default)

    def _struct(self, *members: tuple[Any, ...]) -> Any:
        # A struct lives shorter than a page and is in no cycle, so the collector ignores it.
        return self._msgspec.defstruct("Struct", members, gc=False, forbid_unknown_fields=True)


def _member_name(code: str) -> str:
    """Return the Python name of the member with this code, which may have any characters."""
    return {"$id": "id", "$revision": "revision"}.get(code) or f"f_{code.encode().hex()}"


_STRUCTS = Access(lambda code: f"r.{_member_name(code)}.value", "each.id", "each.value")


@cache
def _library() -> Any:
    """Return the module msgspec, or None if it is not installed."""
    try:
        import msgspec
    except ImportError:
        return None
    return msgspec
