"""deploy() of subtables, and of fields that refer to other apps."""

from __future__ import annotations

import pytest
from support.changed_forms import change_field

from kintone_orm import Model, Row, fields
from kintone_orm.api.form import add_form_fields, get_form_fields, update_form_fields
from kintone_orm.apps import deploy
from kintone_orm.exceptions import DeployError, FieldDoesNotExist
from kintone_orm.testing import emulate


class Product(Model):
    code = fields.SingleLineTextField("p_code", unique=True)
    label = fields.SingleLineTextField()
    sales = fields.ReferenceTableField("Sale", key="code", related="main", display=["number"])

    class Meta:
        app = "products"


class SaleLine(Row):
    product = fields.LookupField(Product, key="code", copies={"product_label": "label"})
    product_label = fields.SingleLineTextField()
    qty = fields.NumberField()
    double = fields.CalcField(expression="qty * 2")


class OnlyLookups(Row):
    other = fields.LookupField(Product, key="code")


class Sale(Model):
    number = fields.SingleLineTextField(unique=True)
    main = fields.LookupField(Product, key="code")
    lines = fields.SubtableField(SaleLine, verbose_name="Lines")
    others = fields.SubtableField(OnlyLookups)
    files = fields.FileField()
    owners = fields.UserSelectField(required=True)
    products = fields.ReferenceTableField(Product, key="main", related="code", size=10)

    class Meta:
        app = "sales"


@pytest.fixture
def empty():
    with emulate() as connection:
        yield connection


def form_of(connection, model, *, preview=False):
    app = model._meta.app_id(connection)
    return get_form_fields(connection, app=app, preview=preview)["properties"]


@pytest.mark.parametrize("models", [(Sale, Product), (Product, Sale)])
def test_apps_that_refer_to_each_other_are_made_in_any_order(empty, models):
    deploy(*models)
    sales, products = form_of(empty, Sale), form_of(empty, Product)
    lines = sales["lines"]
    assert (lines["type"], lines["label"]) == ("SUBTABLE", "Lines")
    assert set(lines["fields"]) == {"product", "product_label", "qty", "double"}
    lookup = lines["fields"]["product"]["lookup"]
    assert lookup["relatedApp"]["app"] == str(empty.apps["products"])
    assert lookup["fieldMappings"] == [{"field": "product_label", "relatedField": "label"}]
    assert set(sales["others"]["fields"]) == {"other"}
    related = products["sales"]["referenceTable"]
    assert related["relatedApp"]["app"] == str(empty.apps["sales"])
    assert related["condition"] == {"field": "p_code", "relatedField": "main"}
    assert related["displayFields"] == ["number"]
    assert sales["products"]["referenceTable"]["size"] == "10"
    assert sales["owners"]["required"] is True


def test_deploying_again_changes_nothing(empty):
    deploy(Sale, Product)
    before = form_of(empty, Sale)
    revision = get_form_fields(empty, app=empty.apps["sales"])["revision"]
    deploy(Sale, Product)
    assert form_of(empty, Sale) == before
    assert get_form_fields(empty, app=empty.apps["sales"])["revision"] == revision


class Item(Model):
    code = fields.SingleLineTextField(unique=True)


class Before(Row):
    qty = fields.NumberField()


class After(Row):
    qty = fields.NumberField()
    note = fields.MultiLineTextField()
    item = fields.LookupField(Item, key="code")


class OldList(Model):
    lines = fields.SubtableField(Before)

    class Meta:
        app = "lists"


class NewList(Model):
    lines = fields.SubtableField(After)

    class Meta:
        app = "lists"


class OtherList(Model):
    class Line(Row):
        qty = fields.SingleLineTextField()

    lines = fields.SubtableField(Line)

    class Meta:
        app = "lists"


def test_columns_that_a_subtable_lacks_are_added_and_its_rows_stay(empty):
    deploy(OldList)
    OldList(lines=[Before(qty=5)]).save()
    row = OldList.objects.get().lines[0].id
    deploy(NewList, Item)
    assert set(form_of(empty, NewList)["lines"]["fields"]) == {"qty", "note", "item"}
    (line,) = NewList.objects.get().lines
    assert (line.id, line.qty, line.note) == (row, 5, "")


def test_a_subtable_that_gets_a_column_keeps_its_label(empty):
    deploy(OldList)
    change_field(empty, empty.apps["lists"], "lines", label="Positions")
    deploy(NewList, Item)
    assert form_of(empty, NewList)["lines"]["label"] == "Positions"


def test_two_models_must_agree_on_a_new_column(empty):
    class Line(Row):
        note = fields.SingleLineTextField("extra")

    class OtherLine(Row):
        note = fields.NumberField("extra")

    class One(Model):
        lines = fields.SubtableField(Line)

        class Meta:
            app = "lists"

    class Two(Model):
        lines = fields.SubtableField(OtherLine)

        class Meta:
            app = "lists"

    message = "Two.lines.note is a NUMBER, but another model of the app declares 'extra' as a SING"
    with pytest.raises(DeployError, match=message):
        deploy(One, Two)


def test_columns_that_are_there_need_no_more_than_their_type(empty):
    class Full(Row):
        size = fields.DropDownField(choices=["S", "M"])
        twice = fields.CalcField(expression="1 + 1")

    class Vague(Row):
        size = fields.DropDownField()
        twice = fields.CalcField()
        note = fields.MultiLineTextField()

    class Sizes(Model):
        lines = fields.SubtableField(Full)

    class MoreSizes(Model):
        lines = fields.SubtableField(Vague)

        class Meta:
            app = "sizes"

    deploy(Sizes)
    deploy(MoreSizes)
    assert set(form_of(empty, MoreSizes)["lines"]["fields"]) == {"size", "twice", "note"}


def test_an_interrupted_deploy_of_columns_is_completed(empty):
    deploy(OldList)
    column = NewList.lines.columns["note"].definition()
    change = {"lines": {"type": "SUBTABLE", "fields": {"note": column}}}
    update_form_fields(empty, app=empty.apps["lists"], properties=change)
    deploy(NewList, Item)
    assert set(form_of(empty, NewList)["lines"]["fields"]) == {"qty", "note", "item"}


def test_a_column_that_somebody_else_prepared_is_not_put_into_service(empty):
    deploy(OldList)
    theirs = {"type": "NUMBER", "code": "theirs", "label": "theirs"}
    change = {"lines": {"type": "SUBTABLE", "fields": {"theirs": theirs}}}
    update_form_fields(empty, app=empty.apps["lists"], properties=change)
    with pytest.raises(DeployError, match="has changes of 'lines' that are not live"):
        deploy(NewList, Item)


def test_the_type_of_a_column_is_never_changed(empty):
    deploy(OldList)
    wanted = r"OtherList\.lines\.qty is a SINGLE_LINE_TEXT, but the app's field 'qty' is a NUMBER"
    with pytest.raises(DeployError, match=wanted):
        deploy(OtherList)


def test_a_column_that_the_app_lacks_is_not_written(empty):
    deploy(OldList, Item)
    with pytest.raises(FieldDoesNotExist, match=r"NewList\.lines\.note: app 1 has no field 'note'"):
        NewList(lines=[After(note="x")]).save()


def test_two_models_of_one_app_share_a_subtable(empty):
    deploy(OldList, NewList, Item)
    assert set(form_of(empty, NewList)["lines"]["fields"]) == {"qty", "note", "item"}


class Ticket(Model):
    status = fields.StatusField("状態")

    class Meta:
        app = "tickets"


def test_a_status_of_another_code_in_an_app_in_use_is_told(empty):
    deploy(OldList)

    class Renamed(Model):
        status = fields.StatusField("状態")

        class Meta:
            app = "lists"

    problem = r"Renamed\.status has the code '状態', but the code of the app's STATUS field is "
    with pytest.raises(DeployError, match=problem + "'Status'. Declare status"):
        deploy(Renamed)


def test_a_new_app_gets_the_declared_code_of_its_status(empty):
    deploy(Ticket)
    assert form_of(empty, Ticket)["状態"]["type"] == "STATUS"


def test_a_subtable_is_not_made_of_another_field(empty):
    deploy(OldList)
    app = empty.apps["lists"]
    add_form_fields(empty, app=app, properties={"x": {"type": "NUMBER", "code": "x", "label": "x"}})
    with pytest.raises(DeployError, match="'x'"):
        deploy(OldList)


def test_related_records_are_read_by_the_key(empty):
    deploy(Sale, Product)
    Product(code="p1", label="One").save()
    Sale(number="1", main="p1", owners=["Administrator"]).save()
    Sale(number="2", owners=["Administrator"]).save()
    product = Product.objects.get()
    assert [sale.number for sale in product.sales] == ["1"]
    assert [sale.products.count() for sale in Sale.objects.order_by("number")] == [1, 0]
    with pytest.raises(AttributeError, match=r"Product\.sales cannot be set. Change 'main'"):
        product.sales = []


def test_related_records_can_be_filtered_by(empty):
    deploy(Sale, Product)
    Product(code="p1").save()
    Product(code="p2").save()
    Sale(number="1", main="p1", owners=["Administrator"]).save()
    found = Product.objects.filter(sales__number="1")
    assert found.query.startswith('sales.number in ("1")')
    assert [item.code for item in found] == ["p1"]
