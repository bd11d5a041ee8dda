from __future__ import annotations

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import (
    ImproperlyConfigured,
)


@pytest.mark.parametrize("kind", [Model, Row])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            fields.NumberField,
            r"Bad.x is the class NumberField, not a field. Write x = NumberField\(\)",
        ),
        ((fields.NumberField(),), "Bad.x is a tuple with a field in it. Remove the comma"),
    ],
)
def test_what_was_meant_to_be_a_field_and_is_none_is_refused(kind, value, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        type(kind)("Bad", (kind,), {"x": value})
