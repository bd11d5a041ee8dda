"""The stored records are found by the keys of the objects, as kintone compares keys."""

from __future__ import annotations

import pytest
from support.models.clients import Client, Plain, paths, stored, upsert

from kintone_orm.testing import capture_requests


@pytest.fixture
def there(kintone):
    """A stored client whose values differ from the defaults."""
    return Client.objects.create(
        code="1", number=1, name="a", state="inactive", tags=["old"], serial=0
    )


# -- requests --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "expected"), [(499, 1), (500, 2), (999, 3)])
def test_a_look_up_is_a_request_for_499_keys(there, number, expected, kintone):
    with capture_requests(kintone) as requests:
        upsert([Client(code=f"k{n}") for n in range(number)])

    assert paths(requests).count("GET records.json") == expected


def test_a_page_that_is_full_is_read_on(there, kintone, monkeypatch):
    """A filter ignores blanks at the end of texts, so it may find more records than keys."""
    monkeypatch.setattr("kintone_orm.emulator.choices.UNIQUE_IGNORES_BLANKS_AT_THE_END", False)
    keys = [f"k{n}" for n in range(300)]
    Plain.objects.bulk_create([Plain(code=key + " ", name="old") for key in keys])
    Plain.objects.bulk_create([Plain(code=key, name="old") for key in keys])
    with capture_requests(kintone) as requests:
        upsert([Client(code=key, name="new") for key in keys])

    assert paths(requests).count("GET records.json") == 2
    assert Plain.objects.filter(name="new").count() == 300
    assert Plain.objects.filter(name="old").count() == 300


# -- keys are matched as kintone matches them ------------------------------------------------------


def test_a_number_is_matched_by_its_value(there):
    upsert([Client(number="1.0", name="z")], by="number")

    assert (Client.objects.count(), stored()[0]) == (1, "z")


def test_a_text_is_matched_exactly(there):
    upsert([Client(code="01", name="z"), Client(code="1", name="y")])

    assert (stored()[0], stored("01")[0]) == ("y", "z")


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize("model", [Client, Plain])
def test_blanks_at_the_end_of_a_key_count_as_kintone_counts_them(there, monkeypatch, same, model):
    """Both ways of an upsert, by one request and in two steps."""
    monkeypatch.setattr("kintone_orm.emulator.choices.UNIQUE_IGNORES_BLANKS_AT_THE_END", same)
    client = model(code="1 ", name="z")
    upsert([client])

    found = [(client.code, client.name, client.state) for client in Client.objects.order_by("pk")]
    new = ("1 ", "z", "active" if model is Client else "")
    assert found == ([("1", "z", "inactive")] if same else [("1", "a", "inactive"), new])
    assert client.code == ("1" if same else "1 ")


def test_a_key_that_is_there_exactly_is_not_taken_for_one_without_blanks(there, monkeypatch):
    monkeypatch.setattr("kintone_orm.emulator.choices.UNIQUE_IGNORES_BLANKS_AT_THE_END", False)
    Plain.objects.create(code="1 ", name="b")
    upsert([Client(code="1", name="y"), Client(code="1 ", name="z")])

    assert [client.name for client in Client.objects.order_by("pk")] == ["y", "z"]
