"""What a refusal says of kintone's: the model, the app, the field, the row and the value."""

from __future__ import annotations

import pytest
from support.geography import City

from kintone_orm import Model, Row, fields
from kintone_orm.apps import deploy
from kintone_orm.emulator import Fault, choices
from kintone_orm.exceptions import (
    APIError,
    BulkWriteError,
    LookupSourceNotFound,
    QueryError,
    ServerBusy,
    UniqueViolation,
    ValidationError,
)
from kintone_orm.testing import assert_requests


class Item(Model):
    code = fields.SingleLineTextField(unique=True)
    price = fields.NumberField()


class Other(Model):
    code = fields.SingleLineTextField(unique=True)


class Line(Row):
    item = fields.LookupField(Item, key="code")
    qty = fields.NumberField()
    guard = fields.UserSelectField()


class Order(Model):
    number = fields.SingleLineTextField(unique=True)
    label = fields.SingleLineTextField()
    gift = fields.LookupField(Item, key="code")
    other = fields.LookupField(Other, key="code")
    staff = fields.UserSelectField()
    team = fields.GroupSelectField()
    lines = fields.SubtableField(Line)


class Blind(Model):
    """The orders, as somebody declares them who does not know what is unique."""

    number = fields.SingleLineTextField()

    class Meta:
        app = "order"


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
    assert "It is in 4 more places." in str(caught.value)


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


def refuse(kintone, code, message):
    def wrapper(send, request):
        answer = send(request)
        if request.method == "GET" and request.path.endswith("records.json"):
            body = f'{{"code": "{code}", "id": "x", "message": "{message}"}}'
            return type(answer)(400, answer.headers, body.encode())
        return answer

    return kintone.wrap(wrapper)


@pytest.mark.parametrize("code", ["GAIA_IL26", "GAIA_IL27", "GAIA_IL28", "GAIA_IL42"])
def test_an_unknown_user_in_a_query_is_a_query_error_that_names_field_and_value(kintone, code):
    found = Order.objects.filter(number="1", staff__in=["ghost"])
    said = r'Order \(app \d+\): .*The filter compares Order\.staff with \("ghost"\)\.'
    for read in (list, lambda each: each.count(), lambda each: each.exists()):
        with (
            refuse(kintone, code, "ユーザー（code：ghost）"),
            pytest.raises(QueryError, match=said),
        ):
            read(found)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"staff__in": ["ghost"]}, r"compares Order\.staff with \(\"ghost\"\)"),
        ({"lines__guard__in": ["ghost"]}, r"compares Order\.lines\.guard with \(\"ghost\"\)"),
        ({"team__in": ["ghost"]}, r"compares Order\.team with \(\"ghost\"\)"),
    ],
)
def test_so_does_the_emulator_for_users_and_groups_in_rows_as_well(kintone, condition, said):
    with pytest.raises(QueryError, match=said):
        list(Order.objects.filter(**condition).order_by("number"))


@pytest.mark.parametrize("read", [list, len, lambda each: each.count(), lambda each: each.first()])
def test_a_read_names_the_model_and_the_app(kintone, read):
    kintone.emulator.faults.add(Fault.DATABASE_LOCKED, method="GET")
    with pytest.raises(ServerBusy, match=rf"^Order \(app {kintone.apps['order']}\): "):
        read(Order.objects.all())


def test_a_read_that_is_lost_names_them_too(kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER, method="GET")
    with pytest.raises(APIError, match=r"^Order \(app \d+\): "):
        list(Order.objects.all())


def test_a_look_at_the_form_names_them_too(kintone):
    kintone.forms.clear()
    kintone.emulator.faults.add(Fault.DATABASE_LOCKED, method="GET", endpoint="app/form/fields")
    with pytest.raises(ServerBusy, match=r"^Order \(app \d+\): "):
        Order.objects.create(number="1")


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


@pytest.fixture
def in_another_language(kintone):
    """kintone's texts in a language that nobody here knows."""

    def wrapper(send, request):
        answer = send(request)
        said = b"This value already exists in another record."
        return type(answer)(answer.status, answer.headers, answer.body.replace(said, b"Besetzt."))

    with kintone.wrap(wrapper):
        yield


def test_a_taken_value_is_known_in_every_language(kintone, in_another_language):
    first = Order.objects.create(number="1")
    with assert_requests(2), pytest.raises(UniqueViolation, match="Besetzt") as caught:
        Order.objects.create(number="1")
    with pytest.raises(UniqueViolation):
        Order.objects.bulk_create([Order(number="0"), Order(number="1")])

    assert caught.value.taken_by == {"number": first}


def test_two_new_records_with_one_value_are_known_without_a_request(kintone, in_another_language):
    Order.objects.create(number="1")
    with assert_requests(1), pytest.raises(UniqueViolation):
        Order.objects.bulk_create([Order(number="2"), Order(number="2")])


def test_another_complaint_about_the_field_is_no_violation(kintone, in_another_language):
    Order.objects.create(number="1")
    with pytest.raises(ValidationError) as caught:
        Order.objects.create(number="x" * 65)

    assert not isinstance(caught.value, UniqueViolation)


def test_a_record_that_keeps_its_value_does_not_stand_in_its_own_way(kintone, in_another_language):
    Order.objects.create(number="1")
    second = Order.objects.create(number="2")
    second.number = "1"
    with pytest.raises(UniqueViolation) as caught:
        second.save()

    assert caught.value.taken_by["number"].pk == 1


def test_what_the_form_calls_unique_is_asked_for_as_well(kintone, in_another_language):
    Blind.objects.create(number="1")
    with pytest.raises(UniqueViolation):
        Blind.objects.create(number="1")


def test_get_or_create_reads_what_the_faster_one_added(kintone, in_another_language):
    City.objects.create(name="before")

    def someone_is_faster(send, request):
        answer = send(request)
        if request.method == "GET" and not someone_is_faster.done:
            someone_is_faster.done = True
            Order.objects.create(number="1", label="theirs")
        return answer

    someone_is_faster.done = False
    with kintone.wrap(someone_is_faster), assert_requests(4) as requests:
        order, created = Order.objects.get_or_create(number="1", defaults={"label": "mine"})

    assert (order.label, created) == ("theirs", False)
    assert [each.method for each in requests] == ["GET", "POST", "POST", "GET"]


def test_a_value_that_may_not_be_seen_is_an_error_that_says_so(kintone):
    Order.objects.create(number="1")

    def hide(send, request):
        answer = send(request)
        if request.method == "GET" and request.path.endswith("/records.json"):
            return type(answer)(200, answer.headers, b'{"records": [], "totalCount": null}')
        return answer

    said = "No record that you may view has '1'.*the right to view"
    for method in ("get_or_create", "update_or_create"):
        with kintone.wrap(hide), pytest.raises(ValidationError, match=said):
            getattr(Order.objects, method)(number="1", label="")


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
