"""The Emulator class: answers, languages, headers, and stored data."""

from __future__ import annotations

import re

import pytest

from kintone_orm.emulator import Emulator


def test_an_error_has_kintones_envelope(kintone):
    response = kintone.send("GET", "records.json", {"app": 99})
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/json;charset=utf-8"
    answer = response.json()
    assert re.fullmatch(r"[\w-]{20}", answer.pop("id"))
    assert answer == {
        "code": "GAIA_AP01",
        "message": "The app (ID: 99) not found. The app may have been deleted.",
    }


def test_each_error_has_an_id_of_its_own(kintone):
    answers = [kintone.send("GET", "records.json", {"app": 99}).json() for _ in range(2)]
    assert answers[0]["id"] != answers[1]["id"]


JAPANESE = "指定したアプリ（id: 9）が見つかりません。削除されている可能性があります。"
ENGLISH = "The app (ID: 9) not found. The app may have been deleted."


@pytest.mark.parametrize(
    ("accepted", "message"),
    [
        (None, ENGLISH),
        ("ja", JAPANESE),
        ("ja-JP,en;q=0.5", JAPANESE),
        ("en,ja;q=0.5", ENGLISH),
        ("ja;q=0.4,en;q=0.9", ENGLISH),
        ("fr", ENGLISH),
        ("fr,ja;q=0.1", JAPANESE),
    ],
)
def test_texts_follow_the_accepted_languages(kintone, accepted, message):
    headers = {"Accept-Language": accepted} if accepted else {}
    assert kintone.error("GET", "records.json", {"app": 9}, headers=headers)[2] == message


def test_a_file_keeps_apps_and_records(tmp_path, kintone):
    path = tmp_path / "kintone.db"
    users = {"sato": "secret"}
    first = Emulator(data=path, users=users)
    with_file = type(kintone)(first, kintone.session.headers)
    app = with_file.new_app({"name": {"type": "SINGLE_LINE_TEXT", "unique": True}})
    number = with_file.add(app, name="x")
    first.close()
    second = Emulator(data=path, users=users)
    again = type(kintone)(second, kintone.session.headers)
    assert again.read(app, number)["name"] == "x"
    assert again.find(app, 'name = "x"') == [number]
    assert again.add(app, name="y") == number + 1
    second.close()


def test_without_users_there_is_one_with_a_random_password():
    one, other = Emulator(), Emulator()
    assert one.credentials[0] == "Administrator"
    assert one.credentials != other.credentials
    one.close()
    other.close()


def test_a_token_of_an_unknown_app_or_permission_is_an_error(emulator):
    with pytest.raises(ValueError, match="There is no app 7"):
        emulator.add_api_token(7)
    with pytest.raises(ValueError, match="There is no permission"):
        emulator.add_api_token(7, permissions=["read"])


def test_an_app_can_have_an_id_of_your_choice(kintone, emulator):
    emulator.add_app(12, name="Orders")
    assert kintone.deploy(12) == "SUCCESS"
    assert kintone.ok("GET", "app.json", {"id": 12})["name"] == "Orders"
    assert kintone.new_app({}) == 13


def test_an_app_may_come_before_those_that_are_there(kintone, emulator):
    emulator.add_app(12, name="Orders")
    emulator.add_app(5, name="Customers")
    assert kintone.new_app({}) == 13


def test_an_id_is_taken_once(emulator):
    emulator.add_app(12, name="Orders")
    with pytest.raises(ValueError, match="There is already an app 12"):
        emulator.add_app(12, name="Customers")
