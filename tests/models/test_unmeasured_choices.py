"""No promise of the mapper depends on unknown behavior of kintone.

Each test runs under both answers of one of the emulator's switches (docs/choices.md). Blanks in
conditions and periods are judged by the laws of filters, seconds by test_created_times.py.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.emulator import choices
from kintone_orm.exceptions import UniqueViolation, ValidationError
from kintone_orm.testing import emulate


class Line(Row):
    item = fields.SingleLineTextField(default="bolt")
    qty = fields.NumberField(default=1)


class Bill(Model):
    code = fields.SingleLineTextField(unique=True)
    memo = fields.MultiLineTextField()
    amount = fields.NumberField()
    copied = fields.CalcField(expression="amount")
    is_blank = fields.CalcField(expression='IF(amount = "", 1, 0)')
    lines = fields.SubtableField(Line)


@pytest.fixture
def switched(monkeypatch):
    """Set a switch before the first request."""
    with emulate(Bill):
        yield lambda switch, answer: monkeypatch.setattr(choices, switch, answer)


both = pytest.mark.parametrize("answer", [True, False])


@both
def test_a_calculated_field_without_a_result_is_none(switched, answer):
    switched("CALC_MAY_BE_MISSING", answer)
    blank = Bill.objects.create(code="blank")
    filled = Bill.objects.create(code="filled", amount=3)
    read = {bill.code: bill for bill in Bill.objects.all()}
    assert (read["blank"].copied, read["filled"].copied) == (None, 3)
    assert Bill.objects.get(pk=blank.pk).copied is None
    assert list(Bill.objects.order_by("pk").values_list("copied", flat=True)) == [None, 3]
    assert [bill.copied for bill in Bill.objects.only("copied").order_by("pk")] == [None, 3]
    filled.amount = None
    filled.save()
    filled.refresh_from_db()
    assert filled.copied is None


@both
def test_a_row_that_a_save_adds_is_what_it_was_in_python(switched, answer):
    switched("NEW_ROWS_OF_UPDATES_HAVE_DEFAULTS", answer)
    bill = Bill.objects.create(code="a", lines=[Line(item="nut")])
    bill.lines.append(Line(qty=5))
    bill.lines.append(Line(item="", qty=None))
    bill.save()
    read = Bill.objects.get(pk=bill.pk)
    rows = [(line.item, line.qty) for line in read.lines]
    assert rows == [("nut", 1), ("bolt", 5), ("", None)]
    assert [(line.item, line.qty) for line in bill.lines] == rows


@pytest.mark.parametrize("answer", ["", "ja", "en"])
def test_a_refusal_names_its_field_in_every_language(switched, answer):
    switched("DISPLAY_LANGUAGE", answer)
    Bill.objects.create(code="a")
    with pytest.raises(UniqueViolation) as taken:
        Bill.objects.create(code="a")
    assert "code" in str(taken.value)
    with pytest.raises(ValidationError) as too_long:
        Bill.objects.create(code="b", amount=Decimal(10) ** 12)
    assert "amount" in str(too_long.value)
    assert list(Bill.objects.values_list("code", flat=True)) == ["a"]


@both
def test_a_text_with_a_blank_after_it_is_refused_or_kept_as_it_is(switched, answer):
    switched("UNIQUE_IGNORES_BLANKS_AT_THE_END", answer)
    Bill.objects.create(code="a")
    if answer:
        with pytest.raises(UniqueViolation):
            Bill.objects.create(code="a ")
    else:
        Bill.objects.create(code="a ")
    kept = ["a"] if answer else ["a", "a "]
    assert [bill.code for bill in Bill.objects.order_by("pk")] == kept


@both
def test_words_are_found_in_the_case_that_they_have(switched, answer):
    switched("LIKE_IGNORES_CASE", answer)
    Bill.objects.create(code="a", memo="in Tokyo")
    assert Bill.objects.filter(memo__like="Tokyo").count() == 1
    assert Bill.objects.filter(memo__like="Osaka").count() == 0


@both
def test_a_record_that_a_lagging_search_finds_is_read_as_it_is_now(switched, answer):
    switched("SEARCH_LAGS", answer)
    bill = Bill.objects.create(code="a", memo="old")
    bill.memo = "new"
    bill.save()
    word = "old" if answer else "new"
    assert [found.memo for found in Bill.objects.filter(memo__like=word)] == ["new"]
    assert Bill.objects.filter(code="a", memo__isnull=False).get().memo == "new"
    other = "new" if answer else "old"
    assert not Bill.objects.filter(memo__like=other).exists()


@both
def test_what_a_formula_makes_of_a_blank_is_read_as_it_is(switched, answer):
    switched("BLANK_NUMBER_EQUALS_EMPTY_TEXT", answer)
    bill = Bill.objects.create(code="a")
    assert Bill.objects.get(pk=bill.pk).is_blank == int(answer)
    assert Bill.objects.filter(is_blank=int(answer)).count() == 1
