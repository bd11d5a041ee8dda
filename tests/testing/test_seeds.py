"""load(): records from a file, and the place of a mistake in it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from support.models.geography import City, Country

from kintone_orm.exceptions import LookupSourceNotFound, ValidationError
from kintone_orm.testing import assert_requests, emulate, load


@pytest.fixture
def connection():
    with emulate(City) as connection:
        yield connection


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Write a file into the current directory and return its name."""
    monkeypatch.chdir(tmp_path)

    def write(name, content):
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return write


@pytest.fixture
def japan(connection):
    return Country.objects.create(code="JP", name="日本")


KOBE = {
    "name": "Kobe",
    "country": "JP",
    "population": 1_500_000,
    "latitude": Decimal("34.69"),
    "founded": date(1868, 1, 1),
    "visited": datetime(2024, 2, 29, 12, 0, tzinfo=timezone.utc),
    "climate": "temperate",
    "tags": ["port", "old"],
    "notes": "One\nTwo",
}
CSV = """\
都市名,country,population,latitude,founded,visited,climate,tags,notes
Kobe,JP,1500000,34.69,1868-01-01,2024-02-29T12:00Z,temperate,"port
old","One
Two"
"""
JSON = """
[{"name": "Kobe", "country": "JP", "population": 1500000, "latitude": 34.69,
  "founded": "1868-01-01", "visited": "2024-02-29T12:00Z", "climate": "temperate",
  "tags": ["port", "old"], "notes": "One\\nTwo"}]
"""


@pytest.mark.parametrize(("name", "text"), [("cities.csv", CSV), ("cities.JSON", JSON)])
def test_a_file_holds_a_value_of_every_kind(japan, file, name, text):
    load(City, file(name, text))
    city = City.objects.get()
    assert {name: getattr(city, name) for name in KOBE} == KOBE
    assert city.country_name == "日本"


def test_blanks_are_blanks(connection, file):
    load(City, file("cities.csv", "name,population,founded,climate,tags,notes\nKobe,,,,,\n"))
    city = City.objects.get()
    assert (city.population, city.founded, city.climate) == (None, None, None)
    assert (city.tags, city.notes) == ([], "")


def test_the_records_come_back_as_they_were_saved_in_the_order_of_the_file(connection, file):
    found = load(Country, file("countries.csv", "code,国名\nJP,日本\nFR,France\n"))
    assert [(country.id, country.code) for country in found] == [(1, "JP"), (2, "FR")]


def test_many_records_are_one_request(connection, file):
    records = [{"name": f"City {n}"} for n in range(150)]
    with assert_requests(1):
        load(City, file("cities.json", records))


def test_a_file_without_records_sends_nothing(connection, file):
    with assert_requests(0):
        assert load(City, file("cities.csv", "name\n")) == []


def test_a_byte_order_mark_and_lines_as_windows_ends_them_are_fine(connection, file):
    load(City, file("cities.csv", '\ufeffname,notes\r\nKobe,"a\r\nb"\r\n'))
    assert City.objects.get().notes == "a\nb"


def test_another_connection_can_be_meant(connection, file):
    with emulate(Country) as other, emulate():
        load(Country, file("countries.csv", "code,name\nJP,日本\n"), using=other)
        assert Country.objects.using(other).count() == 1


def test_a_naive_time_is_in_the_time_zone_of_the_connection(connection, file):
    connection.timezone = timezone(timedelta(hours=9))
    path = file("cities.csv", "name,visited\nKobe,2024-02-29 21:00\n")
    with emulate():
        (city,) = load(City, path, using=connection)
    assert city.visited == KOBE["visited"]


@pytest.mark.parametrize(
    ("name", "content", "errors"),
    [
        (
            "cities.csv",
            "name,population\nKobe,many\nOsaka,1\n\nNara,1.5\n",
            {
                "line 2, population": "City.population takes a number, not str 'many'.",
                "line 5, population": "City.population takes a whole number, not str '1.5'.",
            },
        ),
        (
            "cities.json",
            '[{"name": "Kobe"},\n {"name": 5, "tags": "port", "founded": 2024}]',
            {
                "record 2 (line 2), name": "City.name takes text, not int 5.",
                "record 2 (line 2), founded": "City.founded takes a date, not int 2024.",
            },
        ),
        (
            "cities.csv",
            "name,population\n,5\nKobe,5\n,6\n",
            {
                "line 2, name": "Required: kintone refuses a blank here.",
                "line 4, name": "Required: kintone refuses a blank here.",
            },
        ),
        (
            "cities.csv",
            "name,tags\nKobe,haven\n",
            {"line 2, tags": "'haven' is not among the choices 'port', 'capital', 'old'."},
        ),
        (
            "cities.csv",
            "name,noted\nKobe,1\n",
            {"line 2, noted": "City has no field 'noted'. Did you mean 'notes'?"},
        ),
        (
            "cities.csv",
            "name,created\nKobe,2024-02-29T12:00Z\n",
            {"line 2, created": "City.created cannot be set: kintone sets it itself."},
        ),
        (
            "cities.csv",
            "id,name\n5,Kobe\n",
            {"line 2, id": "City.id cannot be set: kintone sets it itself."},
        ),
        (
            "cities.csv",
            "name,都市名\nKobe,Kobe\n",
            {"line 2, 都市名": "City.name appears twice in the record."},
        ),
        (
            "cities.csv",
            "name,notes\nKobe\n",
            {"line 2": "The number of values is 1, but line 1 has 2 names."},
        ),
        (
            "cities.json",
            '[{"name": "Kobe"}\n {"name": "Nara"}]',
            {"line 2": "This is not JSON: Expecting ',' delimiter."},
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line_and_field(
    connection, file, name, content, errors
):
    with assert_requests(0), pytest.raises(ValidationError) as caught:
        load(City, file(name, content))
    assert caught.value.where == name
    assert caught.value.errors == {place: [text] for place, text in errors.items()}


def test_what_a_lookup_copies_cannot_be_loaded(connection, file):
    with pytest.raises(ValidationError, match="the lookup 'country' copies its value"):
        load(City, file("cities.csv", "name,country_name\nKobe,Japan\n"))


def test_what_kintone_refuses_is_told_with_its_line_and_field(japan, file):
    path = file("countries.csv", "code,name\nFR,France\nJP,Japan\n")
    with pytest.raises(ValidationError) as caught:
        load(Country, path)
    assert caught.value.errors == {"line 3, code": ["This value already exists in another record."]}


def test_a_lookup_whose_source_is_missing_is_told_with_its_line_and_field(japan, file):
    path = file("cities.csv", "name,country\nKobe,JP\nLyon,FR\nNice,FR\n")
    with pytest.raises(ValidationError, match="cities.csv: line 3, country: A value FR") as caught:
        load(City, path)
    assert list(caught.value.errors) == ["line 3, country", "line 4, country"]
    assert isinstance(caught.value.__cause__, LookupSourceNotFound)


def test_of_many_problems_the_first_are_told(connection, file):
    path = file("cities.json", [{"nam": "x"}] * 1200)
    with pytest.raises(ValidationError) as caught:
        load(City, path)
    assert len(caught.value.errors) == 11
    assert str(caught.value).endswith("...: and 1,190 more.")


def test_another_kind_of_file_is_a_mistake(connection, file):
    with pytest.raises(ValueError, match=r"cities.txt: load\(\) reads only .csv and .json files"):
        load(City, file("cities.txt", ""))


def test_another_encoding_is_told(connection, tmp_path):
    path = tmp_path / "cities.csv"
    path.write_bytes("name\n神戸\n".encode("cp932"))
    with pytest.raises(ValidationError, match="The file is not UTF-8"):
        load(City, path)


def test_a_file_that_is_not_there_is_told(connection):
    with pytest.raises(FileNotFoundError):
        load(City, "nowhere.csv")
