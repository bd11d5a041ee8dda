"""The field itself. The tests of relations are about the queryset that it returns."""

from __future__ import annotations

import pytest
from support.models.shop import Customer, Order

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldError


class House(Model):
    number = fields.RecordNumberField("Record_number")
    name = fields.SingleLineTextField(unique=True)
    rooms = fields.ReferenceTableField("Room", key="name", related="house", size=10)
    tall = fields.ReferenceTableField(
        "Room",
        key="name",
        related="house",
        display=["label", "height"],
        filter_cond="height > 3",
        sort="height desc",
    )
    by_number = fields.ReferenceTableField("Room", key="number", related="house_number")


class Room(Model):
    label = fields.SingleLineTextField("表示名")
    height = fields.NumberField()
    house = fields.SingleLineTextField()
    house_number = fields.NumberField()


def test_its_columns_are_the_fields_of_the_other_model():
    columns = House.rooms.columns
    assert list(columns) == ["id", "pk", "label", "height", "house", "house_number"]
    label = columns["label"]
    assert (label.code, label.table, str(label)) == ("rooms.表示名", "rooms", "House.rooms.label")


def test_the_definition_names_the_codes_of_the_fields():
    assert House.tall.definition()["referenceTable"] == {
        "condition": {"field": "name", "relatedField": "house"},
        "filterCond": "height > 3",
        "displayFields": ["表示名", "height"],
        "sort": "height desc",
        "size": "5",
    }


def test_the_form_shows_the_related_field_if_no_other_is_named():
    definition = House.rooms.definition()["referenceTable"]
    assert (definition["displayFields"], definition["size"]) == (["house"], "10")


def test_a_number_that_refers_to_a_record_number_holds_the_id():
    assert House.by_number.key_name == "pk"
    assert House.rooms.key_name == "name"


def test_it_cannot_be_set(kintone):
    with pytest.raises(AttributeError, match="Change 'house' of the related records"):
        House(name="a").rooms = []


def test_it_is_no_value_to_read_or_to_sort_by():
    for method in (House.objects.values, House.objects.order_by):
        with pytest.raises(FieldError, match="rooms"):
            method("rooms")


def test_on_a_record_it_is_a_queryset_of_the_other_model(kintone):
    customer = Customer.objects.create(code="c", name="C")
    assert customer.orders.model is Order
