"""The other record that a refused value belongs to."""

from __future__ import annotations

import pytest
from support.models.geography import City
from support.models.gifts import Order

from kintone_orm import Model, fields
from kintone_orm.exceptions import (
    UniqueViolation,
    ValidationError,
)
from kintone_orm.testing import assert_requests


class Blind(Model):
    """The orders, declared without the uniqueness of their fields."""

    number = fields.SingleLineTextField()

    class Meta:
        app = "order"


@pytest.fixture
def in_another_language(kintone):
    """Answer with kintone's texts in another language."""

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
    assert [request.method for request in requests] == ["GET", "POST", "POST", "GET"]


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
