"""Decoding: from the records that kintone sends to instances.

A decoder is a function that is generated for a model and the fields to read. It has a line for each
field, and calls another function only where the field's type needs one. It does not test the shape
of each value, because the shapes of a whole page are tested before (`page_shapes`).

A record with a value that cannot be decoded is decoded again field by field. Then only the
attribute of that value raises an error when it is read. All records of a page are decoded field by
field if the fields have other types in the app than in the model.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from kintone_orm.fields.base import UNREADABLE
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.http.collector import pausing_collector
from kintone_orm.models.ground.answer_checks import are_numbers
from kintone_orm.models.ground.fetch_modes import FETCH_PEERS, FetchMode
from kintone_orm.models.record.decoding.decoded_page import DecodedPage, page_reader
from kintone_orm.models.record.decoding.decoder_source import Access, FieldSource, make_decoder
from kintone_orm.models.record.decoding.fast_pages import fast_reader
from kintone_orm.models.record.decoding.omitted_fields import read_absent
from kintone_orm.models.record.decoding.page_shapes import (
    OtherShape,
    PageShapes,
    checking_shapes,
    shapes_of,
)
from kintone_orm.models.record.file_storage import keep_storage
from kintone_orm.models.record.tracked_lists import tracked_lists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo
    from typing import TypeAlias

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.record.decoding.decoded_page import PageReader
    from kintone_orm.models.record.decoding.fast_pages import FastReader
    from kintone_orm.models.record.instance import Instance

    Record: TypeAlias = Mapping[str, Any]
    Decoder: TypeAlias = Callable[
        [Iterable[Record], Connection, FetchMode, list[str], list[Any]], list[Any]
    ]

__all__ = ["RECORD_BY_RECORD", "decode", "decode_text", "fill", "name_decoder"]

RECORD_BY_RECORD = "record by record"

M = TypeVar("M", bound="Instance")
T = TypeVar("T")

# The number of decoders that are kept for each model. It is limited, because only() and defer()
# with ever new names would fill the memory.
_MOST_DECODERS = 100


def decode(
    model: type[M],
    records: Sequence[Record],
    connection: Connection,
    *,
    names: tuple[str, ...] | None = None,
    fetch_mode: FetchMode = FETCH_PEERS,
) -> list[M]:
    """Return the instances for `records`, read through `connection`.

    If `names` is given, only the fields with these names are decoded. The other fields are
    deferred, and `fetch_mode` says how they are fetched.
    """
    zone = connection.timezone
    decoder, shapes = _decoder(model, zone, names)
    odd: list[M] = []
    instances: list[M]
    with pausing_collector():
        try:
            fitting = checking_shapes(shapes, records)
            instances = decoder(fitting, connection, fetch_mode, [], odd)
        except (OtherShape, KeyError, TypeError):
            # A KeyError or TypeError: a record names no types, or it lacks one of the fields.
            odd.clear()
            decoder, _ = _decoder(model, zone, names, slow=True)
            instances = decoder(records, connection, fetch_mode, [], odd)
    if odd:
        read_absent(odd, connection, instances)
    return instances


def decode_text(
    model: type[Instance],
    connection: Connection,
    *,
    names: tuple[str, ...] | None = None,
    fetch_mode: FetchMode = FETCH_PEERS,
) -> PageReader:
    """Return the reader of an answer's records, which decodes each as soon as it is parsed.

    The reader takes the body, and returns the answer without its records, and the page. It returns
    None if `decode` is needed: for an answer that is laid out in another way, that is not kintone's
    or whose fields have other types than those of the model. It sends no request.
    """
    decoder, shapes = _decoder(model, connection.timezone, names)

    def decode_records(records: Iterator[Record]) -> DecodedPage:
        ids: list[str] = []
        odd: list[Any] = []
        instances = decoder(checking_shapes(shapes, records), connection, fetch_mode, ids, odd)
        return DecodedPage(ids, instances, odd)

    read, read_fast = page_reader(decode_records), _fast_reader(model, connection.timezone, names)
    if read_fast is None:
        return read

    def read_either(body: bytes) -> tuple[dict[str, Any], DecodedPage] | None:
        with pausing_collector():
            fast_page = read_fast(body, connection, fetch_mode)
        if fast_page is None or not are_numbers(fast_page[2]):
            return read(body)
        answer, instances, ids = fast_page
        return answer, DecodedPage(ids, instances)

    return read_either


def name_decoder(
    model: type[Instance], connection: Connection, names: tuple[str, ...] | None
) -> str:
    """Return the name of the decoder that reads usual pages with these fields."""
    has_fast = _fast_reader(model, connection.timezone, names) is not None
    return "msgspec" if has_fast else RECORD_BY_RECORD


def _decoder(
    model: type[Instance],
    zone: tzinfo | None,
    names: tuple[str, ...] | None,
    *,
    slow: bool = False,
) -> tuple[Decoder, PageShapes]:
    """Return the decoder of these fields and the shapes that it expects; both are cached.

    A `slow` decoder reads each record field by field.
    """

    def make() -> tuple[Decoder, PageShapes]:
        fields = model._meta.fields
        chosen = [fields[name] for name in (fields if names is None else names)]
        stored = [field for field in chosen if field.has_value]
        return _make_decoder(model, zone, stored, slow=slow), shapes_of(stored)

    return _cached(model, zone, (names, "slow" if slow else "dicts"), make)


def _fast_reader(
    model: type[Instance], zone: tzinfo | None, names: tuple[str, ...] | None
) -> FastReader | None:
    """Return the cached reader of these fields that uses msgspec; None if there is none."""
    return _cached(model, zone, (names, "msgspec"), partial(fast_reader, model, zone, names))


def _cached(model: type[Instance], zone: tzinfo | None, key: object, make: Callable[[], T]) -> T:
    """Return the model's decoder for this zone and key; `make` makes it at the first call."""
    decoders = model._meta.decoders
    entry = decoders.get((id(zone), key))
    if entry is None:
        if len(decoders) >= _MOST_DECODERS:
            decoders.clear()
        # The entry keeps the zone alive, so that no other zone gets its id.
        entry = decoders[id(zone), key] = zone, make()
    decoder: T = entry[1]
    return decoder


def fill(
    instance: Instance,
    record: Record,
    fields: Iterable[Field],
    *,
    keep_edits: bool = True,
) -> bool:
    """Decode `fields` one by one from `record` into `instance`.

    Unsaved changes of tracked lists stay, if `keep_edits`. Return True if others have changed the
    stored value on which such a change is based.
    """
    overtaken = False
    connection = instance._state.connection
    zone = None if connection is None else connection.timezone
    undecoded, tracked = instance._state.undecoded or {}, tracked_lists(instance)
    for field in fields:
        undecoded.pop(field.name, None)
        before = field.peek(instance)
        try:
            field.put(instance, field.to_python(record[field.code]["value"], zone))
        except UNREADABLE:
            (field.hide if field.name in tracked else field.clear)(instance)
            undecoded[field.name] = record.get(field.code)
        else:
            keep_storage(instance, field)
            read: Any = field.peek(instance)
            if isinstance(field, SubtableField):
                for row in read:
                    # The error of a cell that cannot be decoded names the record.
                    row._record = instance
            overtaken |= tracked.learn(
                instance, field, read, record, instead_of=before, keep_edits=keep_edits
            )
    instance._state.undecoded = undecoded or None
    return overtaken


def _make_decoder(
    model: type[Instance], zone: tzinfo | None, stored: Sequence[Field], *, slow: bool
) -> Decoder:
    source = FieldSource(() if slow else stored, _DICTS, zone)
    lines = ["raise KeyError"] if slow else source.lines
    guarded = [_ID, _GUARDED.format(fields="\n            ".join(lines))]
    names = source.names | {"UNREADABLE": UNREADABLE, "slowly": fill, "stored": stored}
    decoder: Decoder = make_decoder(
        model, _DICTS, guarded, names, functions=source.functions, more=", ids, odd"
    )
    return decoder


_DICTS = Access(lambda code: f"r[{code!r}]['value']", "each['id']", "each['value']")

_ID = f"ids.append({_DICTS.value('$id')})"

_GUARDED = """try:
            {fields}
        except UNREADABLE:
            slowly(o, r, stored)
            odd.append(o)"""
