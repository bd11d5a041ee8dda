from __future__ import annotations

import pytest

from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.requests.authentication import Caller
from kintone_orm.emulator.requests.guest_paths import check_entry, check_place
from kintone_orm.emulator.store.people import User
from kintone_orm.emulator.store.spaces import Space

SATO = Caller(User("sato", "Sato"), "sato")
GUEST = Caller(User("guest", "Guest", guest_of=frozenset({7})), "guest")
TOKEN = Caller(User("Administrator", "Administrator"), "token", {1: {"view"}})
SPACE = Space(7, thread=7, guest=True)


def refusal(check, *arguments):
    try:
        check(*arguments)
    except KintoneError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("space", "path", "caller", "code"),
    [
        (None, None, SATO, None),
        (SPACE, 7, SATO, None),
        (SPACE, 7, GUEST, None),
        (None, None, GUEST, "CB_NO02"),
        (Space(8, thread=8, guest=True), 8, GUEST, "CB_NO02"),
        (None, 9, SATO, "OC_NO01"),
        (None, 9, TOKEN, "CB_NO02"),
    ],
)
def test_a_path_is_for_those_who_may_enter_its_space(space, path, caller, code):
    assert refusal(check_entry, space, path, caller) == code


@pytest.mark.parametrize(
    ("app", "path", "code"),
    [
        (None, None, None),
        (7, 7, None),
        (7, None, "GAIA_IL23"),
        (7, 8, "CB_NO02"),
        (None, 7, "CB_NO02"),
    ],
)
def test_an_app_is_used_on_the_path_of_its_space(app, path, code):
    assert refusal(check_place, app, path) == code
