"""get_or_create() and update_or_create(): their requests, and when they use kintone's upsert."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest
from support.models.geography import City, Country

from kintone_orm import Model, Retry, fields, override
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import (
    FieldError,
    NotSupportedError,
    TransportError,
    UniqueViolation,
    ValidationError,
)
from kintone_orm.models import QuerySet
from kintone_orm.outcomes import CarriedOut
from kintone_orm.signals import post_save
from kintone_orm.testing import assert_requests, capture_requests


class Place(Model):
    """A model whose records can be upserted: only the key is required."""

    code = fields.SingleLineTextField(unique=True, required=True)
    number = fields.NumberField(unique=True)
    name = fields.SingleLineTextField()
    tags = fields.CheckBoxField(choices=["port", "old"])
    seen = fields.DateTimeField()


class Labelled(Model):
    """A model whose new records need more than the key."""

    code = fields.SingleLineTextField(unique=True)
    kind = fields.SingleLineTextField(default="plain")

    class Meta:
        app = "labelled"


class Careful(Model):
    code = fields.SingleLineTextField(unique=True)
    name = fields.SingleLineTextField()

    def save(self, **kwargs):
        self.name = self.name.strip()
        super().save(**kwargs)


def paths(requests) -> list[str]:
    return [f"{request.method} {request.path.removeprefix('/k/v1/')}" for request in requests]


def test_get_or_create_reads_what_is_there_in_one_request(kintone):
    City.objects.create(name="Kobe", population=3)

    with assert_requests(1):
        city, created = City.objects.get_or_create(name="Kobe", defaults={"population": 5})

    assert (city.population, created) == (3, False)


def test_get_or_create_adds_what_is_not_there_in_two(kintone):
    with assert_requests(2) as requests:
        city, created = City.objects.get_or_create({"population": lambda: 5}, name="Kobe")

    assert paths(requests) == ["GET records.json", "POST record.json"]
    assert (City.objects.get().population, city.pk, created) == (5, 1, True)


def test_conditions_with_a_lookup_are_no_values(kintone):
    city, created = City.objects.get_or_create(population__gt=5, name="Kobe")

    assert (created, city.population) == (True, None)


def test_filters_before_narrow_the_search(kintone):
    City.objects.create(name="Kobe", population=1)

    assert City.objects.filter(population__gt=1).get_or_create(name="Kobe")[1]


def test_who_is_slower_reads_what_the_faster_one_added(kintone):
    def someone_is_faster(send, request):
        answer = send(request)
        if request.method == "GET" and not someone_is_faster.done:
            someone_is_faster.done = True
            Country.objects.create(code="JP", name="Japan")
        return answer

    someone_is_faster.done = False
    with kintone.wrap(someone_is_faster):
        country, created = Country.objects.get_or_create(code="JP", defaults={"name": "Nippon"})

    assert (country.name, created) == ("Japan", False)


def test_a_value_that_is_anothers_is_refused(kintone):
    Place.objects.create(code="a", number=1)

    with pytest.raises(UniqueViolation, match="number"):
        Place.objects.get_or_create(code="b", number=1)


def test_more_than_one_record_is_told(kintone):
    City.objects.bulk_create([City(name="Kobe"), City(name="Kobe")])

    with pytest.raises(City.MultipleObjectsReturned):
        City.objects.get_or_create(name="Kobe")


@pytest.mark.parametrize("method", ["get_or_create", "update_or_create"])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "x", "defaults": {"nam": 1}}, "City has no field 'nam'"),
        ({"name": "x", "defaults": {"population": "many"}}, "City.population takes a number"),
        ({"name": "x", "defaults": {"created": print}}, "kintone sets it itself"),
        ({"pk": 5, "defaults": {"id": 5}}, "kintone sets it itself"),
        ({"pk": "five"}, "City.id takes a record's id"),
        ({"nam": "x"}, "City has no field 'nam'"),
    ],
)
def test_names_and_values_are_checked_first(kintone, method, arguments, message):
    with assert_requests(0), pytest.raises(FieldError, match=message):
        getattr(City.objects, method)(**arguments)


def test_a_record_that_is_there_is_found_by_what_kintone_writes(kintone):
    city = City.objects.create(name="Kobe", country=None)

    with assert_requests(1):
        assert City.objects.get_or_create(pk=city.pk, defaults={"name": "x"}) == (city, False)
    assert City.objects.get_or_create(country_name="", name="Kobe") == (city, False)
    with assert_requests(2):
        found, created = City.objects.update_or_create(id=city.pk, defaults={"name": "Osaka"})
    assert (found, created, City.objects.get().name) == (city, False, "Osaka")


@pytest.mark.parametrize("method", ["get_or_create", "update_or_create"])
@pytest.mark.parametrize("condition", [{"pk": 5}, {"id": 5}, {"country_name": "Japan"}])
def test_no_record_is_added_that_could_not_be_what_was_asked_for(kintone, method, condition):
    with (
        assert_requests(1),
        pytest.raises(NotSupportedError, match="There is no City with .* Leave .* out"),
    ):
        getattr(City.objects, method)(name="Kobe", **condition)


@pytest.mark.parametrize("method", ["get_or_create", "update_or_create"])
def test_a_pk_of_none_is_that_of_a_new_record(kintone, method):
    with assert_requests(1):
        city, created = getattr(City.objects, method)(pk=None, defaults={"name": "Kobe"})

    assert (city.pk, city.name, created) == (1, "Kobe", True)


def test_others_changes_of_what_is_written_are_overwritten(kintone):
    City.objects.create(name="Kobe", population=3)

    def someone_is_faster(send, request):
        answer = send(request)
        if request.method == "GET" and not someone_is_faster.done:
            someone_is_faster.done = True
            City.objects.filter(name="Kobe").update(population=4, notes="theirs")
        return answer

    someone_is_faster.done = False
    with kintone.wrap(someone_is_faster):
        City.objects.update_or_create(name="Kobe", defaults={"population": 5})

    city = City.objects.get()
    assert (city.population, city.notes) == (5, "theirs")


def test_update_or_create_is_one_upsert_where_that_is_exact(kintone):
    Place.objects.create(code="warm", name="up")
    with assert_requests(2) as requests:
        new = Place.objects.update_or_create(code="a", defaults={"name": "A", "tags": ["old"]})
        again = Place.objects.update_or_create({"name": lambda: "B"}, code="a")

    assert paths(requests) == ["PUT records.json"] * 2
    assert requests[1].params["records"] == [
        {"updateKey": {"field": "code", "value": "a"}, "record": {"name": {"value": "B"}}}
    ]
    assert (new[1], again[1]) == (True, False)
    assert (again[0].pk, again[0].revision, again[0].name) == (new[0].pk, 2, "B")
    place = Place.objects.get(code="a")
    assert (place.name, place.tags, place.revision) == ("B", ["old"], 2)


def test_the_object_of_an_upsert_knows_what_was_sent_and_fetches_the_rest(kintone):
    Place.objects.create(code="a", tags=["port"])
    place, _ = Place.objects.update_or_create(code="a", defaults={"name": "A"})

    with assert_requests(1):
        assert (place.name, place.tags) == ("A", ["port"])
    place.name = "B"
    place.save()
    assert place.revision == 3


def test_a_number_is_a_key_as_well(kintone):
    Place.objects.create(code="a", number=5)

    class Numbered(Model):
        number = fields.IntegerField(unique=True)
        name = fields.SingleLineTextField()

        class Meta:
            app = "place"

    with assert_requests(1):
        assert not Numbered.objects.update_or_create(number=5, defaults={"name": "five"})[1]
    assert Place.objects.get().name == "five"


@pytest.mark.parametrize(
    "ask",
    [
        lambda q: q.update_or_create(name="A", defaults={"code": "a"}),
        lambda q: q.update_or_create(code="a", name="A"),
        lambda q: q.update_or_create(code__exact="a", defaults={"code": "a", "name": "A"}),
        lambda q: q.update_or_create(code="a", create_defaults={"name": "A"}),
        lambda q: q.update_or_create(code="a", defaults={"code": "a"}),
        lambda q: q.filter(name="A").update_or_create(code="a"),
        lambda q: (
            q.update_or_create(code="a" * 65)
            if False
            else q.update_or_create(number=None, code="a")
        ),
    ],
)
def test_otherwise_it_looks_first(kintone, ask):
    with assert_requests(2) as requests:
        place, created = ask(Place.objects)

    assert paths(requests) == ["GET records.json", "POST record.json"]
    assert (created, place.code) == (True, "a")


@pytest.mark.parametrize("model", [Labelled, Careful])
def test_a_default_or_a_save_of_ones_own_is_no_upsert(kintone, model):
    with assert_requests(2) as requests:
        model.objects.update_or_create(code="a")

    assert paths(requests) == ["GET records.json", "POST record.json"]


def test_a_save_of_ones_own_is_called(kintone):
    Careful.objects.create(code="a")
    Careful.objects.update_or_create(code="a", defaults={"name": " A "})

    assert Careful.objects.get().name == "A"


def test_who_listens_to_saves_hears_of_it(kintone):
    heard = []

    def hear(**told):
        heard.append(told["created"])

    post_save.connect(hear, sender=Place)
    try:
        Place.objects.update_or_create(code="a", defaults={"name": "A"})
        Place.objects.update_or_create(code="a", defaults={"name": "B"})
    finally:
        post_save.disconnect(hear, sender=Place)

    assert heard == [True, False]


def test_a_default_of_the_model_is_for_new_records_alone(kintone):
    Labelled.objects.create(code="a", kind="special")
    Labelled.objects.update_or_create(code="a")

    assert Labelled.objects.get().kind == "special"


def test_what_is_there_is_changed_in_two_requests(kintone):
    City.objects.create(name="Kobe", population=3)
    with assert_requests(2) as requests:
        city, created = City.objects.update_or_create(name="Kobe", defaults={"population": 5})

    assert paths(requests) == ["GET records.json", "PUT record.json"]
    assert (created, city.revision, City.objects.get().population) == (False, 2, 5)


def test_what_is_the_same_already_is_not_written(kintone):
    City.objects.create(name="Kobe", population=3)
    with assert_requests(1):
        City.objects.update_or_create(name="Kobe", defaults={"population": 3})


def test_create_defaults_are_for_new_records_alone(kintone):
    wanted = {"defaults": {"population": 1}, "create_defaults": {"population": 2}, "name": "Kobe"}

    assert City.objects.update_or_create(**wanted)[0].population == 2
    assert City.objects.update_or_create(**wanted)[0].population == 1


def test_an_upsert_checks_what_it_sends(kintone):
    with pytest.raises(ValidationError, match="tags"):
        Place.objects.update_or_create(code="a", defaults={"tags": ["new"]})
    Place.objects.create(code="b", number=1)
    with pytest.raises(UniqueViolation, match="number"):
        Place.objects.update_or_create(code="a", defaults={"number": 1})


def test_a_naive_time_is_in_the_zone_of_the_connection(kintone, monkeypatch):
    monkeypatch.setattr(kintone, "timezone", ZoneInfo("Asia/Tokyo"))
    seen = {"seen": datetime(2026, 1, 2, 9, 0)}
    Place.objects.using(kintone).update_or_create(code="a", defaults=seen)
    Place.objects.using(kintone).update_or_create(code="a", defaults=seen, create_defaults={})

    assert Place.objects.get().seen == datetime(2026, 1, 2, tzinfo=timezone.utc)


def test_a_queryset_of_ones_own_creates_as_well(kintone):
    class Places(QuerySet):
        pass

    assert Places(Place).get_or_create(code="a")[1]


# -- lost answers ---------------------------------------------------------------------------------


@pytest.fixture
def repeating(kintone):
    """A connection that sends writes without revisions again."""
    with override(kintone, retry=Retry(repeat_unversioned=True)):
        yield kintone


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_REQUEST])
def test_an_upsert_whose_answer_was_lost_is_not_sent_again(repeating, fault):
    repeating.emulator.faults.add(fault)
    with capture_requests(repeating) as requests, pytest.raises(TransportError) as caught:
        Place.objects.update_or_create(code="a", defaults={"number": 1})
    assert paths(requests) == ["PUT records.json"]
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    assert "Read it before you write it again" in str(caught.value)
    assert Place.objects.count() == (fault is Fault.LOST_ANSWER)


def test_an_upsert_that_was_refused_for_now_says_if_the_record_is_new(repeating):
    repeating.emulator.faults.add(Fault.TOO_MANY_REQUESTS, times=2)
    assert Place.objects.update_or_create(code="a", defaults={"number": 1})[1]
    repeating.emulator.faults.add(Fault.TOO_MANY_REQUESTS, times=2)
    assert not Place.objects.update_or_create(code="a", defaults={"number": 1})[1]


def test_a_record_whose_addition_lost_its_answer_is_not_called_an_existing_one(repeating):
    repeating.emulator.faults.add(Fault.LOST_ANSWER, method="POST")
    with pytest.raises(TransportError) as caught:
        Place.objects.get_or_create(code="a", defaults={"number": 1})
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    assert Place.objects.count() == 1
    assert not Place.objects.get_or_create(code="a", defaults={"number": 1})[1]


def test_the_second_step_is_sent_again_where_this_is_allowed(repeating):
    City.objects.create(name="Kobe", population=3)
    repeating.emulator.faults.add(Fault.LOST_ANSWER, method="PUT")
    city, created = City.objects.update_or_create(name="Kobe", defaults={"population": 5})
    assert (created, city.population, City.objects.get().population) == (False, 5, 5)
