"""save(): its requests, the instance afterwards, and refused values."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support.models.geography import City, Country

from kintone_orm import Model, connect, connections, fields
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import (
    DecodeError,
    FieldDoesNotExist,
    LookupSourceNotFound,
    ServerBusy,
    UniqueViolation,
    ValidationError,
)
from kintone_orm.testing import assert_requests, capture_requests, emulate


@pytest.fixture
def kobe(kintone):
    """A city, read by another program."""
    City.objects.create(name="Kobe", population=1_500_000, tags=["port"], latitude="34.6913")
    return City.objects.get(name="Kobe")


def params(requests):
    (request,) = requests
    return request.params


def test_a_new_record_is_sent_with_what_was_assigned_and_no_more(kintone):
    with capture_requests(kintone) as requests:
        City(name="Kobe", population=5).save()

    assert requests[0].method == "POST"
    assert params(requests)["record"] == {"都市名": {"value": "Kobe"}, "population": {"value": "5"}}


def test_a_new_record_learns_its_id_and_revision(kintone):
    city = City(name="Kobe")
    city.save()

    assert (city.pk, city.id, city.revision) == (1, 1, 1)


def test_create_returns_the_saved_instance(kintone):
    assert City.objects.create(name="Kobe").pk == 1


def test_the_revision_follows_every_save(kobe):
    for population in (1, 2, 3):
        kobe.population = population
        kobe.save()

    assert kobe.revision == 4


def test_positional_arguments_are_refused(kobe):
    with pytest.raises(TypeError, match="positional"):
        kobe.save(True)


def test_a_save_may_fetch_at_once_what_kintone_wrote(kobe):
    kobe.population = 3
    with assert_requests(2):
        kobe.save(refresh=True)
    with assert_requests(0):
        assert kobe.updated


def test_a_save_of_a_new_record_may_fetch_the_rest_of_it(kintone):
    city = City(name="Kobe")
    with assert_requests(2):
        city.save(refresh=True)
    assert city.get_deferred_fields() == set()


@pytest.mark.parametrize(
    ("changed", "carried_out"), [(True, "carried out"), (False, "not carried out")]
)
def test_if_the_second_request_fails_the_error_says_if_the_record_is_saved(
    kintone, kobe, changed, carried_out
):
    partial = City.objects.only("name").get()
    if changed:
        partial.population = 3
    kintone.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, method="GET")
    with pytest.raises(ServerBusy) as caught:
        partial.save(refresh=True)
    assert caught.value.carried_out == carried_out
    assert City.objects.filter(population=3).exists() is changed


def test_without_validation_kintone_decides(kobe):
    kobe.climate = "polar"
    with assert_requests(1), pytest.raises(ValidationError, match="is not in options"):
        kobe.save(validate=False)


def test_a_new_record_may_be_sent_without_validation(kintone):
    with assert_requests(1), pytest.raises(ValidationError, match="name: Required"):
        City().save(validate=False)


@pytest.mark.parametrize(
    ("requests", "act"),
    [
        (1, lambda city: city.save()),
        (1, lambda city: city.save(update_fields=["notes"])),
        (1, lambda city: city.delete()),
        (1, lambda city: city.refresh_from_db()),
        (1, lambda city: city.refresh_from_db(fields=["notes", "tags"])),
        (0, lambda city: city.refresh_from_db(fields=[])),
        (0, lambda city: city.changed_fields()),
        (0, lambda city: city.full_clean()),
        (0, lambda city: city.duplicate(name="Osaka")),
    ],
)
def test_what_an_instance_is_asked_costs(kobe, requests, act):
    kobe.population = 7
    with assert_requests(requests):
        act(kobe)


def test_all_deferred_fields_cost_one_request(kintone):
    city = City.objects.create(name="Kobe")
    with assert_requests(1):
        _ = city.updated, city.population, city.tags, city.creator


def test_a_refresh_drops_changes(kobe):
    kobe.population = 3
    kobe.tags.append("old")
    kobe.refresh_from_db()

    assert (kobe.population, kobe.tags, kobe.changed_fields()) == (1_500_000, ["port"], {})


def test_a_refresh_of_some_fields_keeps_the_changes_of_the_others(kobe):
    kobe.population = 3
    kobe.tags.append("old")
    kobe.refresh_from_db(fields=["tags"])

    assert (kobe.population, kobe.tags) == (3, ["port"])
    assert kobe.changed_fields() == {"population": (1_500_000, 3)}


def test_a_refresh_of_some_fields_does_not_hide_a_conflict(kobe):
    City.objects.update(notes="theirs", population=2)
    kobe.refresh_from_db(fields=["population"])
    kobe.climate = "dry"

    with pytest.raises(City.Conflict):
        kobe.save()


def test_a_refresh_takes_a_list_of_names(kobe):
    with pytest.raises(TypeError, match="fields must be a list of names, not 'notes'"):
        kobe.refresh_from_db(fields="notes")


def test_a_refused_save_keeps_the_changes(kintone, kobe):
    kobe.climate = "polar"
    with pytest.raises(ValidationError):
        kobe.save()

    assert kobe.changed_fields() == {"climate": (None, "polar")}


def test_a_duplicate_is_a_unique_violation_under_our_name(kintone):
    Country.objects.create(code="JP", name="日本")

    with pytest.raises(UniqueViolation) as caught:
        Country.objects.create(code="JP", name="Japan")

    assert caught.value.errors == {"code": ["This value already exists in another record."]}


def test_a_lookup_fills_its_copies(kintone):
    Country.objects.create(code="JP", name="日本")
    city = City.objects.create(name="Kobe", country="JP")

    assert city.country_name == "日本"


def test_a_lookup_without_its_record_is_refused(kintone):
    with pytest.raises(LookupSourceNotFound):
        City.objects.create(name="Kobe", country="XX")


def test_the_copies_of_a_lookup_are_a_snapshot(kintone):
    country = Country.objects.create(code="JP", name="日本")
    City.objects.create(name="Kobe", country="JP")
    country.name = "Japan"
    country.save()

    assert City.objects.get().country_name == "日本"


def test_a_new_key_refreshes_the_copies(kintone):
    Country.objects.create(code="JP", name="日本")
    Country.objects.create(code="FR", name="France")
    city = City.objects.create(name="Kobe", country="JP")
    city.country = "FR"
    city.save()

    assert city.country_name == "France"


def test_what_kintone_writes_itself_is_fetched_once_after_a_save(kintone, kobe):
    kobe.population = 3
    kobe.save()
    assert kobe.get_deferred_fields() == {"updated"}
    with capture_requests(kintone) as requests:
        assert kobe.updated == kobe.updated

    assert params(requests)["fields"] == City._meta.codes  # compared, if somebody wrote it since


def test_a_fetched_field_does_not_drop_unsaved_changes(kintone, kobe):
    kobe.population = 3
    kobe.save()
    kobe.notes = "unsaved"
    assert kobe.updated is not None

    assert kobe.notes == "unsaved"
    assert list(kobe.changed_fields()) == ["notes"]


def test_a_field_never_assigned_gets_the_apps_default(kintone):
    with capture_requests(kintone) as requests:
        city = City.objects.create(name="Kobe")
        assert city.population is None

    assert [request.method for request in requests] == ["POST", "GET"]


def test_a_model_without_kintones_precision_rounds_silently(kintone):
    City.objects.create(name="Kobe", latitude="34.691312")

    assert City.objects.get().latitude == Decimal("34.6913")


class Exact(Model):
    value = fields.NumberField()

    class Meta:
        number_precision = {"digits": 12, "decimal_places": 5}


def test_a_declared_precision_is_the_apps(kintone):
    Exact.objects.create(value="34.69131")

    assert Exact.objects.get().value == Decimal("34.69131")


def test_a_value_that_kintone_rounds_is_read_again(kintone):
    city = City(name="Kobe", latitude=Decimal("34.691312"))
    city.save()

    assert city.latitude == Decimal("34.6913")


def test_a_value_that_kintone_rounds_is_read_again_though_it_was_not_validated(kintone):
    exact = Exact(value=Decimal("1.234567"))
    exact.save(validate=False)

    assert exact.value == Decimal("1.23457")


def test_decimals_of_an_app_that_may_keep_fewer_are_read_again(kintone):
    class Coarse(Model):
        value = fields.NumberField()

        class Meta:
            number_precision = {"digits": 12, "decimal_places": 2}

    class Undeclared(Model):
        value = fields.NumberField()

        class Meta:
            app = "coarse"

    with emulate(Coarse):
        undeclared = Undeclared.objects.create(value="1.239")
        assert undeclared.value == Decimal("1.24")


def test_a_value_that_kintone_keeps_is_not_read_again(kintone):
    exact = Exact.objects.create(value="34.6913")
    city = City.objects.create(name="Kobe", latitude=34)
    with capture_requests(kintone) as requests:
        assert (exact.value, city.latitude) == (Decimal("34.6913"), 34)

    assert requests == []


def test_a_field_that_the_app_does_not_have_is_not_written_into_the_void(kintone):
    class Wider(Model):
        name = fields.SingleLineTextField("都市名")
        missing = fields.SingleLineTextField()

        class Meta:
            app = "cities"

    City.objects.create(name="Kobe")
    city = Wider.objects.get()
    city.missing = "precious"
    with pytest.raises(DecodeError, match="kintone did not send Wider.missing"):
        city.save()


@pytest.mark.parametrize(
    "write",
    [
        lambda model: model.objects.create(name="x", missing="precious"),
        lambda model: model.objects.bulk_create([model(name="x", missing="precious")]),
        lambda model: model.objects.update(missing="precious"),
    ],
)
def test_a_code_that_the_app_does_not_have_is_refused(kintone, write):
    class Misspelt(Model):
        name = fields.SingleLineTextField("都市名")
        missing = fields.SingleLineTextField("missin")

        class Meta:
            app = "cities"

    City.objects.create(name="Kobe")
    with pytest.raises(FieldDoesNotExist, match="Misspelt.missing: app .* has no field 'missin'"):
        write(Misspelt)
    assert [city.name for city in City.objects.all()] == ["Kobe"]


def test_any_refusal_names_the_record(kintone):
    with pytest.raises(LookupSourceNotFound, match=r"^City \(new\): A value XX in"):
        City.objects.create(name="Kobe", country="XX")


def test_saving_a_record_that_is_gone(kintone, kobe):
    City.objects.all().delete()
    kobe.population = 3

    with pytest.raises(City.DoesNotExist, match="no longer exists"):
        kobe.save()


def test_a_record_is_not_saved_into_another_domain(kintone, kobe):
    kobe.population = 3
    with emulate(City) as other, pytest.raises(ValueError, match="its id is another record's"):
        kobe.save(using=other)


def login(kintone, password, **other):
    said = {"apps": kintone.apps, "alias": "again", "adapter": kintone._adapter} | other
    return connect(kintone.base_url, username="kato", password=password, **said)


@pytest.fixture
def again(kintone):
    kintone.emulator.add_user("kato", "old")
    login(kintone, "old")
    City.objects.create(name="Kobe")
    yield City.objects.using("again").get()
    del connections["again"]


def test_a_record_can_be_saved_by_who_has_connected_again(kintone, again):
    kintone.emulator.add_user("kato", "new")
    login(kintone, "new")
    again.population = 3
    again.save(using="again")
    again._require_same_home(City.objects.using("again").get())

    assert City.objects.get().population == 3


@pytest.mark.parametrize("elsewhere", [{"guest_space": 1}, {"adapter": None}])
def test_a_record_cannot_be_saved_by_who_has_connected_elsewhere(kintone, again, elsewhere):
    login(kintone, "old", **elsewhere)
    again.population = 3
    with pytest.raises(ValueError, match="its id is another record's"):
        again.save(using="again")


def test_a_record_of_one_alias_is_not_saved_by_another(kintone, again):
    again.population = 3
    with pytest.raises(ValueError, match="its id is another record's"):
        again.save(using=kintone)


def test_a_record_is_saved_where_it_was_read_whatever_is_meant_now(kintone, kobe):
    kobe.population = 3
    with emulate(City):
        kobe.save()

    assert City.objects.get().population == 3


def test_a_new_record_is_saved_where_it_is_told(kintone):
    with emulate(City):
        City(name="Kobe").save(using=kintone)

    assert City.objects.count() == 1


def test_a_deferred_field_of_a_newer_revision_leads_to_the_conflict(kintone):
    City.objects.create(name="Kobe", population=1)
    mine = City.objects.only("population").get()
    theirs = City.objects.get()
    theirs.population = 2
    theirs.save()

    with pytest.raises(City.Conflict):
        mine.save(update_fields=["population", "name"])

    assert City.objects.get().population == 2
