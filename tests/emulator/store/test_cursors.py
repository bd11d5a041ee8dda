from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.store.cursors import Cursors

NOW = datetime(2024, 2, 6, 12, tzinfo=timezone.utc)


@pytest.fixture
def cursors():
    return Cursors()


def opened(cursors, *, ids=(1, 2, 3), owner="sato", now=NOW):
    return cursors.open(app=5, fields=[], ids=ids, size=2, owner=owner, now=now)


def code_of(cursors, *arguments):
    with pytest.raises(KintoneError) as error:
        cursors.get(*arguments)
    return error.value.code


def test_a_cursor_is_read_page_by_page(cursors):
    cursor = cursors.get(opened(cursors), "sato", NOW)
    assert (cursor.advance(NOW), cursor.is_exhausted) == ((1, 2), False)
    assert (cursor.advance(NOW), cursor.is_exhausted) == ((3,), True)


def test_a_cursor_lives_for_ten_minutes_after_each_page(cursors):
    key = opened(cursors)
    later = NOW + timedelta(minutes=9)
    cursors.get(key, "sato", later).advance(later)
    assert cursors.get(key, "sato", later + timedelta(minutes=9)).app == 5
    assert code_of(cursors, key, "sato", later + timedelta(minutes=10)) == "GAIA_CN01"


def test_a_cursor_is_its_owner_s(cursors):
    assert code_of(cursors, opened(cursors), "kato", NOW) == "CB_NO02"


def test_ten_cursors_may_be_alive(cursors):
    for _ in range(10):
        opened(cursors)
    with pytest.raises(KintoneError, match="GAIA_TM12"):
        opened(cursors)
    opened(cursors, now=NOW + timedelta(minutes=11))


def test_a_closed_or_expired_cursor_is_gone(cursors):
    closed, expired = opened(cursors), opened(cursors)
    cursors.close(closed)
    cursors.expire(expired)
    for key in (closed, expired):
        assert code_of(cursors, key, "sato", NOW) == "GAIA_CN01"
        assert cursors.app_of(key) is None
