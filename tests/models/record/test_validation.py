"""Values that may not be saved are found before a request, or named as kintone refuses them."""

from __future__ import annotations

import pytest
from support.models.geography import City

from kintone_orm import Model, fields
from kintone_orm.exceptions import (
    ValidationError,
)
from kintone_orm.testing import capture_requests


@pytest.fixture
def kobe(kintone):
    """A city, read by another program."""
    City.objects.create(name="Kobe", population=1_500_000, tags=["port"], latitude="34.6913")
    return City.objects.get(name="Kobe")


def test_an_unknown_choice_is_refused_before_any_request(kintone, kobe):
    kobe.climate = "polar"
    with capture_requests(kintone) as requests, pytest.raises(ValidationError, match="climate"):
        kobe.save()

    assert requests == []


def test_what_kintone_refuses_comes_under_our_field_names(kintone):
    class Renamed(Model):
        title = fields.DropDownField("climate")  # the model does not know the app's options
        name = fields.SingleLineTextField("都市名")

        class Meta:
            app = "cities"

    kintone.forms[kintone.apps["cities"]] = None  # the user may not see the form
    with pytest.raises(ValidationError) as caught:
        Renamed.objects.create(name="x", title="polar")

    assert caught.value.errors == {"title": ['The value, "polar", is not in options.']}


class Exact(Model):
    value = fields.NumberField()

    class Meta:
        number_precision = {"digits": 12, "decimal_places": 5}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1.234567", "1.234567 has 6 decimal places; the app stores 5"),
        ("12345678", "12345678 has more than 7 digits before the decimal point"),
    ],
)
def test_what_would_be_rounded_is_refused(kintone, value, message):
    with pytest.raises(ValidationError, match=message):
        Exact.objects.create(value=value)


@pytest.mark.parametrize(
    ("tags", "message"),
    [(["old", "old"], "'old' is chosen twice"), (["old", 3], "An option must be a text, not 3")],
)
def test_choices_that_kintone_would_change_are_refused(kintone, tags, message):
    city = City(name="Kobe")
    city.tags.extend(tags)
    with pytest.raises(ValidationError, match=message):
        city.save()


def test_half_a_surrogate_pair_is_refused_before_any_request(kintone):
    with pytest.raises(ValidationError, match="name: .* has half of a surrogate pair"):
        City(name="\ud800").save()


def test_validators_are_marshmallows(kintone):
    from marshmallow.validate import Range

    class Guest(Model):
        age = fields.IntegerField(validators=[Range(min=0)])

    with pytest.raises(ValidationError, match="age: Must be greater than or equal to 0"):
        Guest(age=-1).save()
