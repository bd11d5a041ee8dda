"""duplicate(): a new record like another."""

from __future__ import annotations

import pytest
from support.models.geography import City, Country

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import DecodeError, FieldDoesNotExist, FieldError
from kintone_orm.fields import ContentFile
from kintone_orm.models.record.decoding.page_decoder import decode
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def kobe(kintone):
    Country.objects.create(code="JP", name="日本")
    City.objects.create(name="Kobe", country="JP", population=5, tags=["port"])
    return City.objects.get()


def test_it_is_new(kobe):
    again = kobe.duplicate()

    assert (again.pk, again.revision, again._state.adding) == (None, None, True)
    assert again != kobe


def test_it_has_the_values_and_saves_them_as_another_record(kobe):
    again = kobe.duplicate()
    again.save()

    found = City.objects.get(pk=again.pk)
    assert (found.name, found.country, found.population, found.tags) == ("Kobe", "JP", 5, ["port"])
    assert City.objects.count() == 2


def test_what_kintone_writes_does_not_go_along(kobe):
    written = set(kobe.duplicate().changed_fields())

    assert written.isdisjoint(["number", "created", "creator", "updated", "country_name"])


def test_values_may_be_given_instead(kobe):
    again = kobe.duplicate(name="Osaka", population=None)

    assert (again.name, again.population, kobe.name) == ("Osaka", None, "Kobe")


def test_nothing_is_shared(kobe):
    kobe.duplicate().tags.append("old")

    assert kobe.changed_fields() == {}


def test_it_sends_nothing(kobe):
    with assert_requests(0):
        kobe.duplicate()


def test_deferred_fields_are_fetched_together(kintone):
    city = City.objects.create(name="Kobe")
    with assert_requests(1):
        assert city.duplicate().population is None


def test_what_is_given_instead_is_not_fetched(kintone):
    city = City.objects.create(name="Kobe", tags=["port"])
    city.refresh_from_db(fields=[n for n, f in City._meta.fields.items() if f.writable])
    with assert_requests(0):
        city.duplicate(name="Osaka")


def test_what_a_new_record_was_not_given_stays_the_apps(kintone):
    assert list(City(name="Kobe").duplicate().changed_fields()) == ["name"]


def test_a_blank_stays_blank_where_there_is_a_default(kintone):
    class Visit(Model):
        place = fields.SingleLineTextField(default="home")

    with emulate(Visit):
        Visit.objects.create(place="")
        assert Visit.objects.get().duplicate().place == ""


def test_a_value_that_cannot_be_read_is_not_lost_without_a_word(kintone):
    values = {"$id": "1", "$revision": "1"} | {f.code: "" for f in City._meta.fields.values()}
    raw = {code: {"value": value} for code, value in (values | {"population": "many"}).items()}
    (city,) = decode(City, [raw], kintone)

    with pytest.raises(DecodeError, match="City.population .* cannot be read"):
        city.duplicate()


class Item(Row):
    what = fields.SingleLineTextField()
    amount = fields.IntegerField()
    scan = fields.FileField()


class Invoice(Model):
    number = fields.SingleLineTextField()
    items = fields.SubtableField(Item)
    paper = fields.FileField()


def test_rows_go_along_as_new_rows(kintone):
    Invoice.objects.create(items=[Item(what="tea", amount=2), Item(what="cup", amount=None)])
    invoice = Invoice.objects.get()
    again = invoice.duplicate()

    assert again.items == invoice.items
    assert [row.id for row in again.items] == [None, None]
    again.items[0].amount = 3
    again.save()
    assert invoice.changed_fields() == {}
    assert [row.amount for row in Invoice.objects.get(pk=again.pk).items] == [3, None]


def test_what_is_no_row_is_refused(kintone):
    line = type("Line", (Row,), {"item": fields.SingleLineTextField()})
    order = type("Order", (Model,), {"lines": fields.SubtableField(line), "__module__": __name__})(
        lines=[{"item": "a"}]
    )
    order.lines.append(None)
    with pytest.raises(FieldError, match=r"lines takes a list of Line, not NoneType None"):
        order.duplicate()


def test_attachments_go_along_as_copies(kintone):
    paper, scan = ContentFile(b"x", "paper.txt"), ContentFile(b"y", "scan.txt")
    Invoice.objects.create(paper=[paper], items=[Item(scan=[scan])])
    again = Invoice.objects.get().duplicate()
    again.save()

    assert (again.paper[0].read(), again.items[0].scan[0].read()) == (b"x", b"y")


def test_an_unknown_name_is_refused(kobe):
    with pytest.raises(FieldDoesNotExist, match="Did you mean 'name'"):
        kobe.duplicate(nme="Osaka")


@pytest.mark.parametrize("name", ["id", "pk", "created"])
def test_what_kintone_gives_out_cannot_be_given(kobe, name):
    with pytest.raises(AttributeError, match="cannot be set"):
        kobe.duplicate(**{name: 3})


def test_it_is_saved_where_the_original_is(kobe):
    with emulate(City):
        kobe.duplicate().save()

    assert City.objects.count() == 2
