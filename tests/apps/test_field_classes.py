"""Messages name the class that declares a field of an app."""

from __future__ import annotations

import pytest

from kintone_orm.apps.field_classes import class_for


@pytest.mark.parametrize(
    ("definition", "name"),
    [
        ({"type": "DATETIME"}, "DateTimeField"),
        ({"type": "NUMBER"}, "NumberField"),
        ({"type": "CALC"}, "CalcField"),
        ({"type": "SUBTABLE"}, "SubtableField"),
        ({"type": "STATUS_ASSIGNEE"}, "StatusAssigneeField"),
        ({"type": "NUMBER", "lookup": {"relatedKeyField": "a"}}, "LookupField"),
        ({"type": "GROUP"}, "GROUP"),  # no class declares it
    ],
)
def test_each_type_has_a_class(definition, name):
    assert class_for(definition) == name
