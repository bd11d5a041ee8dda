r"""The table of the emulator's choices: its behavior where kintone's is unknown.

A choice follows the likeliest reading of kintone's documents and people's observations. If these
sources suggest no behavior, the choice is the stricter one: the emulator refuses the request or
finds fewer records. Programs should not depend on any choice. A choice with a constant can be
switched: set the constant in `choices`, and run your tests.

docs/choices.md shows the table. Each row begins with a subject at the margin. Then come the
choice, the evidence and the constant (if there is one), separated by "|".

Evidence: "unknown" - no source says anything; "likely" - follows from similar cases; "thin" - one
weak source; "conflict" - sources disagree; "stricter" - kintone is known, or likely, to accept
more.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ROWS", "Choice"]


class Choice(NamedTuple):
    """One row. `constant` is the name of a switch in `choices`, or "" without a switch."""

    subject: str
    choice: str
    evidence: str
    constant: str


_TABLE = r"""
Query, refused | a keyword or a function not spelled as documented: `AND`, `today()` | unknown
Query, refused | a field code that is also a keyword: `order = "a"` | unknown; no escape is
  documented
Query, refused | an escape other than `\"`, `\\`, `\t` and `\n`; an empty list, `in ()` | unknown
Query, refused | a literal that is not a date, time or instant: `date = "2024-2-6"`, `text = 10`,
  `memo like ""` | unknown; numbers are known
Query, refused | a function where the documents do not allow it: `number = TODAY()`, in a list of
  dates; an unknown day of the week | unknown
Query, refused | `$revision` (GAIA_IQ11), `is empty` of rich text (GAIA_IQ03), a status `""`
  (GAIA_IQ10), the assignee while the process is off (GAIA_ST02), `order by` a column of a table
  (GAIA_IS02) | unknown; rich text: conflict
Query, refused | more than 100 open parentheses, or 50 in a formula | unknown; IF nests seven deep
Blanks | `!=` on dates and times, and `!=` and `not in` on results of formulas, find blanks |
  dates: thin (kSQL's contract table); results: unknown | BLANK_IS_UNEQUAL
Blanks | `<` and `<=` find a CALC without a result | likely; measured for numbers |
  BLANK_IS_BELOW_ANY_RESULT
Blanks | `not like` finds blanks | likely | BLANK_IS_UNLIKE
Texts compared | the 64 characters are code points, and are cut before the spaces at the end are; a
  text of spaces alone is blank | likely; measured: 64 count, and spaces at the end do not
Texts compared | "abc" and "abc " collide where duplicates are prohibited | unknown; queries find
  them equal | UNIQUE_IGNORES_BLANKS_AT_THE_END
Conditions | people in a condition of the settings are not checked; unknown people match no record |
  GAIA_IL42 for deleted ones is thin
Conditions | the record number matches by its digits, not as "APP-12"; `in ("")` on ids matches no
  record | unknown
Conditions | PRIMARY_ORGANIZATION() of a user without one drops the whole list around it | likely
Conditions | a date compared with an instant is 00:00 UTC | conflict: the format rule says so, kSQL
  converts it itself
Conditions | NOW() has seconds | unknown
Conditions | created and updated times have no seconds; with the switch, they are compared and
  sorted with hidden seconds | thin: one team saw hidden seconds | HIDDEN_SECONDS
Conditions | `!=`, `<`, `>`, `<=`, `>=` with a period mean outside, before, after, not after and not
  before it | likely; `=` is documented | PERIODS_ARE_COMPARED_WHOLE
Conditions | LAST_MONTH(31) after a shorter month is the 1st of the current month; FROM_TODAY(1,
  MONTHS) on the 31st is the last day of a shorter month | conflict in the text; unknown
Conditions on rows | conditions joined by `and`, also through parentheses but not through `or`,
  concern the same row; every row must satisfy negative operators, also when they are joined |
  unknown beyond two positive conditions
Conditions on rows | related records match like rows of a table; the query needs the right to view
  the other app | likely
Search | `like` ignores letter case | likely; the width of kana is known | LIKE_IGNORES_CASE
Search | `like` searches the names of attachments, not their contents; it does not find words that
  are apart | stricter
Search | a write is found at once; with the switch, an updated record is found by its previous
  values | kSQL, August 2026: old found in 4 of 8 tries, new missed in 6 | SEARCH_LAGS
Order | users that the domain does not know come last; texts are ordered by all their characters |
  unknown
Request | unknown parameters, a query string together with a body, and a body without Content-Type
  are refused | stricter
Request | a list in a query string with an index above 99 is CB_VA01; a URL above 8 KB is a 414 |
  the limits are documented, the answers are not
Request | "true" and "false" are booleans; a bulkRequest needs at least one request, and each
  request sees the effects of the ones before it | likely
Request | error texts follow Accept-Language, and are English without it | conflict; the user's
  display language decides if it is set | DISPLAY_LANGUAGE
Value | a JSON number is not a text (CB_IJ01); a field of numbers accepts it | likely; a list for a
  text is known
Parameter | a parameter of the wrong JSON type is CB_IJ01; in a query string every type is accepted
  | likely; null for a comment is known
Value | a DATETIME without a time zone or with +0900 is refused; `""` makes DATE and TIME blank |
  unknown
Value | a choice that is sent twice is stored once; `""` selects a radio button's default on update
  too | unknown
Value | rich text is stored as sent; a LINK is checked by a pattern for its protocol | unknown
Value | an unknown organization or group is GAIA_IL28 or GAIA_IL27 | likely; measured in queries
Record | an update that changes no value raises the revision by one too | unknown
Record | a new record may not have what an update may not have (GAIA_UN10 and similar) | unknown
Record | a record that is named twice in an update or deletion is refused | codes unknown
Record | an upsert that inserts ignores `revision` | unknown
Record | a CREATED_TIME in the future is CB_VA01 | code unknown
Record | a new field of an app with records is blank in them; values whose option was deleted stay |
  likely
Record | a CALC without a result is "" in the answer | conflict: one note has records without the
  key | CALC_MAY_BE_MISSING
Table | a row that an update adds gets the defaults of the columns that are not sent | conflict in
  the wording: never on PUT, and in every new row | NEW_ROWS_OF_UPDATES_HAVE_DEFAULTS
Lookup | a key that is sent again copies again; copied values are not checked, except for `required`
  | likely: three tools that refresh lookups rely on it
Lookup | a target in the lookup's own app is not deleted before the lookup (GAIA_FC01); a field that
  another app's live or preview settings need is not deleted | unknown
Lookup | one request may add a lookup and its targets | conflict: accepted, as it was run
Lookup | the types that a lookup may copy into each other are our own list | unknown
Process | a deploy ends with FAIL if a record has a deleted status; switching the process off and on
  gives records the first status again | unknown
Process | an app whose process was never set up accepts any name for the first status | unknown;
  未処理 is known from a Japanese domain
Process | an unmet condition, and one of two actions with the same name, are GAIA_IL03 | codes
  unknown
Process | an action for other statuses moves the record although ALL must act; where ALL must act,
  each user adds two to the revision and the last one decides | unknown
Process | a chosen assignee must be a candidate (CB_VA01); assignees set by Update Assignees need
  not be | unknown
Process | the members of a group are those who can sign in; CUSTOM_FIELD is not supported; names are
  not localized | stricter
Permissions | an app is open to everybody until its permissions are set | for convenience: kintone's
  apps are not
Permissions | a user in no entry has no right; record permissions also apply to users who manage the
  app | unknown
Permissions | a record that the caller may not view is CB_NO02 by its id, and is not counted
  elsewhere | unknown
Permissions | a field that the caller may not view is unknown in queries, keys and lookups | unknown
Permissions | tokens have the Administrator's rights on fields | unknown
Permissions | a table itself has no permissions (GAIA_FC01); a deploy is refused if a permission
  names a deleted field | unknown
Space | a space has one thread; every account is a member; an app is made on the space's path only |
  stricter
Space | an unknown guest space is OC_NO01 for users, CB_NO02 for tokens | tokens are known
Comment | comments are numbered in each record from 1; all requests are refused where comments are
  off | unknown
Comment | the id of a comment is a text | conflict: one page shows a number
File | an upload has one part and no query string; a key can be used once, for one field of one
  record | unknown
File | an update keeps a file by the key that was read from the same field; other keys are
  GAIA_BL01; a file that no record has is deleted | unknown
Formula, refused | an empty CALC formula; TRUE, FALSE, `$id` and a table's code, which are not
  fields; `5.` (`.5` is accepted) | unknown
Formula, refused | two comparisons in a row; a full-width digit or space; `==`, `=>`, `=<` | likely
Formula, refused | a truth value that is rounded or compared with `<`; a text as a condition |
  likely
Formula | `^` is computed from the right; a sign binds tighter; `&` binds looser than `+`; a text
  may have the escapes `\"` and `\\` | unknown
Formula | dates and durations have the app's number precision | unknown
Formula | 0 ^ 0 is 1; 0 ^ -1 and exponents beyond 100 have no value; fractions of places are cut |
  unknown
Formula | YEN(-500, 0) is "-¥500"; YEN fills its places with zeros | unknown
Formula | a blank time or instant is 0 in arithmetic | likely; measured for dates
Formula | `number = ""` finds a blank number | likely: people use it, the rule on types says no |
  BLANK_NUMBER_EQUALS_EMPTY_TEXT
Formula | a CREATOR is the display name; texts are equal if all their characters are | unknown
Formula | IF computes only the branch that it takes; AND and OR stop at the condition that decides |
  unknown
Formula | a formula that uses a field without a value has no value; a truth value in a CALC is 1 or
  0 for other formulas | unknown
Formula | other formulas read the number behind the format of a CALC | likely
Formula | a column of another table is an array in a row's formula | unknown
Formula | DATE_FORMAT cuts fractions; it has no value outside the years 1000 to 9999 or for an
  unknown zone; names are English; `'...'` is literal | the page's table was not read
Formula | a DATETIME has no seconds; hours and minutes have no leading zero, and a minus in front |
  unknown
Formula | formulas are computed at the next write of a record, not by a deploy; a text has at most
  100,000 characters | the first is documented
Cursor | another caller's cursor is CB_NO02; a cursor without records has one empty page | unknown
Deploy | a deploy takes effect when its status is read; until then, settings cannot be changed |
  unknown
Form | the code of a field that a lookup or a reference table names cannot change, also in its
  filter or order | stricter
Form | an option cannot be renamed; a new field gets a row of its own at the end | stricter
Form | a layout has every field once; tables are not in groups | unknown
Form | the values of a deleted built-in field are not shown | documented as kept
View | a view keeps the settings that are not sent; it does not show groups | unknown
View | a process that is switched on adds the view "(Assigned to me)", and removes it when switched
  off; views sent without it are refused (GAIA_IL44) | thin: one team saw the first and the last
Setting | icons are presets with keys like "APP72"; names are the same in every `lang` | the list is
  not published
Token | a token works at once, and ends with the process | stricter is not useful
Space | space.json has the values that a client reads before it makes an app; only a guest space is
  private | unknown
Webhook | `DELETE records.json` of a single record posts DELETE_RECORD; POST and PUT of records.json
  post no webhook, not even for one record | likely: requests for several records post none, and
  there is no other deletion
Webhook | a bulk request and new assignees post no webhook; an action posts UPDATE_STATUS and not
  UPDATE_RECORD | unknown
Webhook | a record's title that was not chosen is the first text of the form, or the record number |
  likely
Statistics | the daily count includes refused requests, and each request of a bulk request | likely
"""


def _rows(table: str) -> tuple[Choice, ...]:
    rows: list[str] = []
    for line in table.strip().splitlines():
        if line.startswith("  "):
            rows[-1] += line[1:]
        else:
            rows.append(line)
    return tuple(_row([cell.strip() for cell in line.split(" | ")]) for line in rows)


def _row(cells: list[str]) -> Choice:
    subject, choice, evidence, *constant = cells
    return Choice(subject, choice, evidence, constant[0] if constant else "")


ROWS = _rows(_TABLE)
