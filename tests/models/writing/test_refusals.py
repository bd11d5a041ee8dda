"""The error of a refused write names the model, the app, the field, the row and the value."""

from __future__ import annotations

import pytest
from support.models.gifts import Item, Line, Order, Other

from kintone_orm import Model, fields
from kintone_orm.apps import deploy
from kintone_orm.emulator import Fault, choices
from kintone_orm.exceptions import (
    BulkWriteError,
    LookupSourceNotFound,
    ServerBusy,
)

# -- lookups ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"gift": "none"}, r"Order\.gift"),
        ({"gift": "a", "lines": [Line(item="a"), Line(item="none")]}, r"Order\.lines\[1\]\.item"),
    ],
)
def test_a_lookup_without_a_source_names_the_field_and_the_row(kintone, values, place):
    Item.objects.create(code="a")
    said = rf"The key is in {place} of <Order new number='1'>\."
    with pytest.raises(LookupSourceNotFound, match=said):
        Order.objects.create(number="1", **values)
    with pytest.raises(LookupSourceNotFound, match=said) as caught:
        Order.objects.bulk_create([Order(number="0", gift="a"), Order(number="1", **values)])

    assert isinstance(caught.value, BulkWriteError)
    field = place.replace("\\", "").removeprefix("Order.")
    assert list(caught.value.errors) == [(1, field)]
    assert list(caught.value.places) == [f"[1].{field}"]


def test_an_update_of_many_records_names_the_field(kintone):
    Order.objects.bulk_create([Order(number=str(n)) for n in range(9)])
    with pytest.raises(LookupSourceNotFound) as caught:
        Order.objects.filter(pk__lt=99).update(gift="none")

    assert str(caught.value).count("The key is in Order.gift of <Order id=") == 5
    assert "The key is in 4 more places." in str(caught.value)


def test_a_key_that_is_not_sent_is_not_named(kintone):
    Item.objects.create(code="a")
    order = Order.objects.create(number="1", gift="a")
    Item.objects.all().delete()
    order.lines = [Line(item="a")]
    with pytest.raises(LookupSourceNotFound) as caught:
        order.save()

    assert "Order.lines[0].item" in str(caught.value)
    assert "Order.gift" not in str(caught.value)


@pytest.mark.parametrize(
    ("there", "missing"), [("A", "B"), ("in", "C-1"), ("1", "C-1"), ("B", "A")]
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_word_of_the_refusal_is_no_key(kintone, monkeypatch, language, there, missing):
    """The English sentence begins with "A value"."""
    monkeypatch.setattr(choices, "DISPLAY_LANGUAGE", language)
    Item.objects.create(code=there)
    orders = [Order(number=str(n), gift=key) for n, key in enumerate([there, missing])]
    with pytest.raises(LookupSourceNotFound) as caught:
        Order.objects.bulk_create(orders)

    assert str(caught.value).count(" is in Order.gift") == 1
    assert "The key is in Order.gift of <Order new number='1'>" in str(caught.value)


def test_another_lookup_of_the_same_key_is_not_named(kintone):
    Other.objects.create(code="none")
    with pytest.raises(LookupSourceNotFound) as caught:
        Order.objects.create(number="1", gift="none", other="none")

    assert "The key is in Order.gift of" in str(caught.value)
    assert "Order.other" not in str(caught.value)


# -- queries ---------------------------------------------------------------------------------------


def test_deploy_names_the_model_and_the_app(kintone):
    class Fresh(Model):
        name = fields.SingleLineTextField()

    class Known(Model):
        name = fields.SingleLineTextField()
        more = fields.SingleLineTextField()

        class Meta:
            app = kintone.apps["item"]

    kintone.emulator.faults.add(Fault.DATABASE_LOCKED, method="POST", endpoint="preview/app")
    with pytest.raises(ServerBusy, match=r"^Fresh: "):
        deploy(Fresh, using=kintone)
    kintone.emulator.faults.add(
        Fault.DATABASE_LOCKED, method="POST", endpoint="preview/app/form/fields"
    )
    with pytest.raises(ServerBusy, match=rf"^Known \(app {kintone.apps['item']}\): "):
        deploy(Known, using=kintone)


# -- values that are taken -------------------------------------------------------------------------


def test_update_or_create_adds_what_somebody_deletes_meanwhile(kintone):
    Order.objects.create(number="1")

    def someone_is_faster(send, request):
        answer = send(request)
        if request.method == "GET" and not someone_is_faster.done:
            someone_is_faster.done = True
            Order.objects.all().delete()
        return answer

    someone_is_faster.done = False
    with kintone.wrap(someone_is_faster):
        order, created = Order.objects.update_or_create(
            number="1", label="", defaults={"gift": None, "lines": [Line(qty=1)]}
        )

    assert (order.pk, created) == (2, True)
