r"""The table of the emulator's choices: its behavior where kintone's is unknown.

A choice follows the likeliest reading if kintone's documents or people's observations suggest one.
Otherwise it is the stricter one, which refuses the request or finds fewer records. Programs should
not depend on any choice. A choice with a constant can be switched: set the constant in `choices`,
and run your tests.

docs/choices.md shows the table. Each row begins with a subject at the margin. The choice, the
evidence and the constant, if there is one, follow, separated by "|".

Evidence: "unknown" - no source says anything; "likely" - follows from similar cases; "thin" - one
weak source; "conflict" - sources disagree; "stricter" - kintone is known, or likely, to accept
more.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ROWS", "Choice"]


class Choice(NamedTuple):
    """One row. `constant` is the name of a switch in `choices`, or "" for a choice without one."""

    subject: str
    choice: str
    evidence: str
    constant: str


_TABLE = r"""
Query, refused | a keyword or function that is not in its documented case: `AND`, `today()` |
  unknown
Query, refused | a field code that reads like a keyword: `order = "a"` | unknown; no escape is
  documented
Query, refused | an escape other than `\"`, `\\`, `\t` and `\n`; an empty list, `in ()` | unknown
Query, refused | a literal that is no date, time or instant: `date = "2024-2-6"`, `text = 10`,
  `memo like ""` | unknown; numbers are known
Query, refused | a function where the documents do not put it: `number = TODAY()`, in a list of
  dates; a week day that is none | unknown
Query, refused | `$revision` (GAIA_IQ11), `is empty` of rich text (GAIA_IQ03), a state `""`
  (GAIA_IQ10), the assignee with the process off (GAIA_ST02), an order by a column (GAIA_IS02) |
  unknown; rich text: conflict
Query, refused | more than 100 open parentheses, and 50 in a formula | unknown; IF nests seven deep
Blanks | `!=` of dates and times, `!=` and `not in` of results find blanks | dates: thin (kSQL's
  contract table); results: unknown | BLANK_IS_UNEQUAL
Blanks | `<` and `<=` of a CALC find one without a result | likely; measured for numbers |
  BLANK_IS_BELOW_ANY_RESULT
Blanks | `not like` finds blanks | likely | BLANK_IS_UNLIKE
Texts compared | the 64 characters are code points, cut before the blanks at their end; a text of
  blanks alone is blank | likely; that 64 count and blanks at the end do not is measured
Texts compared | "abc" and "abc " collide where duplicates are prohibited | unknown; queries take
  them for equal | UNIQUE_IGNORES_BLANKS_AT_THE_END
Conditions | people in a condition that settings keep are not looked for, and found nowhere |
  GAIA_IL42 for deleted ones is thin
Conditions | the record number is found by its digits, not as "APP-12"; `in ("")` of ids is nothing
  | unknown
Conditions | PRIMARY_ORGANIZATION() without one drops the whole list that it is in | likely
Conditions | a bare date beside an instant is 00:00 UTC | conflict: the format rule says so, kSQL
  converts it itself
Conditions | NOW() counts seconds | unknown
Conditions | created and updated times have no seconds; switched, they are compared and sorted by
  seconds that they do not show | thin: one team saw hidden ones | HIDDEN_SECONDS
Conditions | `!=`, `<`, `>`, `<=`, `>=` with a period: outside, before, after, not after, not
  before it | likely; `=` is documented | PERIODS_ARE_COMPARED_WHOLE
Conditions | LAST_MONTH(31) after a shorter month is the 1st of the current one; FROM_TODAY(1,
  MONTHS) on the 31st is the last day of a shorter month | conflict in the text; unknown
Conditions on rows | `and` joins through parentheses, not through `or`; negative operators hold when
  every row satisfies them, joined too | unknown beyond two positive conditions
Conditions on rows | related records as rows of a table; the right to view the other app is needed |
  likely
Search | `like` ignores letter case | likely; width of kana is known | LIKE_IGNORES_CASE
Search | looks into the names of attachments, not into their contents; words apart are not found |
  stricter
Search | a write is found at once; switched, an updated record is found by what it held before |
  kSQL, August 2026: old found in 4 of 8 tries, new missed in 6 | SEARCH_LAGS
Order | users whom the domain does not know come last; all characters of a text count | unknown
Request | unknown parameters, a query string beside a body and a body without Content-Type are
  refused | stricter
Request | a list in a query string with an index above 99 is CB_VA01; a URL above 8 KB is a 414 |
  the limits are documented, the answers are not
Request | "true" and "false" are booleans; a bulkRequest has a request at least, and each sees what
  the ones before it did | likely
Request | error texts follow Accept-Language, else they are English | conflict; the user's display
  language decides where it is set | DISPLAY_LANGUAGE
Value | a JSON number is no text (CB_IJ01), but it is a number | likely; a list for a text is known
Parameter | one of the wrong JSON shape is CB_IJ01; in a query string nothing is | likely; null for
  a comment is known
Value | a DATETIME without a zone or with +0900 is refused; `""` empties DATE and TIME | unknown
Value | what is chosen twice is kept once; `""` selects a radio button's default on update too |
  unknown
Value | rich text is kept as it is sent; a LINK is judged by a pattern for its protocol | unknown
Value | an unknown organization or group is GAIA_IL28 or GAIA_IL27 | likely; measured in queries
Record | an update adds one to the revision even if it changes nothing | unknown
Record | what an update may not hold (GAIA_UN10 and so on), a new record may not either | unknown
Record | a record that is named twice in an update or deletion is refused | codes unknown
Record | an upsert that inserts does not look at `revision` | unknown
Record | a CREATED_TIME in the future is CB_VA01 | code unknown
Record | a field added to an app with records is blank in them; options that the form lost stay |
  likely
Record | a CALC without a result is in the answer, as "" | conflict: one note has records without
  the key | CALC_MAY_BE_MISSING
Table | a row that an update adds gets the defaults of the columns that are not sent | conflict in
  the wording: never on PUT, and in every new row | NEW_ROWS_OF_UPDATES_HAVE_DEFAULTS
Lookup | a key sent again copies again; copies are not checked, except for `required` | likely:
  three tools that refresh lookups do nothing else
Lookup | a target of its own app does not go without it (GAIA_FC01); what another app's live or
  pre-live settings need stays | unknown
Lookup | a lookup and its targets may come in one request | conflict: accepted, as it was run
Lookup | the types that may be copied into each other are a list of ours | unknown
Process | a deploy FAILs when records stand in a state that is gone; they start again when the
  process is switched off and on | unknown
Process | an app that was never set up takes a first state of any name | unknown; 未処理 is known of
  a Japanese domain
Process | an unmet condition, and one of two actions of a name, are GAIA_IL03 | codes unknown
Process | an action for others moves the record although ALL must act; where ALL must, each adds two
  to the revision and the last decides | unknown
Process | who is chosen is a candidate (CB_VA01); assignees that are set need not be | unknown
Process | a group's members are those who can sign in; no CUSTOM_FIELD; names are not localized |
  stricter
Permissions | an app is open to everybody until its permissions are set | convenience of a test
  server: kintone's are not
Permissions | who is in no entry has no right; who manages is bound by record permissions |
  unknown
Permissions | an invisible record is CB_NO02 by its id, and not counted elsewhere | unknown
Permissions | a field that may not be viewed is unknown in queries, keys and lookups | unknown
Permissions | tokens have the Administrator's rights on fields | unknown
Permissions | a table itself has none (GAIA_FC01); a deploy whose permission names a lost field is
  refused | unknown
Space | one thread; every account is a member; an app is made on its path only | stricter
Space | an unknown guest space is OC_NO01 for users, CB_NO02 for tokens | tokens are known
Comment | numbered in each record from 1; all refused where comments are off | unknown
Comment | its id is a text | conflict: one page shows a number
File | one part, no query string; a key serves one field of one record, once | unknown
File | kept by the key read in that very field; others are GAIA_BL01; gone when no record holds it |
  unknown
Formula, refused | the empty text of a CALC; TRUE, FALSE, `$id` and a table's code, which are no
  fields; `5.` (`.5` is fine) | unknown
Formula, refused | two comparisons in a row; a full-width digit or blank; `==`, `=>`, `=<` | likely
Formula, refused | a truth value compared by `<` or rounded; a text as a condition | likely
Formula | `^` from the right; a sign binds tighter; `&` looser than `+`; `\"` and `\\` in a text |
  unknown
Formula | dates and lengths of time have the digits of the app | unknown
Formula | 0 ^ 0 is 1, 0 ^ -1 and exponents beyond 100 have no value; fractions of places are cut |
  unknown
Formula | YEN(-500, 0) is "-¥500", and zeros fill its places | unknown
Formula | a blank time or instant is 0 in arithmetic | likely; measured for dates
Formula | `number = ""` finds a blank number | likely: people use it, the rule on types says no |
  BLANK_NUMBER_EQUALS_EMPTY_TEXT
Formula | a CREATOR is the display name; texts are equal by their characters | unknown
Formula | IF computes the branch it takes, AND and OR stop when they know | unknown
Formula | no value spreads to formulas that use it; a CALC's truth value is 1 or 0 to them |
  unknown
Formula | others find in a CALC the number behind its format | likely
Formula | a column of another table is an array in a row's formula | unknown
Formula | DATE_FORMAT cuts fractions, has no value outside years 1000 to 9999 or for an unknown
  zone; names are English; `'...'` is literal | the page's table was not read
Formula | a DATETIME loses its seconds; H:MM without a leading zero, minus in front | unknown
Formula | computed with the next write of a record, never by a deploy; a text has 100,000
  characters at most | the first is documented
Cursor | another caller's is CB_NO02; without records it has one empty page | unknown
Deploy | takes effect when its status is read; settings are closed until then | unknown
Form | a field that a lookup names keeps its code; conditions do not follow a new code | stricter
Form | an option is not renamed; a new field is in a row of its own, at the end | stricter
Form | a layout places every field once; tables are in no group | unknown
Form | what is left of a deleted built-in field is not shown | documented as kept
View | keeps what is not sent; shows no groups | unknown
View | a process makes one of one's own work, "(Assigned to me)", and takes it away when it is
  switched off; views that are sent without it are refused (GAIA_IL44) | thin: one team saw the
  first and the last
Setting | icons are presets that look like "APP72"; names are the same in every `lang` | the list
  is not published
Token | works at once, and ends with the process | stricter is not useful
Space | space.json tells what a client reads before it makes an app; a guest space is private, no
  other is | unknown
Webhook | `DELETE records.json` of a single record posts DELETE_RECORD; POST and PUT of records.json
  post nothing, of one record neither | likely: requests for several records post none, and there
  is no other deletion
Webhook | a bulk request and new assignees post nothing; an action posts UPDATE_STATUS and no
  UPDATE_RECORD | unknown
Webhook | a title that was not chosen is the first text of the form, or the record number | likely
Statistics | the count of a day holds refused requests too, and each of a bulk request | likely
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
