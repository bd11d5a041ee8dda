"""The operations of a program on a kintone, for the matrix of faults.

Each is a generator: what stands before its first `yield` is done before anything goes wrong, and
what it yields then is its result.
"""

from __future__ import annotations

from kintone_orm import Model, connections, fields
from kintone_orm.api.apps import get_apps
from kintone_orm.api.comments import get_comments
from kintone_orm.apps import deploy
from kintone_orm.fields import ContentFile
from kintone_orm.models import prefetch_related_objects
from kintone_orm.testing import emulate
from support.process_of import CREATOR, action, entity, states
from support.workflows import set_process


class Customer(Model):
    code = fields.SingleLineTextField(unique=True)
    orders = fields.ReferenceTableField("Order", key="code", related="customer_code")

    class Meta:
        app = "customers"


class Order(Model):
    code = fields.SingleLineTextField(unique=True)
    n = fields.IntegerField()
    customer_code = fields.SingleLineTextField()
    customer = fields.RelatedRecord("customer_code", to=Customer, key="code")
    papers = fields.FileField()
    updated = fields.UpdatedTimeField("Updated_datetime")

    class Meta:
        app = "orders"


class Plan(Model):
    """An app that is not made yet."""

    name = fields.SingleLineTextField()

    class Meta:
        app = "plans"


def made():
    """A kintone with orders, customers, papers, a comment and a process, before the operation."""
    with emulate(Customer, Order) as connection:
        who = entity("USER", connection.emulator.credentials[0])
        set_process(
            connection,
            connection.apps["orders"],
            states=states(Draft=("ONE", CREATOR), Done=("ANY", who)),
            actions=[action("Finish", "Draft", "Done")],
        )
        Customer.objects.bulk_create([Customer(code="a"), Customer(code="b")])
        Order.objects.bulk_create(
            Order(code=f"c{n}", n=n, customer_code="ab"[n % 2], papers=[ContentFile(b"x", "x.txt")])
            for n in range(5)
        )
        Order.objects.get(code="c0").comments.create("first")
        return connection.snapshot()


def store(connection):
    """The stored records."""
    with connections.override(connection):
        orders = Order.objects.values_list("pk", "revision", "code", "n", "customer_code", "papers")
        orders_and_papers = [(*rest, [paper.name for paper in papers]) for *rest, papers in orders]
        app = connection.apps["orders"]
        first = [pk for pk, _, code, *_ in orders_and_papers if code == "c0"]
        lists = [get_comments(connection, app=app, record=pk)["comments"] for pk in first]
        comments = [comment["text"] for comments in lists for comment in comments]
        return orders_and_papers, comments, [app["appId"] for app in get_apps(connection)["apps"]]


def order():
    return Order.objects.get(code="c0")


def reading(read):
    def operation():
        yield
        yield read()

    return operation


def ids(rows):
    return [row.pk for row in rows]


def writing(prepare, write):
    def operation():
        prepared = prepare()
        yield
        yield write(prepared)

    return operation


def changed():
    record = order()
    record.n = 50
    return record


def all_changed():
    orders = list(Order.objects.all())
    for record in orders:
        record.n += 100
    return orders


def new(number):
    return [Order(code=f"new {n}", n=n) for n in range(number)]


def upsert(orders, **options):
    options = {"update_conflicts": True, "unique_fields": ["code"], **options}
    return len(Order.objects.bulk_create(orders, **options))


def with_a_paper():
    record = order()
    record.papers.append(ContentFile(b"new", "new.txt"))
    return record


def _count_up(record):
    record.n += 1


def first_of_a_cursor():
    with Order.objects.order_by("n").iterator(2) as rows:
        return [next(rows).pk for _ in range(3)]


ALL = Order.objects.all
OPERATIONS = {
    "get": reading(lambda: order().pk),
    "first": reading(lambda: Order.objects.first().pk),
    "iterate by id": reading(lambda: ids(ALL().iterator(3))),
    "iterate a slice": reading(lambda: ids(ALL().order_by("n")[:5].iterator(3))),
    "iterate in an order": reading(lambda: ids(ALL().order_by("n").iterator(3))),
    "leave a cursor early": reading(first_of_a_cursor),
    "values": reading(lambda: list(Order.objects.values("pk", "n"))),
    "count": reading(lambda: ALL().count()),
    "exists": reading(lambda: ALL().exists()),
    "in_bulk": reading(lambda: sorted(Order.objects.in_bulk([1, 2]))),
    "by another queryset": reading(
        lambda: ids(Order.objects.filter(customer_code__in=Customer.objects.values("code")))
    ),
    "select_related": reading(
        lambda: [row.customer.pk for row in Order.objects.select_related("customer")]
    ),
    "prefetch_related": reading(
        lambda: [len(row.orders) for row in Customer.objects.prefetch_related("orders")]
    ),
    "prefetch by hand": writing(
        order, lambda record: prefetch_related_objects([record], "customer")
    ),
    "related record": writing(order, lambda record: record.customer.pk),
    "related records": writing(
        lambda: Customer.objects.get(code="a"), lambda customer: len(customer.orders)
    ),
    "deferred field": writing(lambda: ALL().defer("n")[0], lambda record: record.n),
    "refresh_from_db": writing(order, lambda record: record.refresh_from_db()),
    "create": writing(lambda: None, lambda _: Order.objects.create(code="x").revision),
    "save": writing(changed, lambda record: record.save()),
    "save without revision": writing(changed, lambda record: record.save(check_revision=False)),
    "save and refresh": writing(changed, lambda record: record.save(refresh=True)),
    "save a file": writing(with_a_paper, lambda record: record.save()),
    "delete": writing(order, lambda record: record.delete()),
    "delete without revision": writing(order, lambda record: record.delete(check_revision=False)),
    "get_or_create": writing(lambda: None, lambda _: Order.objects.get_or_create(code="x")[1]),
    "update_or_create": writing(
        lambda: None, lambda _: Order.objects.update_or_create({"n": 9}, code="c0")[1]
    ),
    "update_or_create by two": writing(
        lambda: None,
        lambda _: Order.objects.update_or_create({"n": 9}, code="c0", customer_code="a")[1],
    ),
    "modify": writing(lambda: None, lambda _: Order.objects.modify(1, _count_up).n),
    "bulk_create": writing(lambda: new(3), lambda orders: len(Order.objects.bulk_create(orders))),
    "bulk_create in groups": writing(
        lambda: new(45), lambda orders: len(Order.objects.bulk_create(orders, batch_size=1))
    ),
    "upsert": writing(lambda: [Order(code="c0", n=9), Order(code="x", n=9)], upsert),
    "upsert of some fields": writing(
        lambda: [Order(code="c0", n=9, customer_code="b"), Order(code="x", n=9)],
        lambda orders: upsert(orders, update_fields=["n"]),
    ),
    "bulk_update": writing(all_changed, lambda orders: Order.objects.bulk_update(orders)),
    "bulk_update in hundreds": writing(
        all_changed, lambda orders: Order.objects.bulk_update(orders, batch_size=1)
    ),
    "bulk_update with revisions": writing(
        all_changed, lambda orders: Order.objects.bulk_update(orders, check_revision=True)
    ),
    "bulk_update with revisions in hundreds": writing(
        all_changed,
        lambda orders: Order.objects.bulk_update(orders, batch_size=1, check_revision=True),
    ),
    "update": writing(lambda: None, lambda _: Order.objects.filter(n__gt=1).update(n=9)),
    "update with revisions": writing(
        lambda: None, lambda _: Order.objects.filter(n__gt=1).update(n=9, check_revision=True)
    ),
    "delete all": writing(lambda: None, lambda _: ALL().filter(n__gt=1).delete()[0]),
    "delete all with revisions": writing(
        lambda: None, lambda _: ALL().filter(n__gt=1).delete(check_revision=True)[0]
    ),
    "comments": writing(order, lambda record: [comment.text for comment in record.comments]),
    "comment": writing(order, lambda record: record.comments.create("more").text),
    "delete a comment": writing(
        lambda: next(iter(order().comments)), lambda comment: comment.delete()
    ),
    "download": writing(order, lambda record: record.papers[0].read()),
    "transition": writing(order, lambda record: record.transition("Finish")),
    "assign": writing(order, lambda record: record.assign([])),
    "available_actions": writing(
        order, lambda record: [str(a) for a in record.available_actions()]
    ),
    "transition of many": writing(lambda: None, lambda _: ALL().transition("Finish")),
    "bulk_transition": writing(
        lambda: list(ALL()), lambda orders: Order.objects.bulk_transition(orders, "Finish")
    ),
    "permissions": writing(order, lambda record: record.permissions().editable),
    "app_info": reading(lambda: Order.app_info().name),
    "create where the form is not known": writing(
        lambda: connections.resolve().forms.clear(), lambda _: Order.objects.create(code="x").pk
    ),
    "deploy": writing(lambda: None, lambda _: sorted(deploy(Plan))),
}
