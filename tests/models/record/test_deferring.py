"""only() and defer(): instances with some of their fields, which fetch the others when read."""

from __future__ import annotations

import pytest
from support.models.geography import City, Country, cities

from kintone_orm.exceptions import DecodeError, FieldDoesNotExist, NotSupportedError
from kintone_orm.models.record.decoding import page_decoder
from kintone_orm.testing import assert_requests

EVERY = set(City._meta.fields)


@pytest.fixture
def two(kintone):
    City.objects.bulk_create(cities(2))


def test_only_reads_the_named_fields_the_id_and_the_revision(two):
    with assert_requests(1) as requests:
        city = City.objects.only("name").first()
        assert (city.name, city.id, city.revision) == ("City 1", 1, 1)

    assert requests[0].params["fields"] == ["$id", "$revision", "都市名"]


def test_the_first_of_the_others_that_is_read_fetches_all_of_them(two):
    city = City.objects.only("name").first()

    with assert_requests(1):
        assert (city.population, city.tags, city.notes) == (1000, [], "")


def test_defer_reads_the_others(two):
    city = City.objects.defer("notes", "tags").first()

    assert city.get_deferred_fields() == {"notes", "tags"}


@pytest.mark.parametrize(
    ("chain", "loaded"),
    [
        (lambda q: q.only("name").only("population"), {"population"}),
        (lambda q: q.only("name", "notes").defer("name"), {"notes"}),
        (lambda q: q.defer("name").only("name", "notes"), {"notes"}),
        (lambda q: q.defer("name").defer("notes"), EVERY - {"name", "notes"}),
        (lambda q: q.defer("name").defer(None), EVERY),
        (lambda q: q.only("name").defer(None), EVERY),
        (lambda q: q.only("name").defer("name", "notes"), EVERY - {"notes"}),
        (lambda q: q.only("name").filter(pk=1).order_by("name"), {"name"}),
        (lambda q: q.only("pk"), set()),
        (lambda q: q.only("id", "name"), {"name"}),
        (lambda q: q.defer("id"), EVERY),
        (lambda q: q.only(), EVERY),
    ],
)
def test_chains_mean_what_they_mean_in_django(two, chain, loaded):
    city = chain(City.objects.all())[0]

    assert EVERY - city.get_deferred_fields() == loaded


def test_saving_a_part_sends_what_changed(two):
    city = City.objects.only("name").first()
    city.name = "Kobe"
    with assert_requests(1) as requests:
        city.save()

    assert requests[0].params["record"] == {"都市名": {"value": "Kobe"}}


def test_a_list_that_was_not_read_is_no_change(two):
    assert City.objects.only("name").first().changed_fields() == {}


def test_a_name_that_is_none(kintone):
    with pytest.raises(FieldDoesNotExist, match="Did you mean 'name'"):
        City.objects.only("nam")
    with pytest.raises(NotSupportedError, match="defer.. takes whole fields"):
        City.objects.defer("country__name")


def test_a_value_that_cannot_be_read_costs_its_attribute_alone(two, monkeypatch):
    monkeypatch.setattr(City.population, "code", "都市名")
    monkeypatch.setattr(City._meta, "decoders", {})
    city = City.objects.only("population", "name").first()

    assert city.name == "City 1"
    assert "notes" in city.get_deferred_fields()
    with pytest.raises(DecodeError, match="City.population"):
        city.population  # noqa: B018


def test_decoders_for_names_made_at_run_time_do_not_fill_the_memory(two, monkeypatch):
    monkeypatch.setattr(page_decoder, "_MOST_DECODERS", 3)
    for name in City._meta.fields:
        assert City.objects.only(name).first().pk == 1

    assert len(City._meta.decoders) <= 3


@pytest.mark.parametrize("chain", [lambda q: q.only("name"), lambda q: q.defer("code")])
def test_in_bulk_reads_the_field_that_it_goes_by(kintone, chain):
    Country.objects.bulk_create([Country(code=code, name=code) for code in ("JP", "FR")])
    with assert_requests(1):
        found = chain(Country.objects).in_bulk(["JP", "FR"], field_name="code")

    assert found["FR"].get_deferred_fields() == set()


def test_in_bulk_of_a_part(two):
    assert City.objects.only("name").in_bulk([2])[2].name == "City 2"
