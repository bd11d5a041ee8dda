"""What of the emulator's choices is a constant: switches, and lists that nobody publishes.

Every choice, with its evidence, is a row of the table in choice_table.py. Flip a switch and run
your tests to see whether your program depends on it.
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

# Do "abc" and "abc " collide where duplicates are prohibited? Queries take them for equal.
UNIQUE_IGNORES_BLANKS_AT_THE_END: bool = True

# Do `date != "2024-02-06"` and `total not in (5)`, of a CALC, find blanks? Measured for numbers,
# texts and choices, where they do; thin for dates and times, unknown for results of formulas.
BLANK_IS_UNEQUAL: bool = True

# Does `total < 5` find a CALC without a result? Observed for numbers that were entered.
BLANK_IS_BELOW_ANY_RESULT: bool = True

# Does `memo not like "a"` find blanks? Presumably.
BLANK_IS_UNLIKE: bool = True

# Does `created > TODAY()` mean after today, and `<=` up to its end? That is the natural reading; if
# not, a period is compared by the instant that it begins with. `=` and `<` are documented.
PERIODS_ARE_COMPARED_WHOLE: bool = True

# Are CREATED_TIME and UPDATED_TIME compared and sorted with seconds that they do not show? Records
# that are written while it is so have them; another team's kintone was seen to do it.
HIDDEN_SECONDS: bool = False

# Does `like` find what a record held before its last update, and not what it holds? kintone's index
# lags for seconds to minutes, at random: 4 and 6 of 8 tries. So it is off unless asked for.
SEARCH_LAGS: bool = False

# Does `like "tokyo"` find "TOKYO"? Presumably; the width of kana is known to be ignored.
LIKE_IGNORES_CASE: bool = True

# Do answers leave out a CALC without a result? One note says that records from before the field, or
# without any value, lack it; others have it as "".
CALC_MAY_BE_MISSING: bool = False

# Does a row that an update adds get the defaults of the columns that are not sent? Defaults are
# said never to be applied on PUT, and to be applied in every new row.
NEW_ROWS_OF_UPDATES_HAVE_DEFAULTS: bool = True

# The language of error texts where it is the user's display language, which Accept-Language does
# not change: "ja" or "en". With "", every user follows the browser.
DISPLAY_LANGUAGE: str = ""

# How many parentheses may be open at once: kintone publishes no limit.
QUERY_NESTING: Final = 100

# Does `number = ""` in a formula find a blank number? People use it so; by the letter of the rule
# that different types are never equal it would not.
BLANK_NUMBER_EQUALS_EMPTY_TEXT: bool = True

# How many parentheses, those of functions included, may be open at once in a formula, and how
# long a text may become: kintone publishes no limit. IF was seen to nest seven deep.
FORMULA_NESTING: Final = 50
CALCULATED_TEXT_LENGTH: Final = 100_000

# What a LINK may hold, by protocol: the exact grammar is not published.
LINK_PATTERNS: Final = {
    "WEB": r"(?i:https?|ftp)://\S+",
    "CALL": r"(?=.*[0-9])[0-9+*#,;() -]+",
    "MAIL": r"[^@\s]+@[^@\s]+",
}

# How wide a field is on the form that was added without a layout, in pixels.
FIELD_WIDTH: Final = "193"

# The types that can be the title of a record.
TITLE_TYPES: Final = (
    ("RECORD_NUMBER", "CREATOR", "CREATED_TIME", "MODIFIER", "UPDATED_TIME")
    + ("SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "LINK", "NUMBER", "CALC")
    + ("DATE", "TIME", "DATETIME", "DROP_DOWN", "RADIO_BUTTON")
)

# The fields of a new app: (type, code, label). These codes are those of an English domain.
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

# The same in a Japanese domain, whose codes are the labels.
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

# The types by which records of two apps can be related; values are compared as texts, numbers as
# numbers, and a blank relates nothing.
RELATING_TYPES: Final = ("SINGLE_LINE_TEXT", "LINK", "NUMBER", "CALC", "RECORD_NUMBER")

# Besides its own type, what a lookup may copy into a field; CALC stands for its number formats.
COPIES: Final = {
    "SINGLE_LINE_TEXT": (
        ("RECORD_NUMBER", "NUMBER", "LINK", "DROP_DOWN", "RADIO_BUTTON")
        + ("DATE", "TIME", "DATETIME", "CREATED_TIME", "UPDATED_TIME", "CALC")
    ),
    "NUMBER": ("RECORD_NUMBER", "CALC"),
    "DATETIME": ("CREATED_TIME", "UPDATED_TIME"),
}
