"""The rules of an app's form that the values of a model must keep.

kintone refuses a blank in a required field, texts that are too long or too short, numbers out of
range and unknown options. The form says which fields have such rules, so the model need not.

Nearly all records keep all rules. So each rule has a quick test, `fits`, which is made once for a
form and a model. Only where a test fails, the sentences about the record are built. A quick test
may fail for a record without problems, for example because of a row that is not sent.

Source: kintone REST API, "Get Form Fields" and "Add Record"; the rules for blanks and missing
values were observed by others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.fields.base import UNSET
from kintone_orm.fields.row_sending import sent_rows
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.models.ground.app_forms import known_form
from kintone_orm.models.ground.value_rules import REQUIRED, ValueRule, quick_test

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from kintone_orm.connection import Connection, FieldRules, KnownField, KnownPrecision
    from kintone_orm.fields.base import Field
    from kintone_orm.fields.subtable_row import Row
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Values

__all__ = ["FormRules", "form_rules", "known_rules"]


class _Table(NamedTuple):
    """The rules of the columns of a subtable, by column name.

    `missing` are the columns without which kintone refuses a new row. `undeclared` are the codes of
    such columns that the row class lacks. `tests` and `needed` are `columns` and `missing` for the
    quick test.
    """

    name: str
    row: type[Row]
    columns: Mapping[str, ValueRule]
    missing: Mapping[str, ValueRule]
    undeclared: Sequence[str]
    tests: Sequence[tuple[Field, Callable[[Any], bool]]]
    needed: Sequence[Field]

    def fits(self, rows: Any) -> bool:
        """Return True if all cells of all rows keep the rules, and no row lacks a cell."""
        if self.undeclared and rows:
            return False
        for row in rows:
            if type(row) is not self.row:
                continue
            for column, fits in self.tests:
                if (cell := row._cell(column)) is not UNSET and not fits(cell):
                    return False
            for column in self.needed:
                if row._cell(column) is UNSET:
                    return False
        return True

    def problems(
        self, rows: Any, loaded: Any, known: Mapping[str, Collection[str]]
    ) -> Iterator[tuple[str, list[str]]]:
        """Yield the place and the sentences of each cell to send that breaks a rule."""
        table, row_class = self.name, self.row
        places = [index for index, row in enumerate(rows) if type(row) is row_class]
        sent = sent_rows([rows[index] for index in places], loaded)
        for index, row in zip(places, sent, strict=True):
            cells = {column.name: cell for column, cell in row.cells}
            for name, rule in self.columns.items():
                place = f"{table}[{index}].{name}"
                if name in cells:
                    yield place, rule.problems(cells[name], known.get(place, ()))
            if row.id is None:
                for name, rule in self.missing.items():
                    place = f"{table}[{index}].{name}"
                    if name not in cells and place not in known:
                        yield place, [rule.problem_if_missing()]
                for code in self.undeclared:
                    yield f"{table}[{index}]", [_undeclared(code, row_class.__name__, "row")]


class FormRules(NamedTuple):
    """The rules of a form for the records of one model.

    * `tests`: the quick tests of sent values, as pairs of a field's name and the test.
    * `missing`: the fields without which kintone refuses a new record.
    * `undeclared`: such fields that the model lacks, by their code.
    * `uniques`: the names of the fields that prohibit duplicates.
    """

    label: str
    tests: Sequence[tuple[str, Callable[[Any], bool]]]
    values: Mapping[str, ValueRule]
    tables: Mapping[str, _Table]
    missing: Mapping[str, ValueRule]
    undeclared: Sequence[str]
    uniques: Sequence[str]

    def fits(self, values: Values, *, is_new: bool) -> bool:
        """Return True if the values of a record keep all rules; False if `problems` must look."""
        for name, fits in self.tests:
            if name in values and not fits(values[name]):
                return False
        if not is_new:
            return True
        return not self.undeclared and self.missing.keys() <= values.keys()

    def problems(
        self,
        values: Values,
        bases: Values,
        known: Mapping[str, Collection[str]],
        *,
        is_new: bool,
    ) -> dict[str, list[str]]:
        """Return the problems of a record's values by place, such as "rank" or "lines[2].qty".

        A problem of the whole record is under "". `bases` are the snapshots that the values
        replace, `known` the problems that the model has found itself.
        """
        found: dict[str, list[str]] = {}
        for name, rule in self.values.items():
            if name in values:
                found[name] = rule.problems(values[name], known.get(name, ()))
        for name, table in self.tables.items():
            if name in values:
                found.update(table.problems(values[name], bases.get(name, UNSET), known))
        if is_new:
            for name, rule in self.missing.items():
                if name not in values and name not in known:
                    found[name] = [rule.problem_if_missing()]
            found[""] = [_undeclared(code, self.label, "record") for code in self.undeclared]
        return {place: texts for place, texts in found.items() if texts}


def known_rules(
    meta: Meta, connection: Connection, *, with_digits: bool = True
) -> FormRules | None:
    """Return the rules by the form that the connection knows, or None; no request.

    `with_digits` adds the app's number precision if the connection knows it.
    """
    form = known_form(meta, connection)
    if not form:
        return None
    precisions = connection.number_precisions if with_digits else {}
    return form_rules(meta, form, precisions.get(meta.app_id(connection)))


def form_rules(
    meta: Meta, form: Mapping[str, KnownField], precision: KnownPrecision | None = None
) -> FormRules:
    """Return the rules of the app's form for the model. They are made once and kept in `meta`.

    The `precision` is that of the app's settings, if they are known. A precision that the model
    declares is checked by the model.
    """
    key, rules = meta.form_rules or (None, None)
    if key is None or rules is None or key[0] is not form or key[1] != precision:
        rules = _rules_of(meta, form if precision is None else _with_digits(meta, form, precision))
        meta.form_rules = (form, precision), rules
    return rules


def _with_digits(
    meta: Meta, form: Mapping[str, KnownField], precision: KnownPrecision
) -> Mapping[str, KnownField]:
    if meta.number_precision is not None:
        return form
    return {
        code: known._replace(rules=known.rules._replace(precision=precision))
        if known.type == "NUMBER"
        else known
        for code, known in form.items()
    }


def _rules_of(meta: Meta, form: Mapping[str, KnownField]) -> FormRules:
    fields = {field.code: field for field in meta.fields.values()}
    values, missing, undeclared = _rules_in(None, fields, form)
    tables = {}
    for field in meta.fields.values():
        if isinstance(field, SubtableField) and field.writable:
            table = _table_of(field, form)
            if table.columns or table.missing or table.undeclared:
                tables[field.name] = table
    tests = [(name, rule.fits) for name, rule in values.items()]
    tests += [(name, table.fits) for name, table in tables.items()]
    uniques = [
        fields[code].name
        for code, known in form.items()
        if known.rules.is_unique and code in fields and fields[code].writable
    ]
    return FormRules(meta.label, tests, values, tables, missing, undeclared, uniques)


def _table_of(field: SubtableField[Any], form: Mapping[str, KnownField]) -> _Table:
    by_code = {column.code: column for column in field.columns.values()}
    columns, missing, undeclared = _rules_in(field.code, by_code, form)
    in_row = field.row._fields
    tests = [(in_row[name], rule.fits) for name, rule in columns.items()]
    needed = [in_row[name] for name in missing]
    return _Table(field.name, field.row, columns, missing, undeclared, tests, needed)


def _rules_in(
    table: str | None, fields: Mapping[str, Field], form: Mapping[str, KnownField]
) -> tuple[dict[str, ValueRule], dict[str, ValueRule], list[str]]:
    """Return the rules for values, the rules for missing values, and the undeclared codes.

    They belong to the fields outside of tables, or to the columns of a table. `fields` are the
    declared ones, by code. kintone ignores the values of some fields, which have no rules then.

    A lookup must have a key if it fills a required field: a blank key makes the field blank.
    """
    values: dict[str, ValueRule] = {}
    missing: dict[str, ValueRule] = {}
    undeclared: list[str] = []
    required_copies = {
        known.copied_by: code
        for code, known in form.items()
        if known.table == table and known.rules.is_required and not known.rules.has_default
    }
    for code, known in form.items():
        if known.table != table or known.why_ignored is not None:
            continue
        field, rules, blank = fields.get(code), known.rules, REQUIRED
        if code in required_copies and not rules.is_required:
            rules = rules._replace(is_required=True)
            blank = (
                f"Required: this lookup fills {required_copies[code]!r}, which the app requires."
            )
        if field is None:
            if rules.refuses_missing:
                undeclared.append(code)
            continue
        rule = ValueRule(field, rules, quick_test(field, rules), blank)
        # A value of another type is refused as a whole, by `form_check`.
        if field.writable and field.is_kept_as(known.type) and _has_rules(field, rules):
            values[field.name] = rule
        # The model's own check names a missing value of a field that the model requires.
        if rules.refuses_missing and not (field.required and field.writable):
            missing[field.name] = rule
    return values, missing, undeclared


def _has_rules(field: Field, rules: FieldRules) -> bool:
    """Return True if there is a rule that the model's own check does not contain."""
    if rules.is_required and not field.required:
        return True
    if rules.options is not None:
        choices = getattr(field, "choices", ())
        return not choices or not set(choices) <= set(rules.options)
    limits = (rules.max_length, rules.min_value, rules.max_value, rules.precision)
    return rules.min_length > 0 or any(limit is not None for limit in limits)


def _undeclared(code: str, label: str, kind: str) -> str:
    return (
        f"The app requires {code!r}, which {label} does not declare, so kintone refuses every new "
        f"{kind}. Declare the field, or give it a default in the app."
    )
