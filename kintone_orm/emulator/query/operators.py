"""The operators that each field type allows in a condition.

Source: kintone REST API, "Query String": operators and functions available for each field.
"""

from __future__ import annotations

__all__ = ["NEGATIVE", "operators_of"]

_EQUAL = frozenset(("=", "!="))
_ORDER = frozenset((">", "<", ">=", "<="))
_IN = frozenset(("in", "not in"))
_LIKE = frozenset(("like", "not like"))
_EMPTY = frozenset(("is empty", "is not empty"))

_OPERATORS: dict[str, frozenset[str]] = {
    "__ID__": _EQUAL | _ORDER | _IN,
    "RECORD_NUMBER": _EQUAL | _ORDER | _IN,
    "CREATOR": _IN,
    "MODIFIER": _IN,
    "CREATED_TIME": _EQUAL | _ORDER,
    "UPDATED_TIME": _EQUAL | _ORDER,
    "SINGLE_LINE_TEXT": _EQUAL | _IN | _LIKE,
    "LINK": _EQUAL | _IN | _LIKE,
    "NUMBER": _EQUAL | _ORDER | _IN,
    "CALC": _EQUAL | _ORDER | _IN,
    "MULTI_LINE_TEXT": _LIKE | _EMPTY,
    "RICH_TEXT": _LIKE,
    "CHECK_BOX": _IN,
    "MULTI_SELECT": _IN,
    "RADIO_BUTTON": _IN,
    "DROP_DOWN": _IN,
    "FILE": _LIKE | _EMPTY,
    "DATE": _EQUAL | _ORDER,
    "TIME": _EQUAL | _ORDER,
    "DATETIME": _EQUAL | _ORDER,
    "USER_SELECT": _IN,
    "ORGANIZATION_SELECT": _IN,
    "GROUP_SELECT": _IN,
    "STATUS": _EQUAL | _IN,
    "STATUS_ASSIGNEE": _IN,
}

# In a table, `in` and `not in` replace = and !=. Outside of tables, dates and times have no `in`.
_ONLY_IN_A_TABLE: dict[str, frozenset[str]] = {"DATE": _IN, "TIME": _IN, "DATETIME": _IN}

# A condition on a table with one of these operators is true if every row satisfies it. With any
# other operator, one row is enough.
NEGATIVE = frozenset(("not in", "not like", "is not empty"))


def operators_of(field_type: str, *, in_table: bool) -> frozenset[str]:
    """Return the operators of a type as queries spell them; empty if the type has no conditions."""
    operators = _OPERATORS.get(field_type, frozenset())
    if in_table:
        return operators - _EQUAL | _ONLY_IN_A_TABLE.get(field_type, frozenset())
    return operators
