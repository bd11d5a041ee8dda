"""Decoding: from the records that kintone sends to instances.

A decoder is a function that is generated for a model and the fields to read. It has a line for each
field, and calls another function only where the field's type needs one. It does not test the shape
of each value, because the shapes of a whole page are tested before (`page_shapes`).

A record with a value that cannot be decoded is decoded again field by field. Then only the
attribute of that value raises an error when it is read. All records of a page are decoded field by
field if the fields have other types in the app than in the model.
"""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import ref

from kintone_orm.fields.base import UNREADABLE
from kintone_orm.fields.file import FileField
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.http.collector import pausing_collector
from kintone_orm.models.ground.fetch_modes import FETCH_PEERS, FetchMode
from kintone_orm.models.record.decoding.omitted_fields import read_absent
from kintone_orm.models.record.decoding.page_shapes import PageShapes, fits, shapes_of
from kintone_orm.models.record.file_storage import RecordStorage, keep_storage
from kintone_orm.models.record.state import SLOTS, State
from kintone_orm.models.record.tracked_lists import tracked_lists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import tzinfo
    from typing import TypeAlias

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.record.instance import Instance

    Record: TypeAlias = Mapping[str, Any]
    Decoder: TypeAlias = Callable[[Iterable[Record], Connection, FetchMode], list[Any]]

__all__ = ["decode", "fill"]

M = TypeVar("M", bound="Instance")


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
    if not fits(shapes, records):
        decoder, _ = _decoder(model, zone, names, slow=True)
    with pausing_collector():
        instances: list[M] = decoder(records, connection, fetch_mode)
    return instances


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
    decoders = model._meta.decoders
    known, decoder, shapes = decoders.get((id(zone), names, slow), (None, None, None))
    if decoder is None or known is not zone:
        if len(decoders) >= _MOST_DECODERS:
            decoders.clear()
        fields = model._meta.fields
        chosen = [fields[name] for name in (fields if names is None else names)]
        stored = [field for field in chosen if field.has_value]
        decoder, shapes = _make_decoder(model, zone, stored, slow=slow), shapes_of(stored)
        decoders[id(zone), names, slow] = zone, decoder, shapes
    return decoder, shapes


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
    names: dict[str, Any] = {
        "new": object.__new__,
        "ref": ref,
        "PEERS": FETCH_PEERS,
        "model": model,
        "RecordStorage": RecordStorage,
        "keep_storage": keep_storage,
        "State": State,
        "UNREADABLE": UNREADABLE,
        "UTC": timezone.utc,
        "slowly": fill,
        "read_absent": read_absent,
        "stored": stored,
    }
    readers = "".join(_row_reader(field, names, zone) for field in stored if _has_rows(field))
    lines = []
    for field in stored:
        lines.append(f"o._f_{field.name} = {_reading(field, names, zone)}")
        if isinstance(field, (FileField, SubtableField)) and _is_called(field):
            names[f"files_of_{field.name}"] = field
            lines.append(f"keep_storage(o, files_of_{field.name})")
        if field.mutable:
            lines.append(f"o._o_{field.name} = {_copying(field, f'o._f_{field.name}', names)}")
    states = [f"s.{name} = {slot.read}" for name, slot in SLOTS.items() if slot.read != "None"]
    states.append(" = ".join([f"s.{n}" for n, slot in SLOTS.items() if slot.read == "None"]))
    source = readers + _PAGE.format(
        state="\n        ".join([*states[:-1], f"{states[-1]} = None"]),
        fields="raise KeyError" if slow else "\n            ".join(lines or ["pass"]),
    )
    exec(source, names)  # noqa: S102 - our own template; codes and names enter it as literals
    decoder: Decoder = names["decode_page"]
    return decoder


_PAGE = """
def decode_page(records, connection, fetch_mode):
    page, peers, odd = [], [], []
    storage = RecordStorage(model, connection)
    for r in records:
        s = new(State)
        {state}
        o = new(model)
        o._state = s
        o._id = int(r['$id']['value'])
        o._revision = int(r['$revision']['value'])
        try:
            {fields}
        except UNREADABLE:
            slowly(o, r, stored)
            odd.append(o)
        page.append(o)
    if odd:
        read_absent(odd, connection, page)
    if fetch_mode is PEERS and len(page) > 1:
        peers.extend(map(ref, page))
    return page
"""

_ROWS = """
def rows_of_{name}(sent, storage):
    rows = []
    for each in sent:
        o = new({row})
        o._id = int(each['id'])
        r = each['value']
        {fields}
        rows.append(o)
    return rows

def copy_of_{name}(rows):
    return tuple([({copies}) for o in rows])
"""


def _has_rows(field: Field) -> bool:
    """Return True for a subtable that does not override how its rows are read and copied."""
    return (
        isinstance(field, SubtableField)
        and type(field).to_python is SubtableField.to_python
        and type(field).snapshot is SubtableField.snapshot
    )


def _is_called(field: Field) -> bool:
    """Return True if the field's own `to_python` reads its values, without a connection."""
    return not _has_rows(field) and _reader(field.typed()) is None


def _row_reader(table: Any, names: dict[str, Any], zone: tzinfo | None) -> str:
    """Return the source of the functions that read a subtable's rows and take their snapshot."""
    row = f"row_class_{table.name}"
    names[row] = table.row
    lines, copies = [], ["o._id"]
    for field in table.row._fields.values():
        lines.append(f"o._f_{field.name} = {_reading(field, names, zone)}")
        copies.append(_copying(field, f"o._f_{field.name}", names))
    return _ROWS.format(
        name=table.name, row=row, fields="\n        ".join(lines), copies=", ".join(copies)
    )


def _reading(field: Field, names: dict[str, Any], zone: tzinfo | None) -> str:
    """Return the source of an expression that reads the field's value from the JSON `r`.

    The objects that the expression uses are added to `names`.
    """
    raw = f"r[{field.code!r}]['value']"
    if _has_rows(field):
        return f"rows_of_{field.name}({raw}, storage)"
    typed, number = field.typed(), str(len(names))
    expression = _reader(typed)
    if expression is None:
        names[f"read_{number}"] = typed.to_python
        names["zone"] = zone
        return f"read_{number}({raw}, zone)"
    names.update({k.replace("{n}", number): v for k, v in typed.decoder_names(zone).items()})
    return expression.replace("{n}", number).replace("{v}", raw)


def _reader(field: Field) -> str | None:
    return _expression(field, "decode_expression", "to_python")


def _copying(field: Field, value: str, names: dict[str, Any]) -> str:
    """Return the source of an expression that takes the snapshot of the field's value."""
    if _has_rows(field):
        return f"copy_of_{field.name}({value})"
    expression = _expression(field, "copy_expression", "snapshot")
    if expression is None:
        number = str(len(names))
        names[f"copy_{number}"] = field.snapshot
        return f"copy_{number}({value})"
    return expression.replace("{v}", value)


def _expression(field: Field, name: str, method: str) -> str | None:
    """Return the field's attribute `name`, the source of an expression that replaces `method`.

    None if a subclass overrides `method` alone, because the expression would bypass the override.
    """
    expression: str | None = getattr(field, name)
    if name in vars(field):
        return expression
    for cls in type(field).__mro__:
        if name in vars(cls):
            return expression
        if method in vars(cls):
            return None
    return None
