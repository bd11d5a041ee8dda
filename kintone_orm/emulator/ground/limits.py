"""kintone's limits, as the emulator enforces them. A comment above each group names its source.

The rest of kintone_orm has its own copies of these numbers. Tests run kintone_orm against the
emulator. If both used one copy, the tests would not notice a wrong number.
"""

from __future__ import annotations

from typing import Final

# kintone REST API: Get Records
DEFAULT_PAGE: Final = 100
FIELDS_PER_REQUEST: Final = 1_000

# kintone REST API: Add Records, Update Records, Delete Records
RECORDS_PER_WRITE: Final = 100

# kintone REST API: Update Record (OpenAPI maxLength of updateKey.value); kintone help: limits of
# fields that prohibit duplicate values
UNIQUE_TEXT_LENGTH: Final = 64

# kintone REST API: Bulk Request
REQUESTS_PER_BULK: Final = 20

# kintone REST API: Add Cursor, Get Cursor
CURSORS_PER_DOMAIN: Final = 10
CURSOR_SIZE_DEFAULT: Final = 100
CURSOR_SIZE_MAX: Final = 500
CURSOR_LIFETIME_SECONDS: Final = 600

# kintone REST API overview: concurrent requests of one domain
CONCURRENT_REQUESTS: Final = 100

# kintone REST API overview: authentication by API tokens
TOKENS_PER_REQUEST: Final = 9
TOKENS_PER_APP: Final = 20

# kintone REST API: Get Apps, Add App, Deploy App Settings, Get App Deploy Status
APPS_PER_LIST: Final = 100
APPS_OFFSET_MAX: Final = 2_147_483_647
APP_NAME_LENGTH: Final = 64
APP_CODE_LENGTH: Final = 64
APP_DESCRIPTION_LENGTH: Final = 10_000
APPS_PER_DEPLOY: Final = 300

# kintone REST API: Update Views; kintone help: limits
VIEWS_PER_APP: Final = 1_000
VIEW_NAME_LENGTH: Final = 64

# kintone REST API: Add Form Fields, Delete Form Fields; kintone help: limits
FIELDS_PER_APP: Final = 500
FIELDS_PER_DELETE: Final = 100
FIELD_CODE_LENGTH: Final = 128
LABEL_LENGTH: Final = 128
NUMBER_DEFAULT_LENGTH: Final = 1_000

# kintone REST API: Update General Settings (numberPrecision)
DIGITS_MAX: Final = 30
DECIMAL_PLACES_MAX: Final = 10

# kintone REST API: Get Comments, Add Comment
COMMENTS_PER_PAGE: Final = 10
COMMENT_LENGTH: Final = 65_535
MENTIONS_PER_COMMENT: Final = 10

# kintone REST API: Upload File
FILE_BYTES: Final = 1024**3
UPLOAD_LIFETIME_DAYS: Final = 3

# kintone REST API: Update Assignees; Update Process Management Settings
ASSIGNEES_PER_RECORD: Final = 100
STATUS_NAME_LENGTH: Final = 64

# kintone help: Webhooks
WEBHOOKS_PER_APP: Final = 10
NOTIFICATIONS_PER_MINUTE: Final = 60
NOTIFICATION_SECONDS: Final = 10

# kintone REST API: Get Records (index 0 to 99 in a query string); overview: length of a URL
QUERY_STRING_ITEMS: Final = 100
URL_BYTES: Final = 8 * 1024

# A record id and a revision are 64-bit integers (OpenAPI: int64)
INTEGER_MAX: Final = 2**63 - 1
