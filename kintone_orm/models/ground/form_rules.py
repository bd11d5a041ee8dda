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

import enum
from decimal import MAX_PREC, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Context, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.fields.base import UNSET
from kintone_orm.fields.row_sending import sent_rows
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.limits import characters
from kintone_orm.models.ground.app_forms import known_form
from kintone_orm.query.resolve import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from kintone_orm.connection import Connection, FieldRules, KnownField, KnownPrecision
    from kintone_orm.fields.base import Field
    from kintone_orm.fields.subtable_row import Row
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Values

__all__ = ["FormRules", "form_rules", "known_rules"]

_REQUIRED = "Required: kintone refuses a blank here."
_SHOWN_OPTIONS = 20
_ROUNDING = {"HALF_EVEN": ROUND_HALF_EVEN, "UP": ROUND_UP, "DOWN": ROUND_DOWN}


class _Rule(NamedTuple):
    """The rules of one field. If ``fits(value)`` is true, the value keeps them.

    `blank` is the sentence about a blank in a required field.
    """

    field: Field
    rules: FieldRules
    fits: Callable[[Any], bool]
    blank: str = _REQUIRED

    def problems(self, value: Any, known: Collection[str]) -> list[str]:
        """Return sentences about the value; `known` are the sentences that the model has already.

        A problem that the model has found is not repeated.
        """
        if self.rules.options is not None and value != self.field.empty_value():
            options = value if isinstance(value, list) else [value]
            found = (self._option_problem(option, known) for option in options)
            return list(dict.fromkeys(filter(None, found)))
        if known:
            return []
        if value == self.field.empty_value() and self.rules.is_required:
            return [self.blank]
        return [*_length_problems(self.rules, value), *_number_problems(self.rules, value)]

    def _option_problem(self, option: Any, known: Collection[str]) -> str | None:
        field: Any = self.field
        name = option.value if isinstance(option, enum.Enum) else option
        options = self.rules.options or ()
        if not isinstance(name, str) or name in options:
            return None
        if known and field.option_problem(option):
            return None
        shown = ", ".join(map(repr, options[:_SHOWN_OPTIONS]))
        more = len(options) - _SHOWN_OPTIONS
        rest = f" and {more:,} more" if more > 0 else ""
        return f"{name!r} is not among the app's options {shown}{rest}.{nearest(name, options)}"

    def problem_if_missing(self) -> str:
        """Return the sentence about a new record or row without the field."""
        if self.rules.is_required:
            return self.blank
        return next(_length_problems(self.rules, ""))


class _Table(NamedTuple):
    """The rules of the columns of a subtable, by column name.

    `missing` are the columns without which kintone refuses a new row. `undeclared` are the codes of
    such columns that the row class lacks. `tests` and `needed` are `columns` and `missing` for the
    quick test.
    """

    name: str
    row: type[Row]
    columns: Mapping[str, _Rule]
    missing: Mapping[str, _Rule]
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
    values: Mapping[str, _Rule]
    tables: Mapping[str, _Table]
    missing: Mapping[str, _Rule]
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
) -> tuple[dict[str, _Rule], dict[str, _Rule], list[str]]:
    """Return the rules for values, the rules for missing values, and the undeclared codes.

    They belong to the fields outside of tables, or to the columns of a table. `fields` are the
    declared ones, by code. kintone ignores the values of some fields, which have no rules then.

    A lookup must have a key if it fills a required field: a blank key makes the field blank.
    """
    values: dict[str, _Rule] = {}
    missing: dict[str, _Rule] = {}
    undeclared: list[str] = []
    required_copies = {
        known.copied_by: code
        for code, known in form.items()
        if known.table == table and known.rules.is_required and not known.rules.has_default
    }
    for code, known in form.items():
        if known.table != table or known.why_ignored is not None:
            continue
        field, rules, blank = fields.get(code), known.rules, _REQUIRED
        if code in required_copies and not rules.is_required:
            rules = rules._replace(is_required=True)
            blank = (
                f"Required: this lookup fills {required_copies[code]!r}, which the app requires."
            )
        if field is None:
            if rules.refuses_missing:
                undeclared.append(code)
            continue
        rule = _Rule(field, rules, _test(field, rules), blank)
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


# -- quick tests -----------------------------------------------------------------------------------


def _test(field: Field, rules: FieldRules) -> Callable[[Any], bool]:
    if rules.options is not None:
        return _test_of_options(field, rules)
    if rules.min_length or rules.max_length is not None:
        return _test_of_length(rules)
    limits = (rules.min_value, rules.max_value, rules.precision)
    if any(limit is not None for limit in limits):
        return _test_of_range(rules)
    blank = field.empty_value() if rules.is_required else None
    return (lambda value: value != blank) if rules.is_required else (lambda _value: True)


def _test_of_options(field: Any, rules: FieldRules) -> Callable[[Any], bool]:
    names = rules.options or ()
    members = (field.members[name] for name in names if name in getattr(field, "members", ()))
    accepted = frozenset([*names, *members])

    def one(value: Any) -> bool:
        return value in accepted if value is not None else not rules.is_required

    def several(value: Any) -> bool:
        try:
            return accepted.issuperset(value) and bool(value or not rules.is_required)
        except TypeError:  # an item without a hash is refused by the model
            return False

    return one if field.empty_value() is None else several


def _test_of_length(rules: FieldRules) -> Callable[[Any], bool]:
    least, most = rules.min_length or int(rules.is_required), rules.max_length
    # A character of Python has one or two UTF-16 units.
    surely = None if most is None else most // 2

    def fits(value: str) -> bool:
        length = len(value)
        return length >= least and (
            most is None or surely is None or length <= surely or characters(value) <= most
        )

    return fits


def _test_of_range(rules: FieldRules) -> Callable[[Any], bool]:
    least, most, is_required = rules.min_value, rules.max_value, rules.is_required
    precision = rules.precision
    # A number below this limit is not rounded up to more digits than the app allows.
    surely = None if precision is None else 10 ** (precision.digits - precision.decimal_places) - 1

    def fits(value: Any) -> bool:
        if value is None:
            return not is_required
        return (
            (least is None or value >= least)
            and (most is None or value <= most)
            and (surely is None or -surely < value < surely)
        )

    return fits


# -- sentences -------------------------------------------------------------------------------------


def _length_problems(rules: FieldRules, value: Any) -> Iterator[str]:
    """Yield a sentence about the length of a text; kintone applies a minimum to blanks as well."""
    if not isinstance(value, str):
        return
    length = characters(value)
    has = f"{value!r:.80} has {length:,} characters"
    if length < rules.min_length:
        yield f"{has}; the app's field takes at least {rules.min_length:,}."
    if rules.max_length is not None and length > rules.max_length:
        yield f"{has}; the app's field takes at most {rules.max_length:,}."


def _number_problems(rules: FieldRules, value: Any) -> Iterator[str]:
    """Yield sentences about a number: its range before it is rounded, its digits afterwards."""
    if value is None:
        return
    if rules.min_value is not None and value < rules.min_value:
        yield f"{value} is too small; the app's field takes at least {rules.min_value}."
    if rules.max_value is not None and value > rules.max_value:
        yield f"{value} is too large; the app's field takes at most {rules.max_value}."
    if rules.precision is not None:
        limit = rules.precision.digits - rules.precision.decimal_places
        stored = _rounded(Decimal(value), rules.precision)
        if stored and stored.adjusted() + 1 > limit:
            yield (
                f"{value} has more than {limit} digits before the decimal point, which is the "
                "limit of the app."
            )


def _rounded(number: Decimal, precision: KnownPrecision) -> Decimal:
    context = Context(prec=MAX_PREC, rounding=_ROUNDING[precision.rounding_mode])
    return number.quantize(Decimal(1).scaleb(-precision.decimal_places), context=context)


def _undeclared(code: str, label: str, kind: str) -> str:
    return (
        f"The app requires {code!r}, which {label} does not declare, so kintone refuses every new "
        f"{kind}. Declare the field, or give it a default in the app."
    )
