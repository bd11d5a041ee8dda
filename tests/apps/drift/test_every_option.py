"""A deployed model with every option has no finding."""

from __future__ import annotations

from support.models.deals import Customer, Deal

from kintone_orm import Model, fields
from kintone_orm.apps import check
from kintone_orm.functions import LoginUser, Now, Today
from kintone_orm.testing import emulate


class Optioned(Model):
    text = fields.SingleLineTextField(
        verbose_name="Text", min_length=2, max_length=9, default="abc", required=True
    )
    code = fields.SingleLineTextField(unique=True)
    site = fields.LinkField(protocol="MAIL", max_length=50)
    price = fields.NumberField(min_value="0", max_value="9.50", unit="円", unit_position="AFTER")
    count = fields.IntegerField(default=0)
    double = fields.CalcField(expression="price * 2", unit="$")
    rank = fields.RadioButtonField(choices=["b", "a"], default="a")
    tags = fields.CheckBoxField(choices=["b", "a"], default=("a",))
    day = fields.DateField(default=Today(), unique=True)
    moment = fields.DateTimeField(default=Now())
    people = fields.UserSelectField(default=LoginUser())
    customer = fields.LookupField(
        Customer, key="code", filter_cond='会社名 != ""', sort="会社名 asc", display=("name",)
    )


def test_a_deployed_model_with_every_option_has_no_finding():
    with emulate(Customer, Deal, Optioned):
        assert check(Customer, Deal, Optioned) == ()
