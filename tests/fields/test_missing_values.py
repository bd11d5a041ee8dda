"""Every field refuses the missing values of pandas and of floats with a sentence."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from support.models.one_of_each import Thing

from kintone_orm import Q
from kintone_orm.exceptions import FieldError
from kintone_orm.query.resolve import resolve


class NAType:
    """Like pandas.NA: each comparison gives NA, which is neither true nor false."""

    def __eq__(self, other):
        return self

    __ne__ = __eq__
    __hash__ = None

    def __bool__(self):
        raise TypeError("boolean value of NA is ambiguous")

    def __repr__(self):
        return "<NA>"


class NaTType(datetime):
    """Like pandas.NaT: an instant that equals no value."""

    def __eq__(self, other):
        return False

    def __ne__(self, other):
        return True

    __hash__ = datetime.__hash__


MISSING = [NAType(), NaTType(2024, 1, 1), float("nan"), Decimal("NaN"), Decimal("sNaN")]
NAMES = ["title", "memo", "price", "count", "rank", "tags", "due", "opens", "start", "owner"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("missing", MISSING, ids=lambda value: type(value).__name__)
def test_it_is_no_value(name, missing):
    with pytest.raises(FieldError, match=f"^Thing.{name} takes .* For a blank, use None[.]$"):
        Thing(**{name: missing})


@pytest.mark.parametrize("name", ["title", "price", "due", "start", "rank"])
@pytest.mark.parametrize("missing", MISSING, ids=lambda value: type(value).__name__)
def test_nor_is_it_one_to_filter_by(name, missing):
    with pytest.raises(FieldError, match="For a blank, use None"):
        resolve(Q(**{name: missing}), Thing._meta.find, zone=lambda: None)
