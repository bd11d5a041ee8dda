"""kintone's numbers: how much fits into one request, one page, one domain.

Each name says what is counted; each comment names the kintone document, or says that the number
was measured. The emulator keeps its own copy on purpose, and a test compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sized

__all__ = [
    "ANSWER_BYTES",
    "APPS_PER_DEPLOY",
    "APPS_PER_FILTER",
    "APPS_PER_PAGE",
    "ASSIGNEES_PER_RECORD",
    "COMMENTS_PER_PAGE",
    "COMMENT_CHARACTERS",
    "CURSORS_PER_DOMAIN",
    "CURSOR_LIFETIME_SECONDS",
    "FIELDS_PER_DELETE",
    "FIELDS_PER_READ",
    "FILE_BYTES",
    "ITEMS_PER_URL_ARRAY",
    "KEYS_PER_REQUEST",
    "MAX_OFFSET",
    "MENTIONS_PER_COMMENT",
    "RECORDS_PER_BULK",
    "RECORDS_PER_CURSOR_PAGE",
    "RECORDS_PER_PAGE",
    "RECORDS_PER_PERMISSION_CHECK",
    "RECORDS_PER_WRITE",
    "REQUESTS_AT_ONCE",
    "REQUESTS_PER_BULK",
    "TOKENS_PER_REQUEST",
    "UPDATE_KEY_CHARACTERS",
    "UPLOAD_LIFETIME_DAYS",
    "URL_CHARACTERS",
    "characters",
    "require_at_most",
]

# kintone REST API: Get Records
RECORDS_PER_PAGE = 500
"""The largest `limit` of a query."""
MAX_OFFSET = 10_000
"""The largest `offset` of a query."""
FIELDS_PER_READ = 1_000
"""Codes in `fields`, for records and cursors."""
ITEMS_PER_URL_ARRAY = 100
"""Items of an array in a query string, indexes 0 to 99; a body takes more."""
KEYS_PER_REQUEST = 100
"""Values of an `in` by which related records are read; ours: kintone documents no largest one."""

# kintone REST API: Add, Update and Delete Records, Update Statuses
RECORDS_PER_WRITE = 100
UPDATE_KEY_CHARACTERS = 64
"""Length of `updateKey.value`, and of any text under "prohibit duplicate values"."""

# kintone REST API: Bulk Request
REQUESTS_PER_BULK = 20
RECORDS_PER_BULK = RECORDS_PER_WRITE * REQUESTS_PER_BULK

# kintone REST API: Add Cursor
RECORDS_PER_CURSOR_PAGE = 500
CURSORS_PER_DOMAIN = 10
CURSOR_LIFETIME_SECONDS = 600
"""From its creation, and again from each page that is not the last."""

# kintone REST API: Get Comments, Add Comment
COMMENTS_PER_PAGE = 10
COMMENT_CHARACTERS = 65_535
MENTIONS_PER_COMMENT = 10

# kintone REST API: Update Assignees; Evaluate Record Permissions
ASSIGNEES_PER_RECORD = 100
RECORDS_PER_PERMISSION_CHECK = 100

# kintone REST API: Upload File
FILE_BYTES = 1024**3
UPLOAD_LIFETIME_DAYS = 3
"""How long an upload waits for the record that it is meant for."""

# kintone REST API: Get Apps; Delete Form Fields; Deploy App Settings
APPS_PER_PAGE = 100
APPS_PER_FILTER = 100
"""Values in each of `ids`, `codes` and `spaceIds`."""
FIELDS_PER_DELETE = 100
APPS_PER_DEPLOY = 300

# kintone REST API Overview: limits
TOKENS_PER_REQUEST = 9
REQUESTS_AT_ONCE = 100
"""Requests under way in the domain, of all its users and programs."""
ANSWER_BYTES = 256 * 1024**2
"""What an answer may have, unpacked; ours: a page of 500 records with all that fits has less."""
URL_CHARACTERS = 4_096
"""The length at which the official JavaScript client stops using the URL; kintone refuses 8 KB."""


def characters(text: str) -> int:
    """The length of a text as kintone was seen to count it: an emoji is two, its UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def require_at_most(given: Sized, *, limit: int, name: str, way_out: str) -> None:
    """ValueError if the parameter `name` was given more than `limit` things, with the way out."""
    if len(given) > limit:
        message = f"{name}: {len(given):,} given, kintone takes at most {limit:,}; {way_out}"
        raise ValueError(message)
