"""Upserts by bulk_create(), and revisions in mass writes."""

from __future__ import annotations

import pytest
from support.models.geography import City, Country, cities

from kintone_orm.exceptions import (
    BulkWriteError,
    FieldError,
    NotSupportedError,
)
from kintone_orm.testing import assert_requests


def countries(*codes: str) -> list[Country]:
    return [Country(code=code, name=f"Country {code}") for code in codes]


# -- bulk_update ----------------------------------------------------------------------------------


@pytest.fixture
def loaded(kintone):
    City.objects.bulk_create(cities(250))
    return list(City.objects.all())


# -- upsert ---------------------------------------------------------------------------------------


def test_an_upsert_adds_and_writes(kintone):
    Country.objects.create(code="JP", name="Nippon")
    objects = countries("JP", "FR")
    with assert_requests(1) as requests:
        Country.objects.bulk_create(objects, update_conflicts=True, unique_fields=["code"])

    assert requests[0].params["upsert"] is True
    assert [(object_.pk, object_.revision) for object_ in objects] == [(1, 2), (2, 1)]
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
    with (
        assert_requests(0),
        pytest.raises(TypeError, match="update_fields must be a list of names"),
    ):
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
