"""Copies of an emulator: equal at first, and independent afterwards."""

from __future__ import annotations

from contextlib import closing

import pytest
from support.plain_kintone import Kintone, password

from kintone_orm.emulator import Emulator

TEXT = {"名前": {"type": "SINGLE_LINE_TEXT", "unique": True}}


@pytest.fixture
def twin_of():
    """Return a function that makes a copy, which is closed at the end."""
    twins = []

    def make(emulator):
        twins.append(emulator.copy())
        return twins[-1]

    yield make
    for twin in twins:
        twin.close()


def test_a_copy_has_the_apps_the_records_and_the_people(kintone, emulator, twin_of):
    app = kintone.new_app(TEXT)
    number = kintone.add(app, 名前="佐藤")
    twin = Kintone(twin_of(emulator), password("kato", "other"))
    assert twin.read(app, number)["名前"] == "佐藤"


def test_changes_of_one_do_not_affect_the_other(kintone, emulator, twin_of):
    app = kintone.new_app(TEXT)
    twin = Kintone(twin_of(emulator), kintone.session.headers)
    assert twin.add(app, 名前="here") == kintone.add(app, 名前="there") == 1
    assert (twin.read(app, 1)["名前"], kintone.read(app, 1)["名前"]) == ("here", "there")


def test_a_later_app_is_in_one_of_them(kintone, emulator, twin_of):
    twin = Kintone(twin_of(emulator), kintone.session.headers)
    app = kintone.new_app(TEXT)
    assert twin.error("GET", "records.json", {"app": app})[1] == "GAIA_AP01"


def test_a_later_user_is_in_one_of_them(emulator, twin_of):
    twin = twin_of(emulator)
    twin.add_user("abe", "new")
    assert Kintone(twin, password("abe", "new")).ok("GET", "apps.json") == {"apps": []}
    stranger = Kintone(emulator, password("abe", "new"))
    assert stranger.send("GET", "apps.json").status_code == 401


def test_tokens_hold_in_a_copy(kintone, emulator, twin_of):
    app = kintone.new_app(TEXT)
    token = emulator.add_api_token(app)
    twin = Kintone(twin_of(emulator), {"X-Cybozu-API-Token": token})
    assert twin.find(app) == []


def test_cursors_stay_behind(kintone, emulator, twin_of):
    app = kintone.new_app(TEXT)
    kintone.add(app, 名前="x")
    cursor = kintone.ok("POST", "records/cursor.json", {"app": app})["id"]
    twin = Kintone(twin_of(emulator), kintone.session.headers)
    assert twin.error("GET", "records/cursor.json", {"id": cursor})[1] == "GAIA_CN01"
    assert len(kintone.ok("GET", "records/cursor.json", {"id": cursor})["records"]) == 1


def test_a_file_is_copied_into_memory(tmp_path, kintone):
    with closing(Emulator(data=tmp_path / "kintone.db", users={"sato": "secret"})) as on_disk:
        first = Kintone(on_disk, kintone.session.headers)
        app = first.new_app(TEXT)
        with closing(on_disk.copy()) as twin:
            Kintone(twin, kintone.session.headers).add(app, 名前="x")
        assert first.find(app) == []


def test_a_copy_of_a_closed_emulator_lives_on(kintone, emulator, twin_of):
    app = kintone.new_app(TEXT)
    twin = twin_of(emulator)
    emulator.close()
    assert Kintone(twin, kintone.session.headers).add(app, 名前="x") == 1


@pytest.mark.parametrize(
    "select", [lambda it: it, lambda it: it._domain], ids=["emulator", "domain"]
)
def test_no_mutable_state_is_shared(select, emulator, twin_of):
    """A new attribute of the emulator must be added here, with its place in a copy."""
    one, other = vars(select(emulator)), vars(select(twin_of(emulator)))
    shared = {name for name in one if one[name] is other[name]}
    assert (
        shared - {"clock", "sleep", "made", "password_is_random", "_first_user", "_closed"} == set()
    )


def test_another_clock_can_be_put_in_its_place(kintone, emulator, clock):
    app = kintone.new_app({})
    emulator.clock = lambda: clock.now.replace(year=2030)
    assert kintone.read(app, kintone.add(app))["Created_datetime"] == "2030-02-06T12:59:00Z"
