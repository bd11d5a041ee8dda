"""Choices from an Enum: the values are its members."""

from __future__ import annotations

import enum

import pytest

from kintone_orm import Model, Q, fields
from kintone_orm.exceptions import DecodeError, FieldError, ImproperlyConfigured
from kintone_orm.models.record.decoding.page_decoder import decode


class Rank(enum.Enum):
    GOLD = "金"
    SILVER = "銀"


class Color(str, enum.Enum):
    RED = "red"
    GREEN = "green"


class Other(str, enum.Enum):
    RED = "red"


class Customer(Model):
    rank = fields.DropDownField(choices=Rank)
    size = fields.RadioButtonField(choices=Rank)
    likes = fields.CheckBoxField(choices=Color)
    days = fields.MultiSelectField(choices=Color)
    grades = fields.MultiSelectField(choices=Rank)


def test_members_are_saved_as_their_values_and_read_as_members(kintone):
    Customer(rank=Rank.GOLD, size=Rank.SILVER, likes=[Color.RED], days=Color).save()
    customer = Customer.objects.get()
    assert (customer.rank, customer.size) == (Rank.GOLD, Rank.SILVER)
    assert customer.likes == [Color.RED]
    assert customer.days == [Color.RED, Color.GREEN]
    assert [type(each) for each in customer.days] == [Color, Color]
    assert customer.changed_fields() == {}


def test_values_are_taken_for_members():
    customer = Customer(rank="金", likes=["green"])
    assert customer.rank is Rank.GOLD
    assert customer.likes == [Color.GREEN]
    assert customer.likes[0] is Color.GREEN


def test_nothing_chosen(kintone):
    Customer(size="金").save()
    customer = Customer.objects.get()
    assert (customer.rank, customer.likes) == (None, [])


@pytest.mark.parametrize("value", ["bronze", Other.RED, 5])
def test_what_is_no_member_is_refused(value):
    with pytest.raises(FieldError, match=r"Customer\.rank"):
        Customer(rank=value)
    with pytest.raises(FieldError, match=r"Customer\.likes"):
        Customer(likes=[Color.RED, value])


def test_a_plain_list_that_got_something_else_is_not_saved():
    assert Customer.likes.all_problems([Color.RED, 5]) == ["An option must be a text, not 5."]
    assert Customer.likes.all_problems([Color.RED, Color.RED]) != []


@pytest.mark.parametrize("validate", [True, False])
def test_names_put_into_a_list_are_members_once_it_is_saved(kintone, validate):
    customer = Customer(size="金", likes=[Color.RED])
    customer.save()
    customer.likes.append("green")
    customer.save(validate=validate)
    assert [type(each) for each in customer.likes] == [Color, Color]
    assert customer.changed_fields() == {}


def test_a_member_and_its_name_are_one_option_twice():
    (problem,) = Customer.grades.all_problems([Rank.GOLD, "金"])
    assert problem == "'金' is chosen twice; kintone stores it once."


def test_what_cannot_stand_in_a_list_is_refused_without_validation_too(kintone):
    customer = Customer(size="金", likes=[Color.RED])
    customer.likes.append(5)
    with pytest.raises(FieldError, match=r"Customer\.likes takes a list of its choices, not int 5"):
        customer.save(validate=False)


def test_a_filter_takes_a_member_or_its_value(kintone):
    Customer(rank=Rank.GOLD, size="金", likes=["red"]).save()
    Customer(rank=Rank.SILVER, size="金").save()
    for q in (Q(rank=Rank.GOLD), Q(rank="金"), Q(likes=Color.RED), Q(likes__in=["red"])):
        assert [customer.rank for customer in Customer.objects.filter(q)] == [Rank.GOLD]


@pytest.mark.parametrize(("name", "value"), [("rank", "bronze"), ("likes", ["red", "blue"])])
def test_an_option_that_is_no_member_costs_its_attribute_alone(kintone, name, value):
    cells = {"rank": "金", "size": "金", "likes": [], "days": []} | {name: value}
    record = {"$id": "1", "$revision": "1"} | cells
    (customer,) = decode(Customer, [{k: {"value": v} for k, v in record.items()}], kintone)
    assert customer.size is Rank.GOLD
    with pytest.raises(DecodeError, match=rf"Customer\.{name} .* cannot be read from"):
        getattr(customer, name)


def test_the_options_of_the_app_are_the_values():
    assert list(Customer.rank.definition()["options"]) == ["金", "銀"]


def test_an_enum_of_other_values_is_refused():
    with pytest.raises(ImproperlyConfigured, match="or an Enum with these names as values"):
        fields.DropDownField(choices=enum.IntEnum("Level", ["LOW"]))
