"""App codes, and record numbers with an app code."""

from __future__ import annotations

import pytest
from support.plain_kintone import described


@pytest.fixture
def app(kintone):
    return kintone.new_app({"n": {"type": "NUMBER"}})


def record_number(kintone, app, number):
    return kintone.read(app, number)["Record_number"]


def test_record_numbers_follow_the_code_at_once(kintone, emulator, app):
    number = kintone.add(app)
    emulator.set_app_code(app, "ORDER")
    read = kintone.read(app, number)
    assert (read["Record_number"], read["$id"], read["$revision"]) == ("ORDER-1", "1", "1")
    assert record_number(kintone, app, kintone.add(app)) == "ORDER-2"
    emulator.set_app_code(app, "")
    assert [record_number(kintone, app, n) for n in (1, 2)] == ["1", "2"]


def test_ids_stay_bare(kintone, emulator, app):
    emulator.set_app_code(app, "ORDER")
    number = kintone.add(app, n=1)
    kintone.put(app, number, n=2)
    assert record_number(kintone, app, number) == "ORDER-1"
    assert kintone.find(app, "Record_number = 1") == [number]
    assert kintone.find(app, "order by Record_number desc") == [number]


def test_apps_are_found_by_their_code(kintone, emulator, app):
    emulator.set_app_code(app, "ORDER")
    assert kintone.ok("GET", "app.json", {"id": app})["code"] == "ORDER"
    apps = kintone.ok("GET", "apps.json", {"codes": ["ORDER", "x"]})["apps"]
    assert [entry["appId"] for entry in apps] == [str(app)]
    assert kintone.ok("GET", "apps.json", {"codes": ["order"]})["apps"] == []


def test_a_code_belongs_to_one_app(kintone, emulator, app):
    other = kintone.new_app({})
    emulator.set_app_code(app, "ORDER")
    emulator.set_app_code(app, "ORDER")
    with pytest.raises(ValueError, match=f"The app {app} already has the code ORDER"):
        emulator.set_app_code(other, "ORDER")


@pytest.mark.parametrize("code", ["a b", "コード", "x" * 65, "a-b"])
def test_a_code_is_checked(emulator, app, code):
    with pytest.raises(ValueError, match="An app code has up to 64"):
        emulator.set_app_code(app, code)


def test_an_unknown_app_gets_no_code(emulator):
    with pytest.raises(ValueError, match="There is no app 9"):
        emulator.set_app_code(9, "X")


def test_an_app_may_have_a_code_before_it_is_deployed(kintone, emulator):
    app = int(kintone.ok("POST", "preview/app.json", {"name": "x"})["app"])
    emulator.set_app_code(app, "NEW")
    assert kintone.deploy(app) == "SUCCESS"
    assert record_number(kintone, app, kintone.add(app)) == "NEW-1"


def test_a_lookup_copies_the_number_as_its_target_can_hold_it(kintone, emulator, app):
    emulator.set_app_code(app, "ORDER")
    kintone.add(app)
    lookup = {
        "relatedApp": {"code": "ORDER"},
        "relatedKeyField": "Record_number",
        "fieldMappings": [
            {"field": "text", "relatedField": "Record_number"},
            {"field": "number", "relatedField": "Record_number"},
        ],
    }
    text, number = {"type": "SINGLE_LINE_TEXT"}, {"type": "NUMBER"}
    definitions = {"key": {**number, "lookup": lookup}, "text": text, "number": number}
    target = kintone.new_app(described(definitions))
    read = kintone.read(target, kintone.add(target, key=1))
    assert (read["text"], read["number"]) == ("ORDER-1", "1")
