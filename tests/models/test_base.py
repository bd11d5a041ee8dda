"""An instance: its values, equality, hash, repr and pickle. They send no request."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from decimal import Decimal

import pytest
from support.models.geography import City, Country

from kintone_orm import connect, connections
from kintone_orm.exceptions import DecodeError, FieldError
from kintone_orm.models.record.decoding.page_decoder import decode
from kintone_orm.testing import assert_requests, emulate


def record(**values):
    """A city as kintone sends it; a value of ... leaves the field out."""
    sent = {
        "$id": "7",
        "$revision": "3",
        "都市名": "Kobe",
        "country": "",
        "country_name": "",
        "population": "",
        "latitude": "",
        "founded": None,
        "visited": "",
        "climate": None,
        "tags": [],
        "notes": "",
        "number": "7",
        "created": "2026-11-23T01:02:00Z",
        "creator": {"code": "sato", "name": "Sato"},
        "updated": "2026-11-23T01:02:00Z",
    } | values
    return {code: {"value": value} for code, value in sent.items() if value is not ...}


def test_values_are_given_by_name():
    assert City(name="Kobe", population=3).population == 3


def test_an_unknown_name_is_refused_with_the_near_one():
    with pytest.raises(TypeError, match="City has no field 'poplation'. Did you mean 'population'"):
        City(poplation=3)


def test_an_attribute_that_is_no_field_is_refused():
    with pytest.raises(AttributeError):
        City().poplation = 3


def test_a_wrong_type_is_refused_at_the_assignment():
    with pytest.raises(FieldError, match="City.population takes a number, not str 'many'"):
        City().population = "many"


@pytest.mark.parametrize("name", ["created", "creator", "number", "country_name"])
def test_what_kintone_writes_cannot_be_assigned(name):
    with pytest.raises(AttributeError, match=f"City.{name} cannot be set"):
        setattr(City(), name, None)


@pytest.mark.parametrize("name", ["id", "pk", "revision"])
def test_the_id_and_the_revision_cannot_be_assigned(name):
    with pytest.raises(AttributeError, match=rf"City.{name} cannot be set, .* duplicate\(\) makes"):
        setattr(City(), name, 3)
    with pytest.raises(TypeError, match=rf"City.{name} cannot be set, .* duplicate\(\) makes"):
        City(**{name: 3})


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("name", "City.name cannot be deleted. To clear it, assign ''"),
        ("tags", r"City.tags cannot be deleted. To clear it, assign \[\]"),
        ("created", "City.created cannot be set: kintone sets it itself"),
    ],
)
def test_a_value_is_cleared_and_not_deleted(name, message):
    city = City(name="Kobe")
    with pytest.raises(AttributeError, match=message):
        delattr(city, name)
    assert city.name == "Kobe"


def test_new_instances_have_blanks():
    city = City()

    assert (city.name, city.population, city.climate, city.tags, city.founded) == (
        "",
        None,
        None,
        [],
        None,
    )


def test_a_new_instance_equals_itself_only():
    city = City(name="Kobe")

    assert city == city
    assert city != City(name="Kobe")


def test_instances_of_one_record_are_equal(kintone):
    one, other = decode(City, [record(), record(都市名="Osaka")], kintone)

    assert one == other
    assert hash(one) == hash(other)


def test_records_of_two_models_differ(kintone):
    City.objects.create(name="x")
    Country.objects.create(code="x", name="x")

    assert City.objects.get() != Country.objects.get()


def test_a_new_instance_has_no_hash():
    with pytest.raises(TypeError, match="has no hash"):
        hash(City())


def test_the_repr_shows_id_revision_and_the_first_text(kintone):
    (city,) = decode(City, [record()], kintone)

    assert repr(city) == "<City id=7 rev=3 name='Kobe'>"
    assert repr(City(name="Osaka")) == "<City new name='Osaka'>"
    assert repr(City()) == "<City new>"


def test_a_repr_is_short_whatever_the_record_holds(kintone):
    (city,) = decode(City, [record(都市名="x" * 9999)], kintone)

    assert len(repr(city)) <= 200


@pytest.mark.parametrize(
    "make",
    [
        lambda kintone: City.objects.create(name="Kobe"),  # with deferred fields
        lambda kintone: decode(City, [record(都市名=["?"], population="?")], kintone)[0],
        lambda kintone: decode(City, [record(notes=...)], kintone)[0],
    ],
)
def test_looking_at_an_instance_sends_nothing(kintone, make):
    city = make(kintone)
    with assert_requests(0):
        assert repr(city) + str(city)
        assert city == city
        assert hash(city)
        for again in (pickle.loads(pickle.dumps(city)), copy.copy(city), copy.deepcopy(city)):
            assert again == city
            assert again.get_deferred_fields() == city.get_deferred_fields()
            assert again.changed_fields() == city.changed_fields() == {}


def test_a_pickled_instance_keeps_values_changes_and_connection(kintone):
    City.objects.create(name="Kobe")
    city = City.objects.get()
    city.population = 3
    again = pickle.loads(pickle.dumps(city))

    assert again.changed_fields() == {"population": (None, 3)}
    again.save()
    assert City.objects.get().population == 3


def test_a_pickle_holds_no_secret(kintone):
    City.objects.create(name="Kobe")

    for secret in kintone.settings.credentials.headers(set()).values():
        assert secret.encode() not in pickle.dumps(City.objects.get())


IN_ANOTHER_PROCESS = """
import pickle, sys
city = pickle.loads(sys.stdin.buffer.read())
assert (city.name, city._state.db) == ("Kobe", "elsewhere"), city
city.visited = "2026-01-01T00:00Z"  # a datetime asks for no connection
try:
    city.save()
except Exception as error:
    print(type(error).__name__, error)
from kintone_orm import connect
connect("https://other.cybozu.com", api_token="x", alias="elsewhere", apps={"cities": 1})
print(city._state.connection)
"""


def test_a_pickle_is_loaded_elsewhere_and_finds_its_connection_when_it_needs_it(kintone):
    connect("https://here.cybozu.com", api_token="secret-x", alias="elsewhere")
    (city,) = decode(City, [record()], connections["elsewhere"])
    del connections["elsewhere"]
    pickled = pickle.dumps(city)
    done = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS],
        input=pickled,
        capture_output=True,
        check=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert b"secret-x" not in pickled
    refused, found = done.stdout.decode().splitlines()
    assert refused.startswith("ImproperlyConfigured No connection is called 'elsewhere'")
    assert found == "<Connection 'elsewhere': https://other.cybozu.com>"


def test_a_copy_lives_where_the_original_does():
    here = connect("https://here.cybozu.com", api_token="x", alias="here")
    (city,) = decode(City, [record()], here)
    del connections["here"]

    assert copy.copy(city)._state.connection is here


def test_exceptions_can_be_pickled(kintone):
    with pytest.raises(City.DoesNotExist) as caught:
        City.objects.get(pk=3)

    assert isinstance(pickle.loads(pickle.dumps(caught.value)), City.DoesNotExist)


def test_the_connection_is_known_by_its_alias(kintone):
    assert City.objects.create(name="Kobe")._state.db == kintone.alias


def test_a_value_that_cannot_be_read_costs_its_attribute_only(kintone):
    (city,) = decode(City, [record(population="many")], kintone)

    assert city.name == "Kobe"
    with pytest.raises(
        DecodeError, match=r"City id=7 .*: City.population \(NUMBER\) cannot be read from"
    ):
        _ = city.population


def test_an_error_says_why_a_value_cannot_be_read(kintone):
    (city,) = decode(City, [record(population="1.5")], kintone)

    with pytest.raises(DecodeError, match=r"'1.5'}: 1.5 is not a whole number: declare a Num"):
        _ = city.population


def test_a_field_that_was_not_sent_costs_its_attribute_only(kintone):
    (city,) = decode(City, [record(notes=...)], kintone)

    with pytest.raises(DecodeError, match=r"kintone did not send City.notes \(code 'notes'\)"):
        _ = city.notes


def test_the_rest_of_the_page_is_not_concerned(kintone):
    bad, good = decode(City, [record(population="many"), record(population="3")], kintone)

    assert (bad.name, good.population) == ("Kobe", 3)


def test_a_field_that_cannot_be_read_can_be_assigned_and_saved(kintone):
    City.objects.create(name="Kobe")
    (city,) = decode(
        City, [record(**{"$id": "1", "$revision": "1", "population": "many"})], kintone
    )
    city.population = 3
    city.save()

    assert City.objects.get().population == 3


def test_a_field_that_was_repaired_can_be_read_again(kintone):
    City.objects.create(name="Kobe")
    (city,) = decode(City, [record(**{"$id": "1", "$revision": "1", "latitude": "many"})], kintone)
    city.latitude = "1.23456"  # kintone rounds it, so that it is read again
    city.save()

    assert city.latitude == Decimal("1.2346")


def test_a_field_that_others_repaired_can_be_read_again(kintone):
    City.objects.create(name="Kobe", population=3)
    sent = record(**{"$id": "1", "$revision": "1", "population": "many"})
    (city,) = decode(City, [sent], kintone)
    City.objects.update(population=4)
    city.notes = "mine"
    city.save(check_revision=False)

    assert city.population == 4


def test_deepcopy_shares_no_list():
    city = City(name="Kobe", tags=["port"])
    again = copy.deepcopy(city)
    again.tags.append("old")

    assert city.tags == ["port"]


def test_copies_do_not_share_what_they_know_of_their_changes(kintone):
    (city,) = decode(City, [record(population="1")], kintone)
    other = copy.copy(city)
    other.population = 99
    city.tags.append("old")

    assert city.changed_fields() == {"tags": ([], ["old"])}
    assert other.changed_fields() == {"population": (1, 99)}


def test_a_record_with_a_value_as_deep_as_json_may_be_is_copied():
    """The value cannot be read; the other values of the record can."""
    deep = "x"
    for _ in range(900):
        deep = [deep]
    with emulate(City):
        record = {"$id": {"value": "1"}, "$revision": {"value": "1"}}
        city = City.from_record(record | {City.name.code: {"value": deep}})
        twin = copy.deepcopy(city)
    with pytest.raises(DecodeError):
        _ = twin.name
