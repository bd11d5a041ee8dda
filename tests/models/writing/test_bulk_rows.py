"""bulk_update(), upserts by bulk_create(), batch sizes, and revisions in mass writes."""

from __future__ import annotations

import pytest
from support.geography import City, Country, cities

from kintone_orm.exceptions import (
    BulkWriteError,
    ConflictError,
    FieldError,
    NotSupportedError,
    ValidationError,
)
from kintone_orm.testing import assert_requests, emulate


def countries(*codes: str) -> list[Country]:
    return [Country(code=code, name=f"Country {code}") for code in codes]


# -- bulk_update ----------------------------------------------------------------------------------


@pytest.fixture
def loaded(kintone):
    City.objects.bulk_create(cities(250))
    return list(City.objects.all())


def test_each_record_gets_its_own_values(loaded):
    for city in loaded:
        city.population = city.pk
        city.notes = "seen"
    with assert_requests(1) as requests:
        assert City.objects.bulk_update(loaded, ["population"]) == 250

    assert len(requests[0].params["requests"]) == 3
    assert set(City.objects.values_list("notes", flat=True)) == {""}
    assert City.objects.get(pk=77).population == 77


def test_they_know_their_revision_and_are_changed_no_more(loaded):
    loaded[0].population = 5
    City.objects.bulk_update(loaded[:1], ["population"])

    assert (loaded[0].revision, loaded[0].changed_fields()) == (2, {})
    loaded[0].name = "Kobe"
    loaded[0].save()


def test_without_fields_what_changed_is_sent(loaded):
    loaded[0].name, loaded[2].tags = "Kobe", ["port"]
    with assert_requests(1) as requests:
        assert City.objects.bulk_update(loaded) == 2

    assert requests[0].params["records"] == [
        {"id": 1, "record": {"都市名": {"value": "Kobe"}}},
        {"id": 3, "record": {"tags": {"value": ["port"]}}},
    ]


def test_nothing_changed_nothing_sent(loaded):
    with assert_requests(0):
        assert City.objects.bulk_update(loaded) == 0
        assert City.objects.bulk_update([], ["name"]) == 0


def test_what_was_not_read_is_not_sent(loaded):
    parts = list(City.objects.only("name")[:2])
    with assert_requests(1) as requests:
        assert City.objects.bulk_update(parts, ["name", "notes"]) == 2

    assert [list(each["record"]) for each in requests[0].params["records"]] == [["都市名"]] * 2


def test_the_last_write_wins_unless_revisions_are_checked(loaded):
    City.objects.filter(pk=1).update(notes="theirs")
    loaded[0].name = "Mine"
    with pytest.raises(BulkWriteError) as refused:
        City.objects.bulk_update(loaded[:1], check_revision=True)
    assert isinstance(refused.value.__cause__, ConflictError)

    assert City.objects.bulk_update(loaded[:1]) == 1
    assert (loaded[0].revision, loaded[0].notes) == (3, "theirs")


def test_a_record_that_is_gone(loaded):
    City.objects.filter(pk=2).delete()
    loaded[1].name = "x"

    with pytest.raises(BulkWriteError) as refused:
        City.objects.bulk_update(loaded[:2])
    assert refused.value.failed == [loaded[1]]


@pytest.mark.parametrize(
    ("objs", "names", "error", "message"),
    [
        ([City(name="x")], ["name"], ValueError, "must have a primary key"),
        ([Country(code="x")], ["name"], ValueError, "bulk_update.. takes Citys"),
        ([], [], ValueError, "Field names must be given"),
        ([], ["nam"], FieldError, "City has no field 'nam'"),
        ([], ["created"], FieldError, "kintone writes it itself"),
        ([], ["pk"], FieldError, "kintone writes it itself"),
        ([], "name", TypeError, "fields is a list of names, not 'name'"),
    ],
)
def test_what_it_does_not_take(kintone, objs, names, error, message):
    with assert_requests(0), pytest.raises(error, match=message):
        City.objects.bulk_update(objs, names)


def test_all_are_checked_before_the_first_request(loaded):
    loaded[0].name, loaded[1].name = "Kobe", ""
    with assert_requests(0), pytest.raises(ValidationError, match=r"\[1\].name: Required"):
        City.objects.bulk_update(loaded)


def test_two_objects_of_one_record_are_refused_before_the_first_request(loaded):
    again = City.objects.get(pk=2)
    loaded[1].population, again.population = 7, 8
    message = r"the same record twice, as \[1\] and \[250\]: <City id=2 "
    with assert_requests(0), pytest.raises(ValueError, match=message):
        City.objects.bulk_update([*loaded, again])


def test_records_of_another_kintone_are_refused(loaded):
    with emulate(City, Country), pytest.raises(ValueError, match="its id is another record's"):
        City.objects.bulk_update(loaded)


# -- upsert ---------------------------------------------------------------------------------------


def test_an_upsert_adds_and_writes(kintone):
    Country.objects.create(code="JP", name="Nippon")
    objects = countries("JP", "FR")
    with assert_requests(1) as requests:
        Country.objects.bulk_create(objects, update_conflicts=True, unique_fields=["code"])

    assert requests[0].params["upsert"] is True
    assert [(each.pk, each.revision) for each in objects] == [(1, 2), (2, 1)]
    assert Country.objects.in_bulk(["JP"], field_name="code")["JP"].name == "Country JP"


def test_a_long_upsert_goes_in_bulk_requests(kintone):
    codes = [str(n) for n in range(250)]
    Country.objects.bulk_create(countries(*codes[:120]))
    with assert_requests(1):
        Country.objects.bulk_create(
            countries(*codes), update_conflicts=True, unique_fields="code", update_fields=["name"]
        )

    assert Country.objects.count() == 250


@pytest.mark.parametrize("fields", [None, [], ["name"], ["code", "name"]])
def test_an_upsert_needs_one_unique_field(kintone, fields):
    with assert_requests(0), pytest.raises(NotSupportedError, match="Country has 'code'"):
        Country.objects.bulk_create(countries("JP"), update_conflicts=True, unique_fields=fields)


def test_the_fields_of_an_upsert_are_a_list(kintone):
    with assert_requests(0), pytest.raises(TypeError, match="update_fields is a list of names"):
        Country.objects.bulk_create(
            countries("JP"), update_conflicts=True, unique_fields=["code"], update_fields="name"
        )


def test_an_upsert_of_no_field_is_refused(kintone):
    with assert_requests(0), pytest.raises(ValueError, match="would change nothing"):
        Country.objects.bulk_create(
            countries("JP"), update_conflicts=True, unique_fields=["code"], update_fields=[]
        )


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["JP", "FR", "JP"], r"\[2\].code: \[0\] has the same key 'JP'"),
        (["x" * 65], "the key has 65 characters; kintone allows at most 64"),
    ],
)
def test_a_key_is_there_and_only_once(kintone, codes, message):
    with assert_requests(0), pytest.raises(FieldError, match=message):
        Country.objects.bulk_create(
            countries(*codes), update_conflicts=True, unique_fields=["code"]
        )


def test_ignoring_conflicts_is_refused(kintone):
    with pytest.raises(NotSupportedError, match="in_bulk"):
        Country.objects.bulk_create(countries("JP"), ignore_conflicts=True)


# -- batches and revisions ------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "parts"), [(40, 7), (100, 3), (5000, 3)])
def test_a_batch_is_a_hundred_at_most(kintone, size, parts):
    with assert_requests(1) as requests:
        City.objects.bulk_create(cities(250), size)

    assert len(requests[0].params["requests"]) == parts


def test_small_batches_take_more_requests_and_say_where_they_failed(kintone):
    objects = countries(*map(str, range(30)))
    objects[25].code = "7"
    with pytest.raises(BulkWriteError) as refused:
        Country.objects.bulk_create(objects, batch_size=1)

    assert len(refused.value.done) == 20
    assert list(refused.value.errors) == [(25, "code")]


@pytest.mark.parametrize("size", [0, -1, 1.5, "ten"])
@pytest.mark.parametrize("method", ["bulk_create", "bulk_update"])
def test_a_batch_that_is_no_number_of_records_is_refused(kintone, method, size):
    message = f"batch_size must be a positive integer, not {size!r}"
    with assert_requests(0), pytest.raises(ValueError, match=message):
        getattr(City.objects, method)([], batch_size=size)


@pytest.mark.parametrize("method", ["update", "delete"])
def test_a_mass_write_can_check_revisions(loaded, kintone, method):
    def someone_is_faster(send, request):
        answer = send(request)
        if request.method == "GET" and not someone_is_faster.done:
            someone_is_faster.done = True
            loaded[3].name = "Theirs"
            loaded[3].save()
        return answer

    someone_is_faster.done = False
    values = {"notes": "mine"} if method == "update" else {}
    few = City.objects.filter(pk__lt=9)
    with kintone.wrap(someone_is_faster), pytest.raises(BulkWriteError) as refused:
        getattr(few, method)(check_revision=True, **values)

    assert isinstance(refused.value, City.Conflict)
    assert refused.value.failed == list(range(1, 9))
    assert getattr(few, method)(check_revision=True, **values) in (8, (8, {"City": 8}))


@pytest.mark.parametrize("method", ["update", "delete"])
def test_writing_everything_is_logged_with_the_number(loaded, caplog, method):
    everything = City.objects.all()
    getattr(everything, method)(**({"notes": "x"} if method == "update" else {}))

    assert [record.getMessage() for record in caplog.records] == [
        f"City.objects.{method}() without a filter: all records, 250 of them."
    ]


def test_writing_a_part_is_not(loaded, caplog):
    City.objects.filter(pk__gt=3).update(notes="x")
    City.objects.none().delete()

    assert caplog.records == []
