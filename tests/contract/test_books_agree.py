"""Two books of kintone's numbers, kept apart on purpose: the mapper's and the emulator's."""

from __future__ import annotations

import pytest

from kintone_orm import limits as ours
from kintone_orm.emulator import limits as emulated
from kintone_orm.emulator.query import checker


@pytest.mark.parametrize(
    ("ours", "emulated"),
    [
        (ours.RECORDS_PER_PAGE, checker.LIMIT_MAX),
        (ours.MAX_OFFSET, checker.OFFSET_MAX),
        (ours.FIELDS_PER_READ, emulated.FIELDS_PER_REQUEST),
        (ours.RECORDS_PER_WRITE, emulated.RECORDS_PER_WRITE),
        (ours.UPDATE_KEY_CHARACTERS, emulated.UNIQUE_TEXT_LENGTH),
        (ours.REQUESTS_PER_BULK, emulated.REQUESTS_PER_BULK),
        (ours.RECORDS_PER_CURSOR_PAGE, emulated.CURSOR_SIZE_MAX),
        (ours.CURSORS_PER_DOMAIN, emulated.CURSORS_PER_DOMAIN),
        (ours.CURSOR_LIFETIME_SECONDS, emulated.CURSOR_LIFETIME_SECONDS),
        (ours.COMMENTS_PER_PAGE, emulated.COMMENTS_PER_PAGE),
        (ours.COMMENT_CHARACTERS, emulated.COMMENT_LENGTH),
        (ours.MENTIONS_PER_COMMENT, emulated.MENTIONS_PER_COMMENT),
        (ours.APPS_PER_PAGE, emulated.APPS_PER_LIST),
        (ours.FIELDS_PER_DELETE, emulated.FIELDS_PER_DELETE),
        (ours.APPS_PER_DEPLOY, emulated.APPS_PER_DEPLOY),
        (ours.TOKENS_PER_REQUEST, emulated.TOKENS_PER_REQUEST),
        (ours.FILE_BYTES, emulated.FILE_BYTES),
        (ours.REQUESTS_AT_ONCE, emulated.CONCURRENT_REQUESTS),
    ],
)
def test_a_number_is_the_same_in_both(ours, emulated):
    assert ours == emulated
