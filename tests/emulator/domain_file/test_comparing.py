"""A domain file with a data file: new data is made, existing data must agree."""

from __future__ import annotations

import pytest
from support.domain_files import CUSTOMERS, ORDERS, TEXT, form, shop
from support.plain_kintone import Kintone, password

from kintone_orm.emulator import DomainFileError, Emulator


@pytest.fixture
def data(tmp_path):
    return tmp_path / "kintone.db"


def sato(emulator):
    return Kintone(emulator, password("sato", "secret"))


def refused(load, file, data):
    with pytest.raises(DomainFileError) as refusal:
        load(file, data=data)
    *differences, remedy = refusal.value.problems
    assert remedy == "Make the file agree with the data, or use another file for the data."
    return [problem.partition(": ")[2] for problem in differences]


def test_new_data_is_made_and_kept(load, data):
    load(shop(), data=data).close()
    emulator = load(shop(), data=data)
    assert sato(emulator).find(12) == [7, 1]
    assert emulator.made.apps == {"orders": 12, "customers": 1}


def test_records_written_meanwhile_are_not_a_difference(load, data):
    first = load(shop(), data=data)
    sato(first).add(12, number="3")
    first.close()
    assert sato(load(shop(), data=data)).find(12) == [8, 7, 1]


def test_tokens_and_people_are_those_of_the_file_each_time(load, data):
    load(shop(), data=data).close()
    emulator = load(shop(users={"sato": {"password": "new"}}), data=data)
    token = {"X-Cybozu-API-Token": emulator.made.tokens["orders"]["ci"]}
    assert Kintone(emulator, token).find(12) == [7, 1]
    assert Kintone(emulator, password("sato", "new")).find(12) == [7, 1]


def test_a_field_with_other_settings_is_a_difference(load, data):
    load(form(a=TEXT, b=TEXT), data=data).close()
    file = form(a={**TEXT, "required": True}, c=TEXT)
    file["apps"]["orders"]["form"]["properties"]["b"] = TEXT
    assert refused(load, file, data)[:2] == [
        "apps.orders.form.properties.a.required: The data has false, but the file says true.",
        (
            "apps.orders.form.properties.c: The data has no value, but the file says "
            '{"type":"SINGLE_LINE_TEXT","code":"c","label":"c","noLabel":....'
        ),
    ]


def test_data_without_the_apps_of_the_file_is_refused(load, data):
    emulator = Emulator(data, users={"sato": "secret"})
    sato(emulator).new_app({"z": TEXT}, name="Mine")
    emulator.close()
    differences = refused(load, {**form(a=TEXT), "language": "ja"}, data)
    assert 'language: The data has "en", but the file says "ja".' in differences
    assert (
        'apps.orders.settings.name: The data has "Mine", but the file says "orders".' in differences
    )


def test_spaces_are_compared(load, data):
    load({"spaces": {"crm": {"id": 3}}}, data=data).close()
    assert refused(load, {"spaces": {"crm": {"id": 3, "guest": True}}}, data) == [
        "spaces.crm.guest: The data has false, but the file says true."
    ]


def test_another_language_is_one_difference(load, data):
    load({**shop(), "language": "ja"}, data=data).close()
    assert refused(load, shop(), data) == ['language: The data has "ja", but the file says "en".']


def test_fields_of_the_data_alone_are_a_difference_unless_they_may_be_there(load, data):
    first = load(shop(), data=data)
    kintone = sato(first)
    columns = {"lines": {"type": "SUBTABLE", "fields": {"note": {**TEXT, "code": "note"}}}}
    more = {"app": 12, "properties": {"memo": {**TEXT, "code": "memo", "label": "memo"}}}
    kintone.ok("POST", "preview/app/form/fields.json", more)
    columns["lines"]["fields"]["note"]["label"] = "note"
    kintone.ok("PUT", "preview/app/form/fields.json", {"app": 12, "properties": columns})
    kintone.deploy(12)
    first.close()
    differences = refused(load, shop(), data)
    assert any(problem.startswith("apps.orders.form.properties.memo: ") for problem in differences)
    load(shop(), data=data, extra_fields=True).close()
    other = shop(apps={"orders": {**ORDERS, "code": "OTHER"}, "customers": CUSTOMERS})
    with pytest.raises(DomainFileError, match='The data has "ORD", but the file says "OTHER"'):
        load(other, data=data, extra_fields=True)


def test_other_apps_of_the_data_are_not_a_difference(load, data):
    first = load(form(a=TEXT), data=data)
    sato(first).new_app({})
    first.close()
    assert load(form(a=TEXT), data=data).made.apps == {"orders": 1}


def test_a_refused_file_leaves_new_data_empty(load, data):
    file = form(a={"type": "NUMBER"})
    file["apps"]["orders"]["records"] = [{"a": "many"}]
    with pytest.raises(DomainFileError):
        load(file, data=data)
    assert load(form(b=TEXT), data=data).made.apps == {"orders": 1}
