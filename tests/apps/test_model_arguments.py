"""deploy() and check() refuse arguments that are no models, before a request."""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.apps import check, deploy
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.testing import assert_requests, emulate


class Stamped(Model):
    title = fields.SingleLineTextField()

    class Meta:
        abstract = True


class Order(Stamped):
    pass


class Line(Row):
    qty = fields.NumberField()


@pytest.fixture
def kintone():
    with emulate() as connection:
        yield connection


@pytest.mark.parametrize("function", [deploy, check])
@pytest.mark.parametrize(
    ("argument", "message"),
    [
        (Stamped, "Stamped is abstract, so it has no app"),
        (Model, "Model is abstract"),
        (Line, r"takes models, which are classes, not <class '.*Line'>"),
        ("Order", "takes models, which are classes, not 'Order'"),
        (None, "takes models, which are classes, not None"),
        ([Order], r"takes models one by one, not a list of them. Write (deploy|check)\(\*models\)"),
    ],
)
def test_anything_but_a_model_is_refused_before_a_request(kintone, function, argument, message):
    with assert_requests(0), pytest.raises(ImproperlyConfigured, match=message):
        function(argument)


@pytest.mark.parametrize("function", [deploy, check])
def test_a_record_is_no_model(kintone, function):
    with assert_requests(0), pytest.raises(ImproperlyConfigured, match="which are classes, not <"):
        function(Order())
