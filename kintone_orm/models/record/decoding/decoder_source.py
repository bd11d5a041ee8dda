"""Source of the generated decoders: lines that put the values of a record into an instance.

There are two decoders. One reads the dicts of the standard library's `json`, the other reads
msgspec's structs. They differ only in how an expression reaches a value: see `Access`.
"""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import ref

from kintone_orm.fields.file import FileField
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.models.ground.fetch_modes import FETCH_PEERS
from kintone_orm.models.record.file_storage import RecordStorage, keep_storage
from kintone_orm.models.record.state import SLOTS, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import tzinfo

    from kintone_orm.fields.base import Field
    from kintone_orm.models.record.instance import Instance

__all__ = ["Access", "FieldSource", "has_rows", "make_decoder"]


class Access(NamedTuple):
    """Expressions that reach the parts of a record `r`, or of the row `each` of a subtable."""

    value: Callable[[str], str]
    """Returns the expression of the value of the field with this code in `r`."""
    row_id: str
    row_cells: str


_PAGE = """
def decode_page(records, connection, fetch_mode{more}):
    page, peers = [], []
    storage = RecordStorage(model, connection)
    for r in records:
        s = new(State)
        {state}
        o = new(model)
        o._state = s
        o._id = int({id})
        o._revision = int({revision})
        {fields}
        page.append(o)
    if fetch_mode is PEERS and len(page) > 1:
        peers.extend(map(ref, page))
    return page
"""

_ROWS = """
def rows_of_{name}(sent, storage):
    rows = []
    for each in sent:
        o = new({row})
        o._id = int({id})
        r = {cells}
        {fields}
        rows.append(o)
    return rows

def copy_of_{name}(rows):
    return tuple([({copies}) for o in rows])
"""


def make_decoder(
    model: type[Instance],
    access: Access,
    lines: Iterable[str],
    names: dict[str, Any],
    *,
    functions: str = "",
    more: str = "",
) -> Any:
    """Return the function ``decode_page(records, connection, fetch_mode)``, which makes instances.

    For each record `r`, its `lines` fill the fields of the instance `o`. They use the objects in
    `names`, the `functions`, and further parameters: `more` is ``, odd`` for a parameter `odd`.
    """
    states = [f"s.{name} = {slot.read}" for name, slot in SLOTS.items() if slot.read != "None"]
    blanks = " = ".join(f"s.{name}" for name, slot in SLOTS.items() if slot.read == "None")
    source = functions + _PAGE.format(
        more=more,
        state="\n        ".join([*states, f"{blanks} = None"]),
        id=access.value("$id"),
        revision=access.value("$revision"),
        fields="\n        ".join(lines),
    )
    names |= {
        "new": object.__new__,
        "ref": ref,
        "PEERS": FETCH_PEERS,
        "model": model,
        "RecordStorage": RecordStorage,
        "State": State,
    }
    exec(source, names)  # noqa: S102 - our own template; codes and names enter it as literals
    return names["decode_page"]


class FieldSource:
    """The lines that decode some fields, and the functions and objects that these lines use."""

    def __init__(self, fields: Sequence[Field], access: Access, zone: tzinfo | None) -> None:
        self._access = access
        self._zone = zone
        self.names: dict[str, Any] = {
            "new": object.__new__,
            "keep_storage": keep_storage,
            "UTC": timezone.utc,
        }
        self.functions = "".join(self._row_functions(field) for field in fields if has_rows(field))
        self.lines = [line for field in fields for line in self._lines(field)] or ["pass"]

    def _lines(self, field: Field) -> Iterable[str]:
        yield f"o._f_{field.name} = {self._reading(field)}"
        if isinstance(field, (FileField, SubtableField)) and _is_called(field):
            self.names[f"files_of_{field.name}"] = field
            yield f"keep_storage(o, files_of_{field.name})"
        if field.mutable:
            yield f"o._o_{field.name} = {self._copying(field)}"

    def _row_functions(self, table: Any) -> str:
        """Return the source of the functions that read a subtable's rows and copy them."""
        row, cells = f"row_class_{table.name}", table.row._fields.values()
        self.names[row] = table.row
        lines = [f"o._f_{field.name} = {self._reading(field)}" for field in cells]
        return _ROWS.format(
            name=table.name,
            row=row,
            id=self._access.row_id,
            cells=self._access.row_cells,
            fields="\n        ".join(lines),
            copies=", ".join(["o._id", *map(self._copying, cells)]),
        )

    def _reading(self, field: Field) -> str:
        """Return the expression that reads the field's value from `r`."""
        raw = self._access.value(field.code)
        if has_rows(field):
            return f"rows_of_{field.name}({raw}, storage)"
        typed, number = field.typed(), str(len(self.names))
        expression = _reader(typed)
        if expression is None:
            self.names[f"read_{number}"] = typed.to_python
            self.names["zone"] = self._zone
            return f"read_{number}({raw}, zone)"
        names = typed.decoder_names(self._zone)
        self.names.update({k.replace("{n}", number): v for k, v in names.items()})
        return expression.replace("{n}", number).replace("{v}", raw)

    def _copying(self, field: Field) -> str:
        """Return the expression that takes the snapshot of the field's value in `o`."""
        value = f"o._f_{field.name}"
        if has_rows(field):
            return f"copy_of_{field.name}({value})"
        expression = _expression(field, "copy_expression", "snapshot")
        if expression is None:
            number = str(len(self.names))
            self.names[f"copy_{number}"] = field.snapshot
            return f"copy_{number}({value})"
        return expression.replace("{v}", value)


def has_rows(field: Field) -> bool:
    """Return True for a subtable that does not override how its rows are read and copied."""
    return (
        isinstance(field, SubtableField)
        and type(field).to_python is SubtableField.to_python
        and type(field).snapshot is SubtableField.snapshot
    )


def _is_called(field: Field) -> bool:
    """Return True if the field's own `to_python` reads its values, without a connection."""
    return not has_rows(field) and _reader(field.typed()) is None


def _reader(field: Field) -> str | None:
    return _expression(field, "decode_expression", "to_python")


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
