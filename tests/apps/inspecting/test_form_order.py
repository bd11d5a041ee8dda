"""The order of fields in a model: that of the form's layout."""

from __future__ import annotations

from kintone_orm.apps.inspecting.form_order import codes_in_order, columns_in_order

FIELDS = {
    "a": {"type": "NUMBER"},
    "updated": {"type": "UPDATED_TIME"},
    "b": {"type": "NUMBER"},
    "group": {"type": "GROUP"},
    "table": {"type": "SUBTABLE"},
    "status": {"type": "STATUS"},
    "c": {"type": "NUMBER"},
}
LAYOUT = [
    {"type": "ROW", "fields": [{"type": "LABEL", "label": "x"}, {"type": "NUMBER", "code": "c"}]},
    {"type": "SUBTABLE", "code": "table", "fields": [{"code": "y"}, {"code": "x"}]},
    {
        "type": "GROUP",
        "code": "group",
        "layout": [{"type": "ROW", "fields": [{"type": "NUMBER", "code": "a"}]}],
    },
]


def test_fields_are_in_the_order_of_the_layout_with_groups_at_their_place() -> None:
    assert codes_in_order(FIELDS, LAYOUT)[:3] == ["c", "table", "a"]


def test_fields_outside_the_layout_come_last_and_the_built_in_ones_after_them() -> None:
    assert codes_in_order(FIELDS, LAYOUT)[3:] == ["b", "status", "updated"]


def test_without_a_layout_the_order_is_that_of_the_form() -> None:
    assert codes_in_order(FIELDS, None) == ["a", "b", "table", "c", "status", "updated"]


def test_columns_are_in_the_order_of_the_layout() -> None:
    assert columns_in_order("table", ["x", "y", "z"], LAYOUT) == ["y", "x", "z"]
    assert columns_in_order("table", ["x", "y"], None) == ["x", "y"]
