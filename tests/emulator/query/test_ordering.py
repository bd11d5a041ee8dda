from __future__ import annotations

import pytest

SORTABLE = (
    ["$id", "record_number", "creator", "modifier", "created_time", "updated_time", "date"]
    + ["single_line_text", "link", "number", "calc", "radio_button", "drop_down", "status"]
    + ["time", "datetime"]
)
UNSORTABLE = (
    ["multi_line_text", "rich_text", "check_box", "multi_select", "user_select", "file", "table"]
    + ["organization_select", "group_select", "status_assignee", "category", "reference_table"]
    + ["group", "in_number", "in_single_line_text"]
)


@pytest.mark.parametrize("field", SORTABLE)
def test_types_that_sort(refused, field):
    assert refused(f"order by {field} asc") is None


@pytest.mark.parametrize("field", UNSORTABLE)
def test_types_that_do_not_sort(refused, field):
    assert refused(f"order by {field} asc") == "GAIA_IS02"


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [3, 2, 1]),
        ("order by $id asc", [1, 2, 3]),
        ("order by $id", [3, 2, 1]),
        ("order by record_number desc", [3, 2, 1]),
    ],
)
def test_records_come_newest_first_by_default(order, query, ids):
    assert order(query, number=["1", "1", "1"]) == ids


def test_texts_sort_by_all_of_their_characters(order):
    """Comparisons see 64 characters only. No limit is known for orders."""
    texts = ["x" * 64 + "b", "x" * 64 + "a", "x", "x "]
    assert order("order by single_line_text asc", single_line_text=texts) == [3, 4, 2, 1]


def test_ids_sort_as_numbers(order):
    assert order("order by $id asc", number=["1"] * 11)[-2:] == [10, 11]


@pytest.mark.parametrize(
    ("field", "values", "ids"),
    [
        ("number", ["10", "9", "-1", "9.5"], [3, 2, 4, 1]),
        ("number", ["9007199254740993", "9007199254740992", "1e3", "0"], [4, 3, 2, 1]),
        ("calc", ["10", "9", "-1", "9.5"], [3, 2, 4, 1]),
        ("single_line_text", ["b", "10", "9", "B"], [2, 3, 4, 1]),
        ("single_line_text", ["\U0001f600", "\uff21", "ア", "a"], [4, 3, 2, 1]),
        ("date", ["2024-02-06", "2023-12-31", "2024-01-01", "2024-02-05"], [2, 3, 4, 1]),
        ("time", ["12:00", "00:00", "23:59", "09:30"], [2, 4, 1, 3]),
        ("status", ["closed", "open", "closed", "open"], [4, 2, 3, 1]),
        ("drop_down", ["b", "a", "b", "a"], [4, 2, 3, 1]),
    ],
)
def test_values_sort_by_their_meaning(order, field, values, ids):
    assert order(f"order by {field} asc", **{field: values}) == ids


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("number", ["-5", "", "5"]),
        ("calc", ["-5", "", "5"]),
        ("date", ["2024-02-06", None, "2024-02-07"]),
        ("time", ["00:00", None, "00:01"]),
        ("datetime", ["2024-02-06T00:00:00Z", "", "2024-02-06T00:01:00Z"]),
        ("drop_down", ["a", None, "b"]),
        ("radio_button", ["a", None, "b"]),
        ("single_line_text", ["a", "", "b"]),
    ],
)
def test_blanks_are_the_least(order, field, values):
    assert order(f"order by {field} asc", **{field: values}) == [2, 1, 3]
    assert order(f"order by {field} desc", **{field: values}) == [3, 1, 2]


def test_a_length_of_time_sorts_as_one(form, order):
    form["calc"]["format"] = "HOUR_MINUTE"
    values = ["10:00", "9:00", "", "-1:00", "0:30", "100:00"]
    assert order("order by calc asc", calc=values) == [3, 4, 5, 2, 1, 6]


def test_users_sort_in_the_order_of_their_accounts(order):
    codes = ["alice", "zoe", "unknown"]
    assert order("order by creator asc", creator=[{"code": code} for code in codes]) == [2, 1, 3]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("order by drop_down asc", [4, 2, 3, 1]),
        ("order by drop_down desc", [3, 1, 4, 2]),
        ("order by drop_down asc, $id asc", [2, 4, 1, 3]),
        ("order by drop_down desc, $id asc", [1, 3, 2, 4]),
        ("order by drop_down asc, number desc", [2, 4, 3, 1]),
        ("order by drop_down desc, number asc", [1, 3, 4, 2]),
        ("order by $id asc, number desc", [1, 2, 3, 4]),
    ],
)
def test_ties_go_to_the_next_key_and_then_to_the_newest(order, query, ids):
    columns = {"drop_down": ["b", "a", "b", "a"], "number": ["1", "9", "5", "2"]}
    assert order(query, **columns) == ids


@pytest.mark.parametrize(
    ("query", "by_id"),
    [
        ("", "desc"),
        ("order by $id", "desc"),
        ("order by record_number desc", "desc"),
        ("order by $id asc, number desc", "asc"),
        ("order by number asc, $id asc", None),
    ],
)
def test_a_query_has_a_hint_if_ids_alone_decide_the_order(ask, query, by_id):
    assert ask(query).by_id == by_id
