"""The emulator's choices that are constants: switches, and lists that kintone does not publish.

Every choice, with its evidence, is a row of the table in choice_table.py. Flip a switch and run
your tests to see if your program depends on it.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "BLANK_IS_BELOW_ANY_RESULT",
    "BLANK_IS_UNEQUAL",
    "BLANK_IS_UNLIKE",
    "BLANK_NUMBER_EQUALS_EMPTY_TEXT",
    "CALCULATED_TEXT_LENGTH",
    "CALC_MAY_BE_MISSING",
    "COPIES",
    "DISPLAY_LANGUAGE",
    "FIELD_WIDTH",
    "FORMULA_NESTING",
    "HIDDEN_SECONDS",
    "JAPANESE_FIELDS",
    "LIKE_IGNORES_CASE",
    "LINK_PATTERNS",
    "NEW_ROWS_OF_UPDATES_HAVE_DEFAULTS",
    "PERIODS_ARE_COMPARED_WHOLE",
    "QUERY_NESTING",
    "RELATING_TYPES",
    "SEARCH_LAGS",
    "SYSTEM_FIELDS",
    "TITLE_TYPES",
    "UNIQUE_IGNORES_BLANKS_AT_THE_END",
]

# Do "abc" and "abc " collide in a field that prohibits duplicates? In queries they are equal.
UNIQUE_IGNORES_BLANKS_AT_THE_END: bool = True

# Do `date != "2024-02-06"` and `total not in (5)` (`total` is a CALC) find blanks? Measured: "yes"
# for numbers, texts and choices. There is little evidence for dates and times. There is no evidence
# for CALCs.
BLANK_IS_UNEQUAL: bool = True

# Does `total < 5` find a CALC without a result? On a NUMBER field, `<` was observed to find blanks.
BLANK_IS_BELOW_ANY_RESULT: bool = True

# Does `memo not like "a"` find blanks? Probably.
BLANK_IS_UNLIKE: bool = True

# Does `created > TODAY()` mean "after the end of today", and `<=` "up to the end of today"? This is
# the natural reading. With False, a period is compared by its first instant. The switch does not
# concern `=` and `<`, because kintone's documents describe them.
PERIODS_ARE_COMPARED_WHOLE: bool = True

# Are CREATED_TIME and UPDATED_TIME compared and sorted with seconds that they do not show? One
# team observed that they are. Only records written while the switch is on have seconds.
HIDDEN_SECONDS: bool = False

# Does `like` search the values from before a record's last update? kintone's index lags for seconds
# to minutes, at random (seen in 4 and in 6 of 8 tries), so the switch is off by default.
SEARCH_LAGS: bool = False

# Does `like "tokyo"` find "TOKYO"? Probably: `like` is known to ignore the width of kana.
LIKE_IGNORES_CASE: bool = True

# Do answers leave out a CALC without a result? One source says that they do, for records that are
# older than the field or have no value at all. In other sources, answers hold the value "".
CALC_MAY_BE_MISSING: bool = False

# Does a row that an update adds get the defaults of the columns that are not sent? Sources
# disagree: some say that PUT never sets defaults, others that every new row gets them.
NEW_ROWS_OF_UPDATES_HAVE_DEFAULTS: bool = True

# The display language of all users, "ja" or "en". Error texts are in this language, whatever
# Accept-Language says. With "", no user has chosen a language: error texts follow Accept-Language.
DISPLAY_LANGUAGE: str = ""

# The limit of open parentheses in a query. kintone publishes no limit.
QUERY_NESTING: Final = 100

# Is `number = ""` true in a formula if the number is blank? People rely on this, although the
# documents say that values of different types are never equal.
BLANK_NUMBER_EQUALS_EMPTY_TEXT: bool = True

# The limit of open parentheses in a formula (those of functions count), and the limit of characters
# in a computed text. kintone publishes neither limit. Seven nested IFs were observed to work.
FORMULA_NESTING: Final = 50
CALCULATED_TEXT_LENGTH: Final = 100_000

# The pattern of a LINK's values, by protocol. The exact grammar is not published.
LINK_PATTERNS: Final = {
    "WEB": r"(?i:https?|ftp)://\S+",
    "CALL": r"(?=.*[0-9])[0-9+*#,;() -]+",
    "MAIL": r"[^@\s]+@[^@\s]+",
}

# The width, in pixels, of a field that was added without a layout.
FIELD_WIDTH: Final = "193"

# The types that can be the title of a record.
TITLE_TYPES: Final = (
    ("RECORD_NUMBER", "CREATOR", "CREATED_TIME", "MODIFIER", "UPDATED_TIME")
    + ("SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "LINK", "NUMBER", "CALC")
    + ("DATE", "TIME", "DATETIME", "DROP_DOWN", "RADIO_BUTTON")
)

# The fields of a new app in an English domain: (type, code, label).
SYSTEM_FIELDS: Final = (
    ("RECORD_NUMBER", "Record_number", "Record number"),
    ("CREATOR", "Created_by", "Created by"),
    ("CREATED_TIME", "Created_datetime", "Created datetime"),
    ("MODIFIER", "Updated_by", "Updated by"),
    ("UPDATED_TIME", "Updated_datetime", "Updated datetime"),
    ("STATUS", "Status", "Status"),
    ("STATUS_ASSIGNEE", "Assignee", "Assignee"),
    ("CATEGORY", "Categories", "Categories"),
)

# The fields of a new app in a Japanese domain. The codes are the labels.
JAPANESE_FIELDS: Final = (
    ("RECORD_NUMBER", "レコード番号", "レコード番号"),
    ("CREATOR", "作成者", "作成者"),
    ("CREATED_TIME", "作成日時", "作成日時"),
    ("MODIFIER", "更新者", "更新者"),
    ("UPDATED_TIME", "更新日時", "更新日時"),
    ("STATUS", "ステータス", "ステータス"),
    ("STATUS_ASSIGNEE", "作業者", "作業者"),
    ("CATEGORY", "カテゴリー", "カテゴリー"),
)

# The types of fields that can relate records of two apps. Numbers are compared as numbers, other
# values as texts. A blank value has no related records.
RELATING_TYPES: Final = ("SINGLE_LINE_TEXT", "LINK", "NUMBER", "CALC", "RECORD_NUMBER")

# By the type of a field: the other types that a lookup may copy into the field. A lookup may always
# copy a field of the same type. CALC means a CALC that is shown as a number.
COPIES: Final = {
    "SINGLE_LINE_TEXT": (
        ("RECORD_NUMBER", "NUMBER", "LINK", "DROP_DOWN", "RADIO_BUTTON")
        + ("DATE", "TIME", "DATETIME", "CREATED_TIME", "UPDATED_TIME", "CALC")
    ),
    "NUMBER": ("RECORD_NUMBER", "CALC"),
    "DATETIME": ("CREATED_TIME", "UPDATED_TIME"),
}
