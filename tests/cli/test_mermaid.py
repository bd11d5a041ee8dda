"""Models become a diagram that Mermaid's parser takes, whatever the names are."""

from __future__ import annotations

import re

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.cli.mermaid import diagram_of
from kintone_orm.exceptions import ImproperlyConfigured


class Customer(Model):
    code = fields.SingleLineTextField("顧客コード", unique=True)
    name = fields.SingleLineTextField("会社名", verbose_name="会社")
    orders = fields.ReferenceTableField("Order", key="code", related="customer_code")

    class Meta:
        app = "customers"
        verbose_name = "顧客"


class Line(Row):
    item = fields.LookupField("Item", "品番", key="number", required=True)
    qty = fields.NumberField()


class Order(Model):
    customer_code = fields.LookupField("Customer", key="code")
    customer = fields.RelatedRecord("customer_code")
    parent_id = fields.IntegerField()
    parent = fields.RelatedRecord("parent_id", to="Order")
    due = fields.DateField()
    lines = fields.SubtableField(Line, "明細")

    class Meta:
        app = 12


class Item(Model):
    number = fields.SingleLineTextField(unique=True)


class Urgent(Order):
    class Meta:
        proxy = True


def box(diagram, head):
    """Return the lines of the box that begins with `head`."""
    pattern = rf"(?ms)^    {re.escape(head)} {{\n(.*?)^    }}$"
    return re.search(pattern, diagram)[1].split("\n")


def test_the_whole_diagram():
    assert (
        diagram_of([Customer, Order])
        == """\
erDiagram
    "Customer"["Customer (顧客, app customers)"] {
        SingleLineText code UK "顧客コード"
        SingleLineText name "会社名, 会社"
    }
    "Order"["Order (app 12)"] {
        Lookup customer_code FK
        Integer parent_id
        Date due
    }
    "Order.lines"["Order.lines (明細)"] {
        Lookup item FK "品番"
        Number qty
    }
    "Item"["Item (app item)"]
    "Customer" ||..o{ "Order" : "orders"
    "Order" }o--o| "Customer" : "customer"
    "Order" }o..o| "Order" : "parent"
    "Order" ||--o{ "Order.lines" : "lines"
    "Order.lines" }o--|| "Item" : "item"
"""
    )


def test_the_order_is_that_of_the_models():
    first, second = diagram_of([Customer, Order]), diagram_of([Order, Customer])
    assert first.index('"Customer"[') < first.index('"Order"[')
    assert second.index('"Order"[') < second.index('"Customer"[')
    assert diagram_of([Order, Customer]) == second


def test_a_proxy_has_no_box_and_a_relation_to_one_leads_to_its_model():
    class Task(Model):
        order = fields.RelatedRecord("order_id", to=Urgent)
        order_id = fields.IntegerField()

    diagram = diagram_of([Urgent, Order, Task])
    assert "Urgent" not in diagram
    assert '"Task" }o..o| "Order" : "order"' in diagram


def test_two_models_of_one_name_are_told_apart():
    other = type("Item", (Model,), {"__module__": "stock.models"})
    diagram = diagram_of([Item, other])
    assert '"Item"[' in diagram
    assert '"stock.models.Item"[' in diagram


def test_a_callable_app_is_not_called():
    def app(_connection):
        raise AssertionError

    meta = type("Meta", (), {"app": app})
    model = type("Dynamic", (Model,), {"Meta": meta, "__module__": __name__})
    assert '"Dynamic"["Dynamic"]' in diagram_of([model])


def test_no_models_make_an_empty_diagram():
    assert diagram_of([]) == "erDiagram\n"


def test_a_model_that_is_not_imported_is_named():
    class Lost(Model):
        code = fields.LookupField("Nowhere", key="code")

    with pytest.raises(ImproperlyConfigured, match="Nowhere"):
        diagram_of([Lost])


# The characters and words that Mermaid would take as its own


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ('a "b"', "a #34;b#34;"),
        ("50%", "50#37;"),
        ("%%{init}%%", "#37;#37;{init}#37;#37;"),
        ("#quot;", "#35;quot;"),
        ("<b>&", "#60;b#62;#38;"),
        ("`x` \\", "#96;x#96; #92;"),
        ("a\n b\t\x0bc\x00", "a b c "),
        ("受注・[1] {2} |3|", "受注・[1] {2} |3|"),
    ],
)
def test_a_text_cannot_end_its_quotes(text, escaped):
    model = type(
        "Odd", (Model,), {"a": fields.DateField(verbose_name=text), "__module__": __name__}
    )
    assert box(diagram_of([model]), '"Odd"["Odd (app odd)"]')[0] == f'        Date a "{escaped}"'


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("fk", "_fk"),
        ("UK", "_UK"),
        ("pk件", "_pk件"),
        ("fk_1", "fk_1"),
        ("a·b", "a_b"),
        ("数量", "数量"),
        ("end", "end"),
    ],
)
def test_a_name_of_a_field_is_one_word_and_no_key(name, written):
    model = type("Odd", (Model,), {name: fields.DateField(), "__module__": __name__})
    line = box(diagram_of([model]), '"Odd"["Odd (app odd)"]')[0]
    assert line.split()[:2] == ["Date", written]


@pytest.mark.parametrize("name", ["One", "To", "Style", "Class", "End", "受注"])
def test_names_of_models_are_in_quotes(name):
    model = type(name, (Model,), {"__module__": __name__})
    assert diagram_of([model]) == f'erDiagram\n    "{name}"["{name} (app {name.lower()})"]\n'
