"""The names that `only`, `defer`, `values` and `values_list` take, before any request."""

from __future__ import annotations

import pytest
from support.models.shop import Customer, Order

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import FieldDoesNotExist, FieldError, NotSupportedError
from kintone_orm.models.reading.projection import stored_fields


class Line(Row):
    item = fields.SingleLineTextField()


class Invoice(Model):
    lines = fields.SubtableField(Line)


def test_fields_the_id_and_the_revision_are_stored():
    names = ["number", "id", "pk", "revision"]
    assert stored_fields(Order._meta, "only", names) == names


@pytest.mark.parametrize(
    ("model", "name", "message"),
    [
        (Order, "customer__code", r"Read instances with select_related\('customer'\)"),
        (Invoice, "lines__item", "Name 'lines', and take 'item' from the value"),
    ],
)
def test_a_path_is_refused(model, name, message):
    with pytest.raises(NotSupportedError, match=message):
        stored_fields(model._meta, "values", [name])


def test_a_relation_is_refused():
    message = r"'orders' is a relation, not a stored field; values\(\) cannot include it."
    with pytest.raises(FieldError, match=message):
        stored_fields(Customer._meta, "values", ["orders"])


def test_an_unknown_name_and_what_is_no_name_are_refused():
    with pytest.raises(FieldDoesNotExist, match="Did you mean 'number'"):
        stored_fields(Order._meta, "only", ["numbr"])
    with pytest.raises(FieldError, match=r"only\(\) takes field names, not 5"):
        stored_fields(Order._meta, "only", [5])
