"""Refusing to write values that kintone would ignore or refuse, by the app's form.

kintone silently ignores the value of a field that the app does not have, that kintone calculates
itself, or that is in another table. It refuses values that break a rule of the form. So a program
reads the app's form once, before its first write to the app. After `deploy` the form is known
already. The form may have changed since: before an error that rests on the form alone, the form is
read again.

Source: kintone REST API, "Get Form Fields"; "Field Types", table, lookup and calculated.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from kintone_orm import exceptions
from kintone_orm.exceptions import FieldDoesNotExist, FieldError
from kintone_orm.models.ground.app_forms import known_form, read_form, read_precision
from kintone_orm.models.ground.form_rules import known_rules
from kintone_orm.models.ground.read_refusals import translating_read_refusals
from kintone_orm.models.record.relation_keys import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.form_rules import FormRules
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Values
    from kintone_orm.models.record.instance import Instance

    # The problems of each record that has any, by the record's index.
    Problems: TypeAlias = Mapping[int, Mapping[str, list[str]]]

__all__ = ["check_write", "refuse_doubles", "require_fields"]


class Written(Protocol):
    """The values of one record that a write sends, and the snapshots that they replace.

    `place` is the object's index in the program's list. `instance` is None for values that are sent
    for every record.
    """

    @property
    def place(self) -> int: ...
    @property
    def instance(self) -> Instance | None: ...
    @property
    def values(self) -> Values: ...
    @property
    def bases(self) -> Values: ...


def check_write(
    meta: Meta,
    connection: Connection,
    records: Sequence[Written],
    own_problems: Problems,
    names: Iterable[str],
    columns: Callable[[], Mapping[str, Collection[str]]],
    *,
    where: str,
    is_new: bool,
    is_bulk: bool,
) -> None:
    """Raise an error for values that kintone would refuse or ignore.

    At most one request reads the form, and one more the app's settings if a number has too many
    digits for them.

    ValidationError has all problems of all records: those that the model has found itself
    (`own_problems`), and those by the app's form. `is_new` is True if every record is a new one,
    so that kintone checks missing values as well. `is_bulk` names a field "[3].rank". FieldError
    and the arguments `names` and `columns` are those of `require_fields`.
    """

    def find(*, with_digits: bool = True) -> _Found:
        rules = known_rules(meta, connection, with_digits=with_digits)
        return _Found(rules, records, own_problems, is_new=is_new)

    found = find()
    if is_fresh := not found.is_empty:
        _read_again(meta, connection)
        found = find()
        if found.problems != find(with_digits=False).problems:
            read_precision(connection, meta.app_id(connection))
            found = find()
    found.refuse(where, is_bulk=is_bulk)
    form = known_form(meta, connection)
    # The form of a record without values is read as well: it may require fields.
    if meta.app_id(connection) not in connection.forms:
        _read_again(meta, connection)
        is_fresh = True
    require_fields(meta, connection, names, columns, is_fresh=is_fresh)
    if known_form(meta, connection) is not form:
        find().refuse(where, is_bulk=is_bulk)


class _Found:
    """The problems of records: those that the model has found, and those by the form."""

    def __init__(
        self,
        rules: FormRules | None,
        records: Sequence[Written],
        own_problems: Problems,
        *,
        is_new: bool,
    ) -> None:
        self._records = records
        self._own = own_problems
        # The problems by the form of each record that has any, by the record's index.
        self.problems: dict[int, dict[str, list[str]]] = {}
        self._doubles: dict[int, dict[str, int]] = {}
        if rules is not None:
            self._check_values(rules, is_new=is_new)
            if len(records) > 1:
                for name in rules.uniques:
                    self._find_doubles(name)

    @property
    def is_empty(self) -> bool:
        """True if the form's rules refuse no value."""
        return not self.problems and not self._doubles

    def _check_values(self, rules: FormRules, *, is_new: bool) -> None:
        for index, record in enumerate(self._records):
            if not rules.fits(record.values, is_new=is_new):
                known = self._own.get(index, {})
                problems = rules.problems(record.values, record.bases, known, is_new=is_new)
                if problems:
                    self.problems[index] = problems

    def _find_doubles(self, name: str) -> None:
        """Keep each record with the value of an earlier record, with the index of the latter.

        Blanks are no doubles. It is unknown if kintone takes texts that differ only in trailing
        blanks for the same value, so here they differ.
        """
        values = [record.values.get(name) for record in self._records]
        if any(isinstance(value, datetime) for value in values):
            values = list(map(_as_stored, values))
        if len(set(values)) == len(values):
            return
        first: dict[Any, int] = {}
        for index, value in enumerate(values):
            if not is_blank(value) and (before := first.setdefault(value, index)) != index:
                self._doubles.setdefault(index, {})[name] = before

    def refuse(self, where: str, *, is_bulk: bool) -> None:
        """Raise ValidationError if there are any problems, UniqueViolation if some are doubles."""
        errors: dict[str, list[str]] = {}
        taken_by: dict[str, Instance | None] = {}
        for index in sorted({*self._own, *self.problems, *self._doubles}):
            record = self._records[index]
            for problems in (self._own.get(index, {}), self.problems.get(index, {})):
                for name, texts in problems.items():
                    errors.setdefault(_place(record, name, is_bulk=is_bulk), []).extend(texts)
            for name, before in self._doubles.get(index, {}).items():
                place, other = _place(record, name, is_bulk=is_bulk), self._records[before]
                errors.setdefault(place, []).append(
                    f"[{other.place}] has the same value {record.values[name]!r:.80}; the app "
                    "prohibits duplicates in this field."
                )
                taken_by[place] = other.instance
        if taken_by:
            violation = exceptions.UniqueViolation(errors, where=where)
            violation.taken_by = taken_by
            raise violation
        if errors:
            raise exceptions.ValidationError(errors, where=where)


def refuse_doubles(
    meta: Meta, connection: Connection, values: Values, count: int, *, where: str
) -> None:
    """Raise UniqueViolation if `count` records may not all have these `values`.

    Before the error, one request reads the form again.
    """

    def doubles() -> list[str]:
        rules = known_rules(meta, connection) if count > 1 else None
        uniques = () if rules is None else rules.uniques
        return [name for name in uniques if not is_blank(values.get(name))]

    if not doubles():
        return
    _read_again(meta, connection)
    errors = {
        name: f"{count:,} records cannot have the same value {values[name]!r:.80}; the app "
        "prohibits duplicates in this field."
        for name in doubles()
    }
    if errors:
        raise exceptions.UniqueViolation(errors, where=where)


def _place(record: Written, name: str, *, is_bulk: bool) -> str:
    """Return the place of a problem: "rank", or "[3].rank"; "[3]" for the whole record."""
    if not is_bulk:
        return name
    return f"[{record.place}].{name}" if name else f"[{record.place}]"


def _as_stored(value: Any) -> Any:
    """Return the value of a unique field as kintone stores it: datetimes have no seconds."""
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value


def _read_again(meta: Meta, connection: Connection) -> None:
    app = meta.app_id(connection)
    with translating_read_refusals(meta, app):
        read_form(connection, app)


def require_fields(
    meta: Meta,
    connection: Connection,
    names: Iterable[str],
    columns: Callable[[], Mapping[str, Collection[str]]],
    *,
    is_fresh: bool = False,
) -> None:
    """Raise FieldError if kintone would ignore one of the fields `names`; at most one request.

    If `is_fresh`, the form was just read, so it is not read again.

    `columns` returns the names of the columns with sent cells, by the table's name. It is costly,
    so it is called only if kintone would ignore one of the fields or of the tables' columns.
    """
    app = meta.app_id(connection)
    fields = [meta.fields[name] for name in names]
    tables = {field.name: field.columns for field in fields if field.columns}
    all_columns = (column for by_name in tables.values() for column in by_name.values())
    if not _ignored(connection, app, [*fields, *all_columns]):
        return
    sent = columns() if tables else {}
    written = [*fields, *(tables[table][name] for table in tables for name in sent.get(table, ()))]
    if not is_fresh and _ignored(connection, app, written):
        _read_again(meta, connection)
    for field, why in _ignored(connection, app, written).items():
        if why is None:
            raise FieldDoesNotExist(
                f"{field}: app {app} has no field {field.code!r}, or you may not view it; kintone "
                "would ignore its value. Correct the field's code, ask for the right to view the "
                f"field, or add it with deploy({meta.label})."
            )
        raise FieldError(
            f"{field}: in app {app}, the field {field.code!r} {why}; kintone would ignore its "
            "value. Declare the field as it is in the app, or correct its code."
        )


def _ignored(connection: Connection, app: int, written: Iterable[Field]) -> dict[Field, str | None]:
    """Return the fields whose values kintone would ignore, with the reason.

    The reason is None if the app has no such field.
    """
    form = connection.forms.get(app, {})
    # The user may not view the form, so the fields cannot be checked.
    if form is None:
        return {}
    ignored: dict[Field, str | None] = {}
    for field in filter(lambda field: field.writable, written):
        known = form.get(field.code)
        if known is None:
            ignored[field] = None
        elif known.table != field.table:
            table = known.table
            ignored[field] = f"is in the subtable {table!r}" if table else "is not in a subtable"
        elif known.why_ignored is not None:
            ignored[field] = known.why_ignored
        elif not field.is_kept_as(known.type):
            ignored[field] = f"is a {known.type}, not a {field.typed().kintone_type}"
    return ignored
