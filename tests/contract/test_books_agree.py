"""Two books of kintone's numbers and tables, kept apart on purpose: mapper's and emulator's."""

from __future__ import annotations

import pytest

from kintone_orm import limits as ours
from kintone_orm.emulator import limits as emulated
from kintone_orm.emulator.query import checker
from kintone_orm.emulator.query import ordering as emulated_ordering
from kintone_orm.emulator.query.operators import operators_of
from kintone_orm.query import ordering as our_ordering
from kintone_orm.query.conditions import All, AnyOf, Predicate
from kintone_orm.query.lookups import RULES, Blank, condition_for


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
        (ours.REQUESTS_AT_ONCE, emulated.CONCURRENT_REQUESTS),
    ],
)
def test_a_number_is_the_same_in_both(ours, emulated):
    assert ours == emulated


def operators(condition):
    """The operators that a condition uses, spelled as in a query."""
    if isinstance(condition, (All, AnyOf)):
        return {each for part in condition.parts for each in operators(part)}
    assert isinstance(condition, Predicate)
    whole = condition.operand == "empty"
    return {f"{condition.operator} empty" if whole else condition.operator}


@pytest.mark.parametrize("kintone_type", RULES)
def test_every_lookup_of_ours_uses_operators_that_the_type_has(kintone_type):
    rules = RULES[kintone_type]
    used = set()
    for lookup in rules.lookups:
        for negated in (False, True):
            if lookup in ("contains", "like") and negated and rules.blank is Blank.UNKNOWN:
                continue  # refused: its blanks cannot be told apart
            operands = ['"1"', '"2"'] if lookup in ("in", "range") else ['"1"']
            used |= operators(condition_for("f", rules, lookup, operands, negated=negated))

    assert used <= operators_of(kintone_type, in_table=False)


def test_what_we_sort_by_can_be_sorted_by():
    assert our_ordering._SORTABLE <= emulated_ordering._SORTABLE
