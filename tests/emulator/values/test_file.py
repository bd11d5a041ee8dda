"""Lists of files as values."""

from __future__ import annotations

import pytest

FILE = {"type": "FILE"}


@pytest.mark.parametrize(
    ("definition", "sent", "read"),
    [
        (FILE, [], []),
    ],
)
def test_a_value_is_read_back_in_kintones_form(read_back, definition, sent, read):
    assert read_back(definition, sent) == [read, read]


@pytest.mark.parametrize(
    ("definition", "sent"),
    [
        (FILE, "key"),
        (FILE, [{"key": "x"}]),
    ],
)
def test_a_value_of_another_type_is_invalid_json(refused_shape, definition, sent):
    assert refused_shape(definition, sent)


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        (FILE, "record.field.values"),
    ],
)
def test_a_required_field_must_hold_something(kintone, definition, path):
    app = kintone.new_app({"field": {**definition, "required": True}})
    for record in ({}, {"field": {}}, {"field": {"value": None}}):
        body = {"app": app, "record": record}
        assert kintone.messages("POST", "record.json", body) == {path: ["Required."]}


def test_a_file_that_was_never_uploaded_is_not_found(kintone):
    app = kintone.new_app({"field": FILE})
    body = {"app": app, "record": {"field": {"value": [{"fileKey": "abc"}]}}}
    assert kintone.error("POST", "record.json", body) == (
        404,
        "GAIA_BL01",
        "The specified file (id: abc) not found.",
    )
