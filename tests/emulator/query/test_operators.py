from __future__ import annotations

import pytest

# kintone REST API, "Query String": the operators of each field. "eq" is = and !=, "lt" the four
# that compare, "in", "like" and "is" (empty) stand for themselves and their opposites.
OPERATORS = {
    "$id": "eq lt in",
    "record_number": "eq lt in",
    "creator": "in",
    "modifier": "in",
    "created_time": "eq lt",
    "updated_time": "eq lt",
    "single_line_text": "eq in like",
    "link": "eq in like",
    "number": "eq lt in",
    "calc": "eq lt in",
    "multi_line_text": "like is",
    "rich_text": "like",
    "check_box": "in",
    "multi_select": "in",
    "radio_button": "in",
    "drop_down": "in",
    "file": "like is",
    "date": "eq lt",
    "time": "eq lt",
    "datetime": "eq lt",
    "user_select": "in",
    "organization_select": "in",
    "group_select": "in",
    "status": "eq in",
    "status_assignee": "in",
    "category": "",
    "table": "",
    "reference_table": "",
    "group": "",
    # In a table, = is not allowed, and dates and times allow lists.
    "in_single_line_text": "in like",
    "in_link": "in like",
    "in_number": "lt in",
    "in_calc": "lt in",
    "in_multi_line_text": "like is",
    "in_rich_text": "like",
    "in_check_box": "in",
    "in_multi_select": "in",
    "in_radio_button": "in",
    "in_drop_down": "in",
    "in_file": "like is",
    "in_date": "lt in",
    "in_time": "lt in",
    "in_datetime": "lt in",
    "in_user_select": "in",
    "in_organization_select": "in",
    "in_group_select": "in",
}
SPELLINGS = {
    "eq": ["= {}", "!= {}"],
    "lt": ["> {}", "< {}", ">= {}", "<= {}"],
    "in": ["in ({})", "not in ({})"],
    "like": ["like {}", "not like {}"],
    "is": ["is empty", "is not empty"],
}
LITERALS = {
    "$id": '"1"',
    "record_number": '"1"',
    "number": '"1"',
    "calc": '"1"',
    "date": '"2024-02-06"',
    "time": '"23:59"',
    "datetime": '"2024-02-06T12:59:00Z"',
    "created_time": '"2024-02-06T12:59:00Z"',
    "updated_time": '"2024-02-06T12:59:00Z"',
    "status": '"open"',
}
CASES = [
    (field, f"{field} {spelling}", group in groups.split(), group)
    for field, groups in OPERATORS.items()
    for group, spellings in SPELLINGS.items()
    for spelling in spellings
]


def query(field: str, template: str) -> str:
    return template.format(LITERALS.get(field.removeprefix("in_"), '"a"'))


@pytest.mark.parametrize(
    ("field", "template"), [(field, text) for field, text, allowed, _ in CASES if allowed]
)
def test_a_type_has_its_operators(refused, field, template):
    assert refused(query(field, template)) is None


@pytest.mark.parametrize(
    ("field", "template", "code"),
    [
        (field, text, "GAIA_IQ07" if group == "eq" and field.startswith("in_") else "GAIA_IQ03")
        for field, text, allowed, group in CASES
        if not allowed
    ],
)
def test_a_type_has_no_other_operators(refused, field, template, code):
    assert refused(query(field, template)) == code
