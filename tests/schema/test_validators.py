"""Values that a save would refuse are refused by load()."""

from __future__ import annotations

import pytest
from support.models.loaded_orders import ValuesSchema, errors

# -- what is wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"number": ""}, "Required: kintone refuses a blank here."),
        ({"number": "A-12345"}, "Longer than maximum length 5."),
        ({"note": "no"}, "Shorter than minimum length 3."),
        ({"total": "-1"}, "Must be greater than or equal to 0."),
        ({"total": "five"}, "Not a valid number."),
        ({"rank": "C"}, "Must be one of: A, B."),
        ({"kind": "old"}, "Must be one of: new, used."),
        ({"due": "soon"}, "Not a valid date."),
        ({"start": "2026-02-06T09:00:00"}, "Not a valid aware datetime."),
        ({"number": None}, "Field may not be null."),
        ({"tags": None}, "Field may not be null."),
    ],
)
def test_a_value_that_cannot_be_saved_is_refused_by_our_name(data, message):
    (name,) = data
    assert errors(ValuesSchema(), data, partial=True) == {name: [message]}


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ({"opens": "09:30:15"}, "a time of day to the minute"),
        ({"total": "1e2000"}, "1,000 digits"),
    ],
)
def test_what_could_not_be_assigned_is_refused_as_well(data, part):
    (name,) = data
    (message,) = errors(ValuesSchema(), data, partial=True)[name]
    assert part in message


def test_blanks_are_for_no_validator_but_the_one_that_asks_for_a_value():
    data = {"note": "", "total": None, "kind": None, "tags": []}
    assert ValuesSchema().load(data, partial=True) == data
