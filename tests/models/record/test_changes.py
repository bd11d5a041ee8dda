"""The changes of a record, including changes in place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support.models.geography import City

from kintone_orm.testing import capture_requests


@pytest.fixture
def kobe(kintone):
    """A city, read by another program."""
    City.objects.create(name="Kobe", population=1_500_000, tags=["port"], latitude="34.6913")
    return City.objects.get(name="Kobe")


def params(requests):
    (request,) = requests
    return request.params


def test_nothing_changed_sends_nothing(kintone, kobe):
    kobe.population = 1_500_000
    kobe.latitude = Decimal("34.69130")
    kobe.tags = ["port"]
    with capture_requests(kintone) as requests:
        kobe.save()

    assert requests == []


def test_a_list_that_changed_in_place_is_sent(kintone, kobe):
    kobe.tags.append("old")
    with capture_requests(kintone) as requests:
        kobe.save()

    assert params(requests)["record"] == {"tags": {"value": ["port", "old"]}}


def test_a_list_of_a_new_record_that_changed_in_place_is_sent(kintone):
    city = City(name="Kobe")
    city.tags.append("port")
    city.save()

    assert City.objects.get().tags == ["port"]


def test_a_list_that_was_read_before_the_first_save_is_not_forgotten(kintone):
    city = City(name="Kobe")
    tags = city.tags
    city.save()
    tags.append("port")

    assert city.changed_fields() == {"tags": ([], ["port"])}


def test_changed_fields_have_the_old_and_the_new_value(kobe):
    kobe.population = 3

    assert kobe.changed_fields() == {"population": (1_500_000, 3)}
