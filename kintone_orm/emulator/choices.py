r"""What the emulator does where nobody knows what kintone does: every such choice, in one place.

A choice follows the likeliest reading where kintone's documents or people's observations suggest
one; otherwise it is the stricter one, which refuses the request or finds fewer records. Programs
should not depend on any of them: flip a constant and run your tests to see whether yours does.

Choices that are code elsewhere, as they are no matter of a constant:

Queries are refused (CB_VA01 on `query`) when

- a keyword or a function is not in its documented case (`AND`, `today()`);
- a field code reads like a keyword (`order = "a"`): kintone documents no escape;
- a string holds a raw control character, or an escape other than \" \\ \t and \n;
- a list is empty: `in ()`;
- a literal does not have its field's shape: `number = "abc"`, `date = "2024-2-6"`,
  `time = "25:00"`, `text = 10`, `number > ""`, `$id = ""`, `memo like ""`;
- the record number is asked for by its spelling with an app code ("APP-12"); 12 is fine;
- a function stands where the documents do not put it: `number = TODAY()`, in a list of dates,
  in `>` for a user; or its week day is none, or its date lies outside years 1 to 9999.

Queries answer with another error for `$revision` (GAIA_IQ11), `is empty` of rich text
(GAIA_IQ03), an unknown state even when it is "" (GAIA_IQ10), a condition or an order on the
assignee while process management is off (GAIA_ST02), an order by a table's field (GAIA_IS02) and
every dotted name (GAIA_IR02): the emulator has no related records.

In conditions

- an unknown user, organization or group is found in no record; it is no error;
- PRIMARY_ORGANIZATION() of a caller without one drops the whole list that it is in;
- NOW() counts seconds, while the instants in records end with their minute;
- `and` joins the conditions on one table's row through parentheses too, but not through `or`;
  `not in`, `not like` and `is not empty` hold when every row satisfies them, alone or joined;
- a long literal (over 64 characters) is compared as a whole, like any other;
- a blank CALC value behaves as a blank NUMBER, and a format that is no number compares as
  what it shows: a date, a time, an instant, or a length of time;
- `!=`, `<`, `>`, `<=`, `>=` with a period mean: outside, before, after, not after, not before it;
- LAST_MONTH(31) in a month after a shorter one is the 1st of the current month;
- FROM_TODAY(1, MONTHS) on the 31st is the last day of a shorter month.

`like` looks into the names of attachments, not into their contents, and finds several words only
where they follow each other. New records are found at once. A keyword without a letter or a
digit is found nowhere.

In orders a key without a direction ascends, and users whom the domain does not know come last.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "BLANK_IS_BEFORE_ANY_DATE",
    "BLANK_IS_UNEQUAL",
    "BLANK_IS_UNLIKE",
    "LIKE_IGNORES_CASE",
    "QUERY_NESTING",
]

# Does `text != "a"`, `not in ("a")` find blanks? Both answers are plausible (for choices and
# users `not in` was observed to find them, and does). The same for numbers, dates and times.
BLANK_IS_UNEQUAL: bool = False

# Does `date < "2024-02-06"` find blanks? Observed for numbers; blank dates do sort first.
BLANK_IS_BEFORE_ANY_DATE: bool = True

# Does `memo not like "a"` find blanks? Presumably.
BLANK_IS_UNLIKE: bool = True

# Does `like "tokyo"` find "TOKYO"? Presumably; the width of kana is known to be ignored.
LIKE_IGNORES_CASE: bool = True

# How many parentheses may be open at once: kintone publishes no limit.
QUERY_NESTING: Final = 100
