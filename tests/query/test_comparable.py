from __future__ import annotations

import pytest

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldError


class Worded(Model):
    order = fields.NumberField()
    limit = fields.NumberField()
    ordered = fields.NumberField()


@pytest.mark.parametrize("name", ["order", "limit"])
def test_a_field_whose_code_is_a_word_of_the_language_is_in_no_query(name):
    with pytest.raises(FieldError, match=f"Worded.{name} .*Rename the field"):
        str(Worded.objects.filter(**{name: 1}).query)
    with pytest.raises(FieldError, match=f"Worded.{name} .*Rename the field"):
        Worded.objects.order_by(name)


def test_a_code_that_only_begins_like_a_word_is_allowed():
    assert "ordered" in str(Worded.objects.filter(ordered=1).query)
