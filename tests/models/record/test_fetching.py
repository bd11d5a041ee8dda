"""Deferred values that are fetched while others write: the record's revision, and its conflicts."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from support.workflows import signed_in

from kintone_orm import Model, Row, fields
from kintone_orm.apps import deploy
from kintone_orm.fields import User
from kintone_orm.models.record.changes import changes
from kintone_orm.testing import assert_requests, emulate, freeze


class Line(Row):
    item = fields.SingleLineTextField()
    qty = fields.NumberField()


class Order(Model):
    paid = fields.IntegerField()
    note = fields.SingleLineTextField()
    tags = fields.CheckBoxField(choices=["a", "b"])
    shape = fields.RadioButtonField(choices=["round", "square"])
    lines = fields.SubtableField(Line)
    updated = fields.UpdatedTimeField()
    modifier = fields.ModifierField()


@pytest.fixture(autouse=True)
def kintone():
    with emulate(Order) as connection:
        yield connection


def theirs(**values):
    """Write the record as another program."""
    Order.objects.filter(paid__gte=0).update(**values)


def test_a_record_of_which_others_changed_what_it_holds_is_not_deleted_unseen():
    mine = Order.objects.create(paid=0)
    theirs(paid=50)
    assert mine.paid == 0
    assert mine.updated is not None
    with pytest.raises(Order.Conflict):
        mine.delete()
    assert Order.objects.get().paid == 50


def test_a_number_is_not_added_to_one_that_others_changed():
    mine = Order.objects.create(paid=0)
    theirs(paid=50)
    seen = mine.paid
    assert mine.updated is not None
    mine.paid = seen + 1
    with pytest.raises(Order.Conflict) as conflict:
        mine.save()
    assert conflict.value.both == {"paid"}
    assert conflict.value.theirs["paid"] == (0, 50)
    mine.refresh_from_db()
    mine.paid += 1
    mine.save()
    assert Order.objects.get().paid == 51


def test_rows_that_are_read_after_a_save_bring_no_revision_along():
    mine = Order.objects.create(paid=0, lines=[Line(item="a")])
    theirs(paid=50)
    assert [line.item for line in mine.lines] == ["a"]
    mine.lines[0].qty = 1
    with pytest.raises(Order.Conflict):
        mine.save()


def test_a_hook_that_writes_another_field_costs_no_conflict():
    mine = Order.objects.create(paid=0)
    theirs(note="from the hook")
    with assert_requests(1):
        assert (mine.updated is None, mine.note) == (False, "from the hook")
    mine.paid = 1
    with assert_requests(1):
        mine.save()
    assert Order.objects.get().note == "from the hook"


def test_unsaved_edits_stay_when_the_record_takes_the_new_revision():
    mine = Order.objects.create(paid=0, tags=["a"])
    theirs(note="from the hook")
    mine.paid = 1
    mine.tags.append("b")
    assert mine.updated is not None
    assert mine.revision == 2
    mine.save()
    found = Order.objects.get()
    assert (found.paid, found.tags, found.note) == (1, ["a", "b"], "from the hook")


def test_when_and_by_whom_a_record_was_written_is_no_difference(kintone):
    Order.objects.create(paid=0)
    kato = signed_in(kintone, "kato")
    with freeze(datetime(2026, 2, 28, 12, tzinfo=timezone.utc)) as clock:
        mine = Order.objects.defer("note").get()
        clock.tick(timedelta(minutes=5))
        Order.objects.using(kato).filter(paid=0).update(note="from the hook")
        mine.paid = 1
        with assert_requests(1):
            assert mine.note == "from the hook"
            assert (mine.updated, mine.modifier) == (clock.now, User("kato", "kato"))
        mine.save()
    assert (Order.objects.get().paid, Order.objects.get().note) == (1, "from the hook")


def test_a_record_of_two_moments_keeps_the_time_of_its_revision(kintone):
    Order.objects.create(paid=0)
    with freeze(datetime(2026, 2, 28, 12, tzinfo=timezone.utc)) as clock:
        theirs(paid=1)
        mine = Order.objects.defer("note").get()
        clock.tick(timedelta(minutes=5))
        theirs(paid=2, note="theirs")
        assert mine.note == "theirs"
        assert mine.updated == datetime(2026, 2, 28, 12, tzinfo=timezone.utc)
    with pytest.raises(Order.Conflict):
        mine.delete()


def test_a_field_that_was_assigned_unread_keeps_the_old_revision():
    Order.objects.create(paid=0)
    mine = Order.objects.only("paid").get()
    theirs(note="theirs")
    mine.note = "mine"
    assert mine.updated is not None
    with pytest.raises(Order.Conflict) as conflict:
        mine.save()
    assert "note" in conflict.value.both


def test_a_field_that_was_filled_from_another_revision_counts_as_theirs():
    Order.objects.create(paid=0)
    mine = Order.objects.only("paid").get()
    theirs(paid=50, note="theirs")
    assert mine.note == "theirs"
    mine.note = "mine"
    with pytest.raises(Order.Conflict) as conflict:
        mine.save()
    assert conflict.value.both == {"note"}
    assert {"note", "paid"} <= conflict.value.theirs.keys()


def test_rows_that_others_changed_are_a_difference():
    mine = Order.objects.create(paid=0, lines=[Line(item="a")])
    assert mine.lines[0].id == 1
    mine.note = "b"
    mine.save()
    theirs(lines=[Line(item="b")])
    assert mine.updated is not None
    assert mine.revision == 2
    mine.paid = 2
    with pytest.raises(Order.Conflict):
        mine.save()


def test_one_field_that_is_refreshed_alone_does_not_hide_the_conflict():
    mine = Order.objects.create(paid=0)
    theirs(paid=50)
    mine.refresh_from_db(fields=["paid"])
    mine.paid += 1
    with pytest.raises(Order.Conflict) as conflict:
        mine.save()
    assert conflict.value.both == {"paid"}


# -- what a save asks for -------------------------------------------------------------------------


def test_a_refresh_with_nothing_to_send_reads_what_is_deferred():
    order = Order.objects.create(paid=0)
    with assert_requests(1):
        order.save(refresh=True)
    assert order.get_deferred_fields() == set()
    part = Order.objects.only("paid").get()
    with assert_requests(1):
        part.save(update_fields=[], refresh=True)
    assert part.get_deferred_fields() == set()
    with assert_requests(0):
        part.save(refresh=True)


def test_a_default_option_that_kintone_put_in_place_of_a_blank_is_read():
    order = Order(shape=None)
    order.save(validate=False)
    assert order.shape == "round"
    order.shape = None
    order.save(validate=False)
    assert order.shape == "round"


def test_changes_are_worked_out_once_a_save(monkeypatch):
    order = Order.objects.create(paid=0, lines=[Line(item=str(n)) for n in range(3)])
    order.refresh_from_db()
    others = [Order(paid=n) for n in range(3)]
    Order.objects.bulk_create(others)
    calls = []
    table = Order._meta.fields["lines"]
    snapshot = type(table).snapshot

    def counted(field, value):
        calls.append(field.name)
        return snapshot(field, value)

    monkeypatch.setattr(type(table), "snapshot", counted)
    order.paid = 1
    order.save()
    assert len(calls) == 1
    calls.clear()
    for each in others:
        each.paid = 9
    Order.objects.bulk_update(others)
    assert calls == []


def test_fields_that_were_not_assigned_are_not_looked_at():
    order = Order.objects.create(paid=0)
    order.refresh_from_db()
    order.paid = 2
    assert list(changes(order)) == ["paid"]


# -- what the form calls copied or calculated ------------------------------------------------------


class Product(Model):
    code = fields.SingleLineTextField(unique=True)
    price = fields.NumberField()


class SaleLine(Row):
    product = fields.LookupField(Product, "row_product", key="code", copies={"price": "price"})
    price = fields.NumberField("row_price")
    twice = fields.CalcField("row_twice", expression="row_price * 2")


class Sale(Model):
    product = fields.LookupField(Product, key="code", copies={"price": "price"})
    price = fields.NumberField()
    total = fields.CalcField(expression="price * 2")
    lines = fields.SubtableField(SaleLine)

    class Meta:
        app = "sale"


class PlainLine(Row):
    product = fields.SingleLineTextField("row_product")
    price = fields.NumberField("row_price")
    twice = fields.NumberField("row_twice")


class PlainSale(Model):
    """The same app, declared with fewer fields."""

    product = fields.LookupField(Product, key="code")
    price = fields.NumberField()
    total = fields.NumberField()
    lines = fields.SubtableField(PlainLine)

    class Meta:
        app = "sale"


class TextSale(Model):
    key = fields.SingleLineTextField("product")
    price = fields.NumberField()

    class Meta:
        app = "sale"


@pytest.fixture
def sale(kintone):
    deploy(Product, Sale)
    Product.objects.bulk_create([Product(code="a", price=1), Product(code="b", price=2)])
    return Sale.objects.create(product="a", lines=[SaleLine(product="a")])


@pytest.mark.parametrize("saving", [Model.save, lambda o: type(o).objects.bulk_update([o])])
def test_copies_and_calculations_of_the_form_are_read_again(sale, saving):
    plain = PlainSale.objects.get()
    assert (plain.price, plain.total) == (Decimal(1), Decimal(2))
    plain.product = "b"
    saving(plain)
    assert {"price", "total", "lines"} <= plain.get_deferred_fields()
    with assert_requests(1):
        assert (plain.price, plain.total) == (Decimal(2), Decimal(4))


def test_a_copy_by_a_text_that_the_form_calls_a_lookup_is_read_again(sale):
    text = TextSale.objects.get()
    text.key = "b"
    text.save()
    assert text.price == Decimal(2)


def test_an_equal_key_of_a_text_that_the_form_calls_a_lookup_is_not_sent(sale):
    product = Product.objects.get(code="a")
    product.price = 77
    product.save()
    text = TextSale.objects.get()
    text.save(update_fields=["key"])
    assert TextSale.objects.bulk_update([text], ["key"]) == 0
    assert TextSale.objects.get().price == Decimal(1)


class BoughtLine(Row):
    product = fields.LookupField(Product, "bought", key="code", copies={"price": "price"})
    price = fields.NumberField("bought_for")
    qty = fields.IntegerField()


class Purchase(Model):
    lines = fields.SubtableField(BoughtLine)

    class Meta:
        app = "purchase"


class PlainBoughtLine(Row):
    product = fields.LookupField(Product, "bought", key="code")
    price = fields.NumberField("bought_for")
    qty = fields.IntegerField()


class PlainPurchase(Model):
    """The same app, declared without the copies of its lookups."""

    lines = fields.SubtableField(PlainBoughtLine)

    class Meta:
        app = "purchase"


@pytest.fixture(params=[Purchase, PlainPurchase])
def purchase(request, sale):
    deploy(Purchase)
    Purchase.objects.create(lines=[BoughtLine(product="a", qty=1), BoughtLine(product="b", qty=1)])
    return request.param.objects.get()


@pytest.mark.parametrize("saving", [Model.save, lambda o: type(o).objects.bulk_update([o])])
def test_rows_of_which_no_key_was_sent_have_what_they_copied(purchase, saving):
    purchase.lines[0].qty = 2
    saving(purchase)
    with assert_requests(0):
        assert [line.price for line in purchase.lines] == [Decimal(1), Decimal(2)]


@pytest.mark.parametrize("saving", [Model.save, lambda o: type(o).objects.bulk_update([o])])
def test_rows_of_which_a_key_was_sent_are_read_again(purchase, saving):
    purchase.lines[0].product = "b"
    saving(purchase)
    with assert_requests(1):
        assert [line.price for line in purchase.lines] == [Decimal(2), Decimal(2)]


class QuantityLine(Row):
    price = fields.NumberField("row_price")


class QuantitySale(Model):
    """The same app as Sale, without the columns that it calculates."""

    lines = fields.SubtableField(QuantityLine)

    class Meta:
        app = "sale"


def test_columns_that_a_model_does_not_declare_are_not_read_again(kintone, sale):
    mine = QuantitySale.objects.get()
    mine.lines.reverse()
    mine.save(update_fields=["lines"])
    assert mine.get_deferred_fields() == set()
