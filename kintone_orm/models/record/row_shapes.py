"""Row shapes: the kinds of rows of a queryset, such as instances, dicts, tuples or values."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from kintone_orm.fields.base import UNREADABLE
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.models.ground.answer_checks import impossible_answer
from kintone_orm.models.ground.fetch_modes import FETCH_PEERS, FetchMode
from kintone_orm.models.record.decoding.decoded_page import DecodedPage, page_reader
from kintone_orm.models.record.decoding.page_decoder import (
    RECORD_BY_RECORD,
    decode,
    decode_text,
    name_decoder,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.answer_checks import Page
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.record.decoding.decoded_page import PageReader
    from kintone_orm.models.record.instance import Instance

__all__ = ["Instances", "NamedRow", "Shape", "Values", "restore_row"]


class Shape(Protocol):
    """A kind of rows, and the fields that are read for these rows."""

    def codes(self, meta: Meta) -> list[str]:
        """Return the codes of the fields to read."""
        ...

    def reader(self, model: type[Instance], connection: Connection) -> PageReader:
        """Return the reader of an answer's text, for pages in which nothing is unusual."""
        ...

    def decoder_name(self, model: type[Instance], connection: Connection) -> str:
        """Return the name of the decoder that the reader uses for usual pages."""
        ...

    def rows(self, model: type[Instance], page: Page, connection: Connection) -> Iterable[Any]:
        """Return the rows for the records of a page."""
        ...


@dataclass(frozen=True, slots=True)
class Instances:
    """Rows that are instances of the model, with all fields except `names` loaded.

    If `deferred` is False, only the fields `names` are loaded. All other fields are deferred. `$id`
    and `$revision` are always read.
    """

    names: frozenset[str] = frozenset()
    deferred: bool = True
    fetch_mode: FetchMode = FETCH_PEERS

    def whole(self) -> Instances:
        """Return the shape without deferred fields."""
        return Instances(fetch_mode=self.fetch_mode)

    def only(self, names: frozenset[str]) -> Instances:
        """Return the shape with only these fields, except those that are deferred already."""
        loaded = names - self.names if self.deferred else names
        return replace(self, names=loaded, deferred=False)

    def defer(self, names: frozenset[str]) -> Instances:
        """Return the shape that defers these fields as well."""
        if self.deferred:
            return replace(self, names=self.names | names)
        if self.names - names:
            return replace(self, names=self.names - names)
        return replace(self, names=names - self.names, deferred=True)

    def including(self, name: str) -> Instances:
        """Return the shape that reads this field as well."""
        if not self.names:
            # The shape reads every field already.
            return self
        names = {name}
        return replace(self, names=self.names - names if self.deferred else self.names | names)

    def codes(self, meta: Meta) -> list[str]:
        """Return the codes of the fields that are not deferred, with `$id` and `$revision`."""
        names = self._loaded(meta)
        if names is None:
            return meta.codes
        fields = (meta.fields[name] for name in names)
        return ["$id", "$revision", *(field.code for field in fields if field.has_value)]

    def reader(self, model: type[Instance], connection: Connection) -> PageReader:
        """Return the reader of an answer's text, which decodes the instances."""
        names, mode = self._loaded(model._meta), self.fetch_mode
        return decode_text(model, connection, names=names, fetch_mode=mode)

    def decoder_name(self, model: type[Instance], connection: Connection) -> str:
        """Return "msgspec" if it is installed and knows the types of all fields."""
        return name_decoder(model, connection, self._loaded(model._meta))

    def rows(self, model: type[Instance], page: Page, connection: Connection) -> Iterable[Any]:
        """Return the decoded instances; TransportError for a record without id or revision."""
        names, mode = self._loaded(model._meta), self.fetch_mode
        try:
            return decode(model, page, connection, names=names, fetch_mode=mode)
        # Only the id and the revision can fail here. Any other field that cannot be decoded raises
        # an error when its attribute is read.
        except UNREADABLE as error:
            why = "a record has no $id or no $revision, or one that is not a number"
            raise impossible_answer(connection, why) from error

    def _loaded(self, meta: Meta) -> tuple[str, ...] | None:
        if not self.names:
            return None
        return tuple(name for name in meta.fields if (name in self.names) is not self.deferred)


@dataclass(frozen=True, slots=True)
class Values:
    """Rows with the values of the fields `names`.

    A row is a dict, a tuple, a named tuple or a single value.
    """

    names: tuple[str, ...]
    form: str

    def codes(self, meta: Meta) -> list[str]:
        """Return the codes of the fields, with `$id` and `$revision`, which paging compares."""
        named = (_code(meta, name) for name in self.names)
        return list(dict.fromkeys(["$id", "$revision", *named]))

    def reader(self, model: type[Instance], connection: Connection) -> PageReader:
        """Return the reader of an answer's text, which makes a row of each record."""
        row = self._row_maker(model, connection)

        def decode_records(records: Iterator[Any]) -> DecodedPage:
            ids, rows = [], []
            for record in records:
                ids.append(record["$id"]["value"])
                rows.append(row(record))
            return DecodedPage(ids, rows)

        return page_reader(decode_records)

    def decoder_name(self, model: type[Instance], connection: Connection) -> str:  # noqa: ARG002
        """Return the name of the only decoder of values."""
        return RECORD_BY_RECORD

    def rows(self, model: type[Instance], page: Page, connection: Connection) -> Iterator[Any]:
        """Yield the rows; DecodeError for one that cannot be decoded."""
        row = self._row_maker(model, connection)
        records, before = iter(page), []
        for record in records:
            try:
                made = row(record)
            except UNREADABLE:
                break
            yield made
            before = [record]
        else:
            return
        # A value cannot be decoded, or a calculated value is omitted: the rest of the page is
        # decoded as instances, which handle both cases. The record before the rest is included,
        # because it may show that an omitted field exists. This code is outside of `except`, so
        # that the DecodeError has no context.
        rest = [*before, record, *records]
        make = _FORMS[self.form](self.names)
        for instance in decode(model, rest, connection, names=self._fields(model))[len(before) :]:
            yield make([getattr(instance, name) for name in self.names])

    def _row_maker(
        self, model: type[Instance], connection: Connection
    ) -> Callable[[Mapping[str, Any]], Any]:
        """Return the function that makes a row; it raises UNREADABLE if a value is missing."""
        readers = [_reader(model._meta, name, connection) for name in self.names]
        make = _FORMS[self.form](self.names)
        fields = model._meta.fields
        tables = [i for i, n in enumerate(self.names) if isinstance(fields.get(n), SubtableField)]

        def row(record: Mapping[str, Any]) -> Any:
            values = [read(record[code]["value"]) for code, read in readers]
            if tables and any(row._absent_cells() for place in tables for row in values[place]):
                raise KeyError
            return make(values)

        return row

    def _fields(self, model: type[Instance]) -> tuple[str, ...]:
        return tuple(name for name in self.names if name in model._meta.fields)


def _code(meta: Meta, name: str) -> str:
    return "$revision" if name == "revision" else meta.get_field(name).code


def _reader(meta: Meta, name: str, connection: Connection) -> tuple[str, Callable[[Any], Any]]:
    code = _code(meta, name)
    if code in ("$id", "$revision"):
        return code, int
    to_python, zone = meta.fields[name].typed().to_python, connection.timezone
    return code, lambda raw: to_python(raw, zone)


class NamedRow(tuple[Any, ...]):
    """A row of ``values_list(named=True)``: a named tuple, whose values are attributes as well."""

    __slots__ = ()

    # Type checkers accept every attribute, because the names are known only when the program runs.
    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


@lru_cache(maxsize=256)
def _row_class(names: tuple[str, ...]) -> Any:
    base: Any = namedtuple("Row", names)  # type: ignore[misc]  # known only now

    def __reduce__(row: Any) -> Any:  # noqa: N807
        return restore_row, (names, tuple(row))

    return type("Row", (base, NamedRow), {"__slots__": (), "__reduce__": __reduce__})


def restore_row(names: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    """Return the named tuple that a pickle holds."""
    return _row_class(names)._make(values)


# Pickles of earlier versions call `restore_row` by the name `_unpickled`.
_unpickled = restore_row


_FORMS: Mapping[str, Callable[[tuple[str, ...]], Callable[[list[Any]], Any]]] = {
    "dict": lambda names: lambda values: dict(zip(names, values, strict=True)),
    "tuple": lambda _names: tuple,
    "flat": lambda _names: lambda values: values[0],
    "named": lambda names: _row_class(names)._make,
}
