from __future__ import annotations

from decimal import Decimal

import pytest
from marshmallow import validate
from support.models.one_of_each import Shop, Thing

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import FieldDoesNotExist, FieldError, ImproperlyConfigured


class Product(Model):
    number = fields.SingleLineTextField("商品番号", unique=True)
    weight = fields.NumberField(unique=True)
    label = fields.SingleLineTextField("品名")
    page = fields.LinkField(unique=True)
    since = fields.DateField(unique=True)
    shop = fields.LookupField(Shop, key="code")


class Sale(Model):
    product = fields.LookupField(
        "Product",
        "商品",
        key="number",
        copies={"label": "label"},
        required=True,
        verbose_name="品",
        validators=[validate.Length(max=5)],
    )
    label = fields.SingleLineTextField("売上品名")
    weight = fields.LookupField(Product, key="weight")

    class Meta:
        number_precision = {"digits": 5, "decimal_places": 1}


def test_the_value_is_of_the_keys_type():
    sale = Sale(product="p1", weight="1.5")
    assert (sale.product, sale.weight) == ("p1", Decimal("1.5"))
    with pytest.raises(FieldError, match=r"Sale\.product takes text, not int 5\."):
        sale.product = 5
    with pytest.raises(FieldError, match=r"Sale\.weight takes a number, not str 'x'\."):
        sale.weight = "x"


@pytest.mark.parametrize(
    ("name", "kind", "blank", "written"),
    [("product", "SINGLE_LINE_TEXT", "", ""), ("weight", "NUMBER", None, None)],
)
def test_it_behaves_like_its_key(name, kind, blank, written):
    field = Sale._meta.get_field(name)
    assert field.kintone_type == kind
    assert getattr(Sale(**{name: None}), name) == blank
    assert field.to_api(blank) == written


def test_the_typed_field_stands_in_the_lookups_place():
    typed = Sale._meta.find("product")
    assert (type(typed), str(typed), typed.code) == (
        fields.SingleLineTextField,
        "Sale.product",
        "商品",
    )
    assert (typed.required, typed.validators) == (True, Sale.product.validators)
    assert typed is Sale._meta.find("product")
    assert (Product.number.code, str(Product.number)) == ("商品番号", "Product.number")


def test_clean_knows_the_blank_the_type_and_the_models_precision():
    assert Sale.product.all_problems("") == ["Required: kintone refuses a blank here."]
    assert Sale.product.all_problems("p1") == []
    assert Sale.product.all_problems("p12345") == ["Longer than maximum length 5."]
    assert Sale.weight.all_problems(None) == []
    assert Sale.weight.all_problems(Decimal("1.25")) == [
        "1.25 has 2 decimal places; the app stores 1 (Meta.number_precision) and would round it."
    ]


def test_the_copies_cannot_be_assigned():
    with pytest.raises(AttributeError, match="the lookup 'product' copies its value"):
        Sale(label="x")


def test_the_copies_in_a_row_are_the_columns_that_a_save_leaves_out():
    class Line(Row):
        product = fields.LookupField("Product", key="number", copies={"label": "label"})
        label = fields.SingleLineTextField()

    class Order(Model):
        lines = fields.SubtableField(Line)

    columns = Order._meta.fields["lines"].columns
    assert [name for name, column in columns.items() if column.writable] == ["product"]


# kintone REST API, "Add Form Fields": a lookup has none of its base type's own settings.
def test_the_definition():
    assert Sale.product.definition() == {
        "type": "SINGLE_LINE_TEXT",
        "code": "商品",
        "label": "品",
        "required": True,
        "lookup": {
            "relatedKeyField": "商品番号",
            "fieldMappings": [{"field": "売上品名", "relatedField": "品名"}],
        },
    }


@pytest.mark.parametrize("key", ["label", "since", "shop", "id"])
def test_a_key_that_is_no_unique_text_number_or_link_is_refused(key):
    class Wrong(Model):
        product = fields.LookupField(Product, key=key)

    with pytest.raises(ImproperlyConfigured) as refused:
        Wrong.product.typed()
    assert str(refused.value) == (
        f"Wrong.product cannot copy Product.{key}: the key of a lookup must be a unique "
        "SingleLineTextField, NumberField, IntegerField or LinkField, or the RecordNumberField."
    )


def test_a_key_that_does_not_exist_is_refused():
    class Wrong(Model):
        product = fields.LookupField(Product, key="numbr")

    with pytest.raises(
        FieldDoesNotExist, match="Product has no field 'numbr'. Did you mean 'number'?"
    ):
        Wrong.product.typed()


def test_a_model_that_does_not_exist_is_refused_with_the_nearest():
    class Wrong(Model):
        product = fields.LookupField("Prodct", key="number")

    with pytest.raises(
        ImproperlyConfigured, match=r"Wrong names the model 'Prodct', but no model .* Did"
    ):
        Wrong.product.typed()


def test_models_may_name_each_other_before_they_exist():
    class Early(Model):
        late = fields.LookupField("Late", key="code")

    class Late(Model):
        code = fields.SingleLineTextField(unique=True)

    assert Early.late.target is Late
    assert Early(late="x").late == "x"


def test_a_lookup_of_its_own_model():
    class Node(Model):
        label = fields.SingleLineTextField(unique=True)
        parent = fields.LookupField("Node", key="label")

    assert Node.parent.target is Node
    assert Node.parent.kintone_type == "SINGLE_LINE_TEXT"


def test_an_abstract_models_lookup_is_each_heirs_own():
    class Base(Model):
        shop = fields.LookupField(Shop, "店", key="code")

        class Meta:
            abstract = True

    class One(Base):
        pass

    class Two(Base):
        pass

    assert [str(model._meta.find("shop")) for model in (One, Two)] == ["One.shop", "Two.shop"]
    assert Thing.shop.to_literal("k") == '"k"'
