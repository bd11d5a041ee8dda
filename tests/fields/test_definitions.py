from __future__ import annotations

import pytest

from kintone_orm import fields

# kintone REST API, "Add Form Fields": what describes a field besides its type, code and label.
LABEL = {"label": "L"}
PLAIN = LABEL | {"required": False}
OPTIONS = {"a": {"label": "a", "index": "0"}, "b": {"label": "b", "index": "1"}}


@pytest.mark.parametrize(
    ("field", "kind", "definition"),
    [
        (fields.SingleLineTextField, "SINGLE_LINE_TEXT", PLAIN | {"unique": False}),
        (fields.LinkField, "LINK", PLAIN | {"unique": False, "protocol": "WEB"}),
        (fields.MultiLineTextField, "MULTI_LINE_TEXT", PLAIN),
        (fields.RichTextField, "RICH_TEXT", PLAIN),
        (fields.NumberField, "NUMBER", PLAIN | {"unique": False}),
        (fields.IntegerField, "NUMBER", PLAIN | {"unique": False}),
        (fields.DateField, "DATE", PLAIN | {"unique": False}),
        (fields.TimeField, "TIME", PLAIN),
        (fields.DateTimeField, "DATETIME", PLAIN | {"unique": False}),
        (fields.RecordNumberField, "RECORD_NUMBER", LABEL),
        (fields.CreatorField, "CREATOR", LABEL),
        (fields.ModifierField, "MODIFIER", LABEL),
        (fields.CreatedTimeField, "CREATED_TIME", LABEL),
        (fields.UpdatedTimeField, "UPDATED_TIME", LABEL),
    ],
)
def test_definitions(field, kind, definition):
    said = {"type": kind, "code": "c"} | definition
    assert field("c", verbose_name="L").definition() == said


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (fields.DropDownField, "DROP_DOWN"),
        (fields.RadioButtonField, "RADIO_BUTTON"),
        (fields.CheckBoxField, "CHECK_BOX"),
        (fields.MultiSelectField, "MULTI_SELECT"),
    ],
)
def test_definitions_of_choices(field, kind):
    said = {"type": kind, "code": "c", "options": OPTIONS} | PLAIN
    assert field("c", verbose_name="L", choices=["a", "b"]).definition() == said


def test_a_definition_has_the_code_for_a_label_and_the_settings_that_are_given():
    assert fields.LinkField("c", required=True, unique=True, protocol="MAIL").definition() == {
        "type": "LINK",
        "code": "c",
        "label": "c",
        "required": True,
        "unique": True,
        "protocol": "MAIL",
    }
