"""kintone's numbers and tables are the same in the mapper and the emulator, which share no code."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import pytest

from kintone_orm import Q, functions
from kintone_orm import limits as ours
from kintone_orm.emulator.forms import definitions
from kintone_orm.emulator.ground import limits as emulated
from kintone_orm.emulator.query import checker, kinds
from kintone_orm.emulator.query import ordering as emulated_ordering
from kintone_orm.emulator.query.operators import operators_of
from kintone_orm.emulator.records import writer
from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.fields import lookup as our_lookups
from kintone_orm.models.writing import upsert
from kintone_orm.query import long_texts
from kintone_orm.query import ordering as our_ordering
from kintone_orm.query.conditions import leaves
from kintone_orm.query.resolve import resolve
from kintone_orm.query.type_rules import RULES


@pytest.mark.parametrize(
    ("ours", "emulated"),
    [
        (ours.RECORDS_PER_PAGE, checker.LIMIT_MAX),
        (ours.MAX_OFFSET, checker.OFFSET_MAX),
        (ours.FIELDS_PER_READ, emulated.FIELDS_PER_REQUEST),
        (ours.RECORDS_PER_WRITE, emulated.RECORDS_PER_WRITE),
        (ours.UPDATE_KEY_CHARACTERS, emulated.UNIQUE_TEXT_LENGTH),
        (ours.REQUESTS_PER_BULK, emulated.REQUESTS_PER_BULK),
        (ours.RECORDS_PER_CURSOR_PAGE, emulated.CURSOR_SIZE_MAX),
        (ours.CURSORS_PER_DOMAIN, emulated.CURSORS_PER_DOMAIN),
        (ours.CURSOR_LIFETIME_SECONDS, emulated.CURSOR_LIFETIME_SECONDS),
        (ours.COMMENTS_PER_PAGE, emulated.COMMENTS_PER_PAGE),
        (ours.COMMENT_CHARACTERS, emulated.COMMENT_LENGTH),
        (ours.MENTIONS_PER_COMMENT, emulated.MENTIONS_PER_COMMENT),
        (ours.APPS_PER_PAGE, emulated.APPS_PER_LIST),
        (ours.FIELDS_PER_DELETE, emulated.FIELDS_PER_DELETE),
        (ours.APPS_PER_DEPLOY, emulated.APPS_PER_DEPLOY),
        (ours.TOKENS_PER_REQUEST, emulated.TOKENS_PER_REQUEST),
        (ours.FILE_BYTES, emulated.FILE_BYTES),
        (ours.UPLOAD_LIFETIME_DAYS, emulated.UPLOAD_LIFETIME_DAYS),
        (ours.REQUESTS_AT_ONCE, emulated.CONCURRENT_REQUESTS),
        (ours.ITEMS_PER_URL_ARRAY, emulated.QUERY_STRING_ITEMS),
        (long_texts.COMPARED_CHARACTERS, kinds.TEXT_COMPARED),
    ],
)
def test_a_number_is_the_same_in_both(ours, emulated):
    assert ours == emulated


def test_our_urls_are_shorter_than_those_that_are_too_long():
    assert ours.URL_CHARACTERS < emulated.URL_BYTES


def test_the_fields_that_can_be_keys_are_the_same_in_both():
    assert set(upsert._KEY_TYPES) == set(writer._KEY_TYPES)
    assert set(our_lookups._KEY_TYPES) == set(definitions._LOOKUP_TYPES)


@dataclass
class Column:
    """A field of one type, as far as a query knows it."""

    kintone_type: str
    table: str | None = None
    code: str = "f"
    columns: None = None
    refers_to: None = None
    most_characters: None = None

    @property
    def asked_as(self):
        return self.kintone_type

    def operand(self, lookup, value, zone):
        return '"2024-02-06T12:59:00Z"'

    def __str__(self):
        return "Any.f"


VALUES = {
    "in": [1, 2],
    "range": [1, 2],
    "isnull": True,
    "year": 2024,
    "month": (2024, 2),
    "date": date(2024, 2, 6),
}
FUNCTIONS = [functions.Today(), functions.ThisWeek(), functions.Now(), functions.LoginUser()]
FUNCTIONS.append(functions.PrimaryOrganization())


def asked(rules):
    """Every lookup of a type with a value, and those with functions."""
    for lookup in rules.lookups:
        for value in (VALUES.get(lookup, 1), *FUNCTIONS):
            yield Q(**{f"f__{lookup}": value})
    yield Q(f__isnull=False)


def operators(condition):
    """The operators that a condition uses on the field, as a query spells them."""
    of_field = [leaf for leaf in leaves(condition) if leaf.code == "f"]
    return {
        f"{leaf.operator} empty" if leaf.operand == "empty" else leaf.operator for leaf in of_field
    }


def used_by(column):
    used = set()
    for q in asked(RULES[column.kintone_type]):
        for negated in (False, True):
            with suppress(FieldError, NotSupportedError):  # a refused comparison sends no operator
                used |= operators(resolve(q, lambda _: column, zone=lambda: None, negated=negated))
    return used


@pytest.mark.parametrize("kintone_type", RULES)
def test_every_lookup_of_ours_uses_operators_that_the_type_has(kintone_type):
    used = used_by(Column(kintone_type))
    assert used
    assert used <= operators_of(kintone_type, in_table=False)


@pytest.mark.parametrize("kintone_type", RULES)
def test_every_lookup_on_a_column_uses_operators_that_tables_have(kintone_type):
    used = used_by(Column(kintone_type, table="lines"))
    assert used
    assert used <= operators_of(kintone_type, in_table=True)


def test_what_we_sort_by_can_be_sorted_by():
    assert our_ordering._SORTABLE <= emulated_ordering._SORTABLE
