"""Calculated fields that kintone leaves out of records which are older than the field."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.apps import deploy
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import DecodeError
from kintone_orm.testing import assert_requests, emulate


class BareLine(Row):
    qty = fields.NumberField()


class Bare(Model):
    n = fields.NumberField()
    lines = fields.SubtableField(BareLine)

    class Meta:
        app = "shared"


class Line(Row):
    qty = fields.NumberField()
    double = fields.CalcField("row_double", expression="qty * 2")


class Full(Model):
    n = fields.NumberField()
    double = fields.CalcField(expression="n * 2")
    lines = fields.SubtableField(Line)

    class Meta:
        app = "shared"


@pytest.fixture
def kintone():
    """Two records from before the calculated fields, and nobody has looked at the form since.

    A kintone that others wrote leaves the fields out of them; the emulator sends blanks.
    """
    with emulate(Bare) as connection:
        Bare.objects.bulk_create([Bare(n=n, lines=[BareLine(qty=n)]) for n in (1, 2)])
        deploy(Full)
        connection.forms.clear()
        with connection.wrap(_leave_out):
            yield connection


def _leave_out(send, request):
    response = send(request)
    answer = json.loads(response.body)
    for record in answer.get("records", ()):
        if record.get("$revision", {}).get("value") == "1" and record["$id"]["value"] in "12":
            record.pop("double", None)
            for row in record.get("lines", {"value": ()})["value"]:
                row["value"].pop("row_double", None)
    return replace(response, body=json.dumps(answer).encode())


def test_it_reads_none_where_another_record_of_the_answer_has_it(kintone):
    Full.objects.create(n=3, lines=[Line(qty=3)])
    kintone.forms.clear()
    with assert_requests(1):
        found = list(Full.objects.all())
        assert [item.double for item in found] == [None, None, 6]
        assert [[line.double for line in item.lines] for item in found] == [[None], [None], [6]]
    with assert_requests(1):
        assert list(Full.objects.values_list("double", flat=True)) == [None, None, 6]
    rows = [value["lines"] for value in Full.objects.values("lines")]
    assert [[line.double for line in lines] for lines in rows] == [[None], [None], [6]]


def test_it_reads_none_where_the_form_has_it(kintone):
    with assert_requests(2):  # and the form, once
        assert Full.objects.get(pk=1).double is None
    with assert_requests(1):
        assert Full.objects.get(pk=2).double is None
    assert Full.objects.get(pk=2).lines[0].double is None
    with assert_requests(1):
        assert list(Full.objects.values_list("double", flat=True)) == [None, None]


def test_a_form_that_cannot_be_looked_at_is_asked_for_once_a_page(kintone):
    kintone.emulator.faults.add(Fault.DATABASE_LOCKED, endpoint="app/form/fields", times=None)
    with assert_requests(2):
        page = list(Full.objects.only("double"))
    with pytest.raises(DecodeError, match="did not send Full.double"):
        page[1].double  # noqa: B018


def test_it_is_fetched_after_the_save_that_calculates_it(kintone):
    full = Full.objects.get(pk=1)
    full.n, full.lines[0].qty = 5, 6
    full.save()
    assert (full.double, full.lines[0].double) == (10, 12)


def test_what_the_app_does_not_have_stays_unreadable(kintone):
    class Wrong(Model):
        other = fields.CalcField(expression="n * 3")

        class Meta:
            app = "shared"

    wrong = Wrong.objects.get(pk=1)
    with pytest.raises(DecodeError, match="did not send Wrong.other"):
        wrong.other  # noqa: B018


def test_a_number_that_is_left_out_stays_unreadable_in_its_own_row(kintone):
    class Wrong(Model):
        n = fields.NumberField()
        other = fields.NumberField()

        class Meta:
            app = "shared"

    rows = Wrong.objects.values_list("n", flat=True)
    assert list(rows) == [1, 2]
    with pytest.raises(DecodeError, match="did not send Wrong.other"):
        list(Wrong.objects.values_list("n", "other"))
