"""kintone's limits: how much fits into a request, a page or a domain.

A constant's name says what it counts. The comments name the kintone document, or say that the limit
was measured or is our own. The emulator has its own copy of the limits, because it shares no code
with the package; a test compares both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.deprecation import renamed_arguments

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
    "IDLE_SECONDS",
    "INTEGER_DIGITS",
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
    "REQUESTS_OF_A_CONNECTION",
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
"""Field codes in `fields`, for records and cursors."""
ITEMS_PER_URL_ARRAY = 100
"""Items of an array in a URL's query string (indexes 0 to 99); a body takes more."""
KEYS_PER_REQUEST = 100
"""Values of the `in` condition that reads related records. Ours: kintone documents no limit."""

# kintone REST API: Add, Update and Delete Records, Update Statuses
RECORDS_PER_WRITE = 100
UPDATE_KEY_CHARACTERS = 64
"""Length of `updateKey.value`, and of a text in a field that prohibits duplicates."""

# kintone REST API: Bulk Request
REQUESTS_PER_BULK = 20
RECORDS_PER_BULK = RECORDS_PER_WRITE * REQUESTS_PER_BULK

# kintone REST API: Add Cursor
RECORDS_PER_CURSOR_PAGE = 500
CURSORS_PER_DOMAIN = 10
CURSOR_LIFETIME_SECONDS = 600
"""The time starts when the cursor is created, and again at each page except the last."""

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
"""How long kintone keeps an upload that no record uses."""

# kintone REST API: Get Apps; Delete Form Fields; Deploy App Settings
APPS_PER_PAGE = 100
APPS_PER_FILTER = 100
"""Values in each of `ids`, `codes` and `spaceIds`."""
FIELDS_PER_DELETE = 100
APPS_PER_DEPLOY = 300

# kintone REST API Overview: limits
TOKENS_PER_REQUEST = 9
REQUESTS_AT_ONCE = 100
"""Requests that run at once in a domain, over all users and programs."""
REQUESTS_OF_A_CONNECTION = 10
"""Requests that a connection sends at once (`max_concurrency`). Ours."""
ANSWER_BYTES = 256 * 1024**2
"""Size of an unpacked answer. Ours: the largest possible page of 500 records is smaller."""
IDLE_SECONDS = 5.0
"""Pause after which a network connection is not used again. Ours: proxies close idle ones."""
URL_CHARACTERS = 4_096
"""The official JavaScript client sends a body for a longer URL; kintone refuses 8 KB."""
INTEGER_DIGITS = 19
"""Digits of a whole number of eight bytes, such as an id. Ours: kintone's have no more."""


def characters(text: str) -> int:
    """Return the length in UTF-16 units, as kintone counts (measured). Most emoji have two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@renamed_arguments(given="values")
def require_at_most(values: Sized, *, limit: int, name: str, way_out: str) -> None:
    """Raise ValueError if `values`, the argument called `name`, has more than `limit` items.

    `way_out` is a sentence that says what to do instead.
    """
    if len(values) > limit:
        message = (
            f"{name!r} has {len(values):,} items, but kintone takes at most {limit:,}. {way_out}"
        )
        raise ValueError(message)
