r"""What the emulator does where nobody knows what kintone does: every such choice, in one place.

A choice follows the likeliest reading where kintone's documents or people's observations suggest
one; otherwise it is the stricter one, which refuses the request or finds fewer records. Programs
should not depend on any of them: flip a constant and run your tests to see whether yours does.

The query language has these besides, in the code of its package.

Queries are refused (CB_VA01 on `query`) when

- a keyword or a function is not in its documented case (`AND`, `today()`);
- a field code reads like a keyword (`order = "a"`): kintone documents no escape;
- a string holds a raw control character, or an escape other than \" \\ \t and \n;
- a list is empty: `in ()`;
- a literal does not have its field's shape: `date = "2024-2-6"`, `time = "25:00"`, `text = 10`,
  `memo like ""`;
- a function stands where the documents do not put it: `number = TODAY()`, in a list of dates,
  in `>` for a user; or its week day is none, or its date lies outside years 1 to 9999.

Queries answer with another error for `$revision` (GAIA_IQ11), `is empty` of rich text
(GAIA_IQ03), an unknown state even when it is "" (GAIA_IQ10), a condition or an order on the
assignee while process management is off (GAIA_ST02), an order by a table's field (GAIA_IS02) and
a related record's field that is in a table (GAIA_IR02).

In conditions

- an unknown user, organization or group in a condition that settings keep is found nowhere;
- the record number is found by its digits, not by its spelling with an app code ("APP-12");
- PRIMARY_ORGANIZATION() of a caller without one drops the whole list that it is in;
- NOW() counts seconds, while the instants in records end with their minute;
- `and` joins the conditions on one table's row through parentheses too, but not through `or`;
  `not in`, `not like` and `is not empty` hold when every row satisfies them, alone or joined;
- `and` joins the conditions on one related record as those on one row; `not in` and its like hold
  when every related record satisfies them, of at least one; the caller needs the right to view the
  other app, and the field's own filter counts;
- of a text the first 64 characters (code points) are compared, without the blanks at their end;
  a text of blanks alone is blank;
- a blank CALC value behaves as a blank NUMBER, and a format that is no number compares as
  what it shows: a date, a time, an instant, or a length of time;
- `!=`, `<`, `>`, `<=`, `>=` with a period mean: outside, before, after, not after, not before it;
- LAST_MONTH(31) in a month after a shorter one is the 1st of the current month;
- FROM_TODAY(1, MONTHS) on the 31st is the last day of a shorter month.

`like` looks into the names of attachments, not into their contents, and finds several words only
where they follow each other. New records are found at once. A keyword without a letter or a
digit is found nowhere.

In orders users whom the domain does not know come last.

Requests are refused when they hold an unknown parameter (CB_VA01 that names it: kintone ignores
it), parameters both in the query string and in a body, a JSON body without its Content-Type or
that Content-Type without a body (CB_IL02). An endpoint that does not exist, or not yet, is a 404
that says so. "true" and "false" are booleans. A bulkRequest needs at least one request; each sees
what the ones before it did.

In records

- a JSON number is no text (CB_IJ01), but it is a number;
- a DATETIME without a zone, or with an offset without a colon, is refused; "" empties DATE, TIME;
- what is chosen twice is kept once, in the order sent; options that the form lost stay;
- "" selects the default of a radio button, on update too;
- rich text is kept as it is sent: what kintone removes from HTML is not known;
- an update adds one to the revision even if it changes nothing, and checks no more than
  `required` of what is not sent; what an update may not hold, a new record may not either;
- a record that is named twice in one update or deletion is refused;
- an upsert that inserts does not look at `revision`; the field of an update key in `record` has the
  path "record[code]" where there is one record;
- a CREATED_TIME or UPDATED_TIME in the future is a CB_VA01;
- a lookup's key that is sent again is looked up again; copies are not checked again, except for
  `required`;
- a field that is added to an app with records is blank in them: defaults are for new records.

In process management

- a deploy FAILs when records stand in a state that is gone, and records start again when the
process is switched off and on; state names are not localized; the first state of an app that was
  never set up has any name;
- the first state is the one with the least `index`, the first sent of several;
- assignees are no CUSTOM_FIELD; a condition is not rewritten when a field's code changes: the
  deploy is refused;
- an action whose condition the record does not meet is GAIA_IL03, and so is one of two with its
  name; an action for others than the assignee moves the record although ALL must act;
- who was chosen must be a candidate (CB_VA01); a group's members are those who can sign in;
- where ALL must act, each who did is no assignee any more, their action adds two to the revision
  as well, and the last one's action decides; `assignee` comes with none before it;
- assignees need not be candidates.

Permissions

- an app is open to everybody, to manage it too, until its permissions are set: those of a new app
  on kintone are not; "everyone" means every account, guests included;
- who is in no entry of a list has no right; somebody must keep the right to manage the app; who
  manages it is bound by record permissions like others; nobody needs the rights to import, export;
- an invisible record is CB_NO02 where its id is named, and not counted where it would be found; a
  cursor leaves it out as soon as it is invisible;
- a field that may not be viewed is unknown in queries, update keys and lookups (GAIA_IQ11,
  GAIA_LO04), and its copies are blank; people named by fields of a record count in that record
  only, so not in queries, forms and new records;
- API tokens have the Administrator's rights on fields;
- a subtable's columns have permissions, the table itself has none (GAIA_FC01); a deploy is refused
  when a permission names a field that is gone;
- permissions that are put live are refused when the records do not fit the other settings that
  would go live with them; files are downloaded by who may view the field they are in.

Spaces are made in Python or by a domain file, with one thread; every account is a member. Guest
spaces are private. Every account may enter them but guests, who enter only theirs, and sign in as
"guest/<mail>"; an unknown space in a path is OC_NO01, but for tokens. An app is made in one on its
path only, with `space` and `thread`. On such a path, apps.json lists that space's apps. Guests look
up nothing outside of their spaces.

Comments are numbered in each record from 1. Reading, posting and deleting are all refused where
the app's settings switch comments off; `order` is lower case.

Files: an upload has one part and no more, of up to 1 GB (CB_VA01), and no query string. One upload
key serves one field of one record. A file is kept by the key that was read in that very field (in
that very row), and the key stays as it is; any other key is a GAIA_BL01. A file that no record
holds any more is gone at once. Names are kept as they are sent, in plain UTF-8 or as RFC 2231
spells them.

Formulas are refused (GAIA_IL01) when

- they are the empty text of a CALC; the checks are made for calculated text alike;
- a function is not in capitals; TRUE and FALSE are field codes, and so are `$id`, `$revision`
  and a subtable's own code, which no field has; a multi-line text is no DATE_FORMAT pattern;
- a number is written `5.` or `1e3` (`.5` is fine), or two comparisons follow each other;
- a full-width digit or blank is outside quotes, or `==`, `=>`, `=<`, or a mathematical sign for an
  operator: the reason names the right one;
- a truth value is compared by `<` or rounded; a text is compared by `<` or a condition; a number is
  what CONTAINS looks for;
- AND or OR have no argument: one is enough. SUM takes any number of them.

In formulas

- `^` is read from the right, a sign binds tighter (-a ^ 2 is (-a) ^ 2), `&` looser than `+`; a
  string escapes \" and \\, and any other backslash is one;
- dates and lengths of time are checked for the app's digits, as numbers are;
- an exponent outside -100 to 100 has no value, nor has 0 ^ -1; 0 ^ 0 is 1; a fraction of an
  exponent or of a number of places is cut; ROUND and YEN have no value beyond 100 places;
- ties of ROUND and YEN go away from zero, as ROUNDUP does; YEN(-500, 0) is "-¥500", and zeros
  fill the places that YEN asks for;
- a blank time or instant is 0 in calculations, as a blank number and date are; a blank equals 0, ""
  and another blank;
- texts are equal when their characters are; a CREATOR or MODIFIER is the display name;
- IF computes the branch it takes, AND and OR stop when they know: what follows may fail;
- what has no value spreads to every formula that uses it; a truth value that a CALC holds is 1
  or 0 to others, in calculated text it is "1" or "0"; a CALC with a date format has none for it;
- other formulas find in a CALC the number behind its format: a TIME's may exceed a day;
- a column of another table is an array in a row's formula, one of the own table a single value;
- DATE_FORMAT cuts fractions; it has no value outside the years 1000 to 9999, for an unknown zone
  and for a pattern that holds an unclosed quote or letters beyond those of its table; names of
  months and days are English, text between single quotes is literal;
- a DATETIME result loses its seconds, a TIME counts on from midnight when negative, a length of
  time has a minus in front and no leading zero; a date outside the years 1 to 9999 is "".

A formula that changes, like a new one, is computed with the next write of each record. YEN and
DATE_FORMAT may be compared in a CALC, which only shows no text.

What a client sends for a calculated text is ignored, and neither `required` nor its lengths are
checked. The zone "system" is that of the built-in Administrator.

The count of an app's requests of a day holds what is refused for another reason, too, and each of
the requests in a bulk request.

A cursor of another caller is CB_NO02. One without records gives one empty page, the last.

A deploy takes effect when its status is first read, which answers PROCESSING; until then its apps'
settings cannot be written. It FAILs when records have values that the new form refuses (unique,
lengths, range). A field that a lookup names keeps its code. An option is renamed by no request. A
field that is in `fields` of a subtable's update and not in the subtable is added to it. A new field
stands at the end of the layout, in a row of its own. A layout that is written places every field
once (CB_VA01), those that every app has as it likes; subtables are in no group, decorations in no
subtable. A known view can be given another name, and keeps what is not sent; it shows no groups and
no related records. Views, layout, formulas and the title follow a field's new code, and lose a
field that is deleted; conditions do not. A view for one's own work (builtinType) is not made. A
default of a USER_SELECT that is a group or an organization chooses nobody. Names are the same in
every `lang`, and icons are presets, which look like "APP72".

API tokens work at once, and end with the process. A field by which records are related, or that is
shown of them, keeps its code as one does that a lookup names. What another app's lookups and
related records need stays, in its live settings or not; what is left of a deleted built-in field
is not shown. An app
code has letters, digits and underscores and is the app's own; lookups find a record by the bare
number all the same, and a copied record number is bare in a NUMBER field.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "BLANK_IS_BELOW_ANY_RESULT",
    "BLANK_IS_UNEQUAL",
    "BLANK_IS_UNLIKE",
    "BLANK_NUMBER_EQUALS_EMPTY_TEXT",
    "CALCULATED_TEXT_LENGTH",
    "COPIES",
    "FIELD_WIDTH",
    "FORMULA_NESTING",
    "HIDDEN_SECONDS",
    "JAPANESE_FIELDS",
    "LIKE_IGNORES_CASE",
    "LINK_PATTERNS",
    "PERIODS_ARE_COMPARED_WHOLE",
    "QUERY_NESTING",
    "RELATING_TYPES",
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

# Does `like "tokyo"` find "TOKYO"? Presumably; the width of kana is known to be ignored.
LIKE_IGNORES_CASE: bool = True

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
