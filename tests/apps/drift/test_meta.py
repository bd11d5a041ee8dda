"""The options of a model's Meta are compared with the settings of its app."""

from __future__ import annotations

from support.changed_forms import change_settings

from kintone_orm import Model, fields
from kintone_orm.apps import check
from kintone_orm.testing import emulate


class Exact(Model):
    price = fields.NumberField()

    class Meta:
        number_precision = {"digits": 10, "decimal_places": 2}
        verbose_name = "Prices"


def test_another_precision_is_drift():
    with emulate(Exact) as connection:
        assert check(Exact) == ()
        precision = {"digits": "12", "decimalPlaces": "2", "roundingMode": "UP"}
        change_settings(connection, connection.apps["exact"], numberPrecision=precision)
        (finding,) = check(Exact)
    assert (finding.kind, finding.is_drift) == ("precision", True)
    assert finding.message == (
        "Exact: Meta.number_precision is 10 digits, 2 decimal places, HALF_EVEN, but the app has "
        "12 digits, 2 decimal places, UP. Change it in the model, or change the app."
    )


def test_another_name_of_the_app_is_information():
    with emulate(Exact) as connection:
        change_settings(connection, connection.apps["exact"], name="Price list")
        (finding,) = check(Exact)
    assert (finding.kind, finding.is_drift) == ("app name", False)


def test_a_model_without_a_name_leaves_it_to_the_app():
    class Nameless(Model):
        price = fields.NumberField()

        class Meta:
            app = "exact"
            number_precision = {"digits": 10, "decimal_places": 2}

    with emulate(Exact):
        assert check(Nameless) == ()
