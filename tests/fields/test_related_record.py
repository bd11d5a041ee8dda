"""RelatedRecord: fetching, assigning and filtering by the other record."""

from __future__ import annotations

import copy
import pickle

import pytest
from support.models.shop import Customer, Order, Region, shop

from kintone_orm import Model, Row, fields, override
from kintone_orm.exceptions import (
    FieldError,
    ImproperlyConfigured,
    LookupSourceNotFound,
    NotSupportedError,
    ObjectDoesNotExist,
)
from kintone_orm.models import Manager
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def two(kintone):
    shop(customers=2, orders=2)
    return kintone


# -- reading ---------------------------------------------------------------------------------------


def test_the_copied_key_is_read_without_a_request(two):
    order = Order.objects.get(number=1)
    with assert_requests(0):
        assert order.customer_code == "c1"


def test_the_other_record_is_fetched_once(two):
    order = Order.objects.get(number=1)
    with assert_requests(1):
        assert (order.customer.name, order.customer.code) == ("C 1", "c1")


def test_a_blank_key_is_none_without_a_request(two):
    order = Order.objects.create(number=5)
    order = Order.objects.get(pk=order.pk)
    with assert_requests(0):
        assert order.customer is None


def test_a_new_record_with_a_key_has_it(two):
    assert Order(customer_code="c1").customer == Customer.objects.get(code="c1")


def test_a_key_that_no_record_has_any_more_raises_the_other_models_error(two):
    Customer.objects.filter(code="c1").delete()
    order = Order.objects.get(number=1)
    for requests in (1, 0):  # one request, whatever the answer
        with (
            assert_requests(requests),
            pytest.raises(Customer.DoesNotExist, match="is 'c1', but no Customer has this code"),
        ):
            order.customer  # noqa: B018


def test_another_key_is_another_record(two):
    order = Order.objects.get(number=1)
    assert order.customer.name == "C 1"
    order.customer_code = "c0"
    assert order.customer.name == "C 0"


def test_a_refresh_forgets_it(two):
    order = Order.objects.get(number=1)
    before = order.customer
    order.refresh_from_db()
    assert order.customer == before
    assert order.customer is not before


def test_two_lookups_of_one_model_are_two_relations(two):
    order = Order.objects.get(number=1)
    order.payer = Customer.objects.get(code="c0")
    order.save()
    order = Order.objects.get(number=1)
    assert (order.customer.code, order.payer.code) == ("c1", "c0")


def test_a_manager_of_the_other_model_does_not_hide_it(kintone):
    class Open(Manager):
        def get_queryset(self):
            return super().get_queryset().filter(state="open")

    class RelShop(Model):
        objects = Open()
        code = fields.SingleLineTextField(unique=True)
        state = fields.SingleLineTextField()

    class RelVisit(Model):
        shop_code = fields.LookupField(RelShop, key="code")
        shop = fields.RelatedRecord("shop_code")

    with emulate(RelVisit):
        RelShop.objects.create(code="s", state="closed")
        RelVisit.objects.create(shop_code="s")
        assert RelVisit.objects.get().shop.state == "closed"


def test_what_looks_at_a_record_never_fetches(two):
    order = Order.objects.get(number=1)
    with assert_requests(0):
        repr(order), str(order), f"{order}", order == order, hash(order)
        copy.copy(order), copy.deepcopy(order), pickle.dumps(order)
        order.changed_fields(), order.get_deferred_fields(), order.clean_fields()
        assert not hasattr(order, "custommer")


def test_it_is_in_pickles_and_copies(two):
    order = Order.objects.select_related("customer").get(number=1)
    with assert_requests(0):
        for each in (copy.copy(order), pickle.loads(pickle.dumps(order))):
            assert each.customer.name == "C 1"
            assert each.customer is not order.customer


def test_it_is_no_field_of_the_app(two):
    assert "customer" not in Order._meta.fields
    assert [repr(value) for value in Order._meta.relations.values()] == [
        "<RelatedRecord Order.customer>",
        "<RelatedRecord Order.payer>",
    ]
    with assert_requests(1) as requests:
        assert "customer" not in Order.objects.values().first()
    assert "customer" not in requests[0].params["fields"]


# -- assigning -------------------------------------------------------------------------------------


def test_assigning_a_record_assigns_its_key(two):
    order = Order.objects.get(number=1)
    customer = Customer.objects.get(code="c0")
    order.customer = customer
    assert order.customer_code == "c0"
    with assert_requests(0):
        assert order.customer is customer
    order.save()
    assert Order.objects.get(number=1).customer_name == "C 0"


def test_assigning_none_blanks_the_key(two):
    order = Order.objects.get(number=1)
    order.customer = None
    order.save()
    assert (order.customer, order.customer_code) == (None, "")


def test_a_new_record_is_made_with_it(two):
    customer = Customer.objects.get(code="c1")
    order = Order.objects.create(number=9, customer=customer)
    assert (order.customer_code, order.customer is customer) == ("c1", True)


def test_a_record_that_is_given_goes_before_a_default(two):
    class RelGift(Model):
        to_code = fields.LookupField(Customer, key="code", default="c0")
        to = fields.RelatedRecord("to_code")

    assert RelGift(to=Customer.objects.get(code="c1")).to_code == "c1"
    assert RelGift().to_code == "c0"


def test_querysets_write_it(two):
    first, second = Customer.objects.order_by("code")
    assert Order.objects.update(customer=first) == 2
    assert Order.objects.filter(customer=first).count() == 2
    order, created = Order.objects.get_or_create(customer=second, defaults={"number": 7})
    assert (created, order.customer_code) == (True, "c1")
    order, created = Order.objects.update_or_create(number=7, defaults={"customer": first})
    assert (created, order.customer_code) == (False, "c0")


def test_a_record_that_is_not_saved_is_refused(two):
    order = Order.objects.get(number=1)
    with assert_requests(0), pytest.raises(ValueError, match="which is not saved. Save it first"):
        order.customer = Customer(code="c5")
    assert order.customer_code == "c1"


def test_a_record_without_a_key_is_refused(two):
    with pytest.raises(ValueError, match="whose 'code' is blank"):
        Order(customer=Customer.objects.create(name="?"))


@pytest.mark.parametrize("wrong", ["c0", 5, Order(number=1)])
def test_what_is_no_such_record_is_refused(two, wrong):
    with pytest.raises(FieldError, match="Order.customer takes a Customer, not"):
        Order(customer=wrong)


def test_a_key_in_place_of_a_record_is_refused_with_the_field_that_takes_it(two):
    with pytest.raises(FieldError, match=r"not 'c0'\. Assign a key to 'customer_code'\.$"):
        Order(customer="c0")
    with pytest.raises(FieldError, match=r"not <Order new>\.$"):
        Order(customer=Order(number=1))


def test_a_record_of_another_connection_is_refused(two):
    order = Order.objects.get(number=1)
    with emulate(Order) as other:
        customer = Customer.objects.using(other).create(code="c0")
    with pytest.raises(ValueError, match=r"<Order id=2 .*> is on .*, and <Customer id=1 "):
        order.customer = customer


def test_a_deleted_customer_is_refused_by_kintone(two):
    order, customer = Order.objects.get(number=1), Customer.objects.get(code="c0")
    order.customer = customer
    customer.delete()
    with pytest.raises(LookupSourceNotFound):
        order.save()


# -- filtering -------------------------------------------------------------------------------------


def numbers(queryset):
    return [each.number for each in queryset]


def test_a_record_stands_for_its_key_in_filters(two):
    first, second = Customer.objects.order_by("code")
    with assert_requests(5):
        assert numbers(Order.objects.filter(customer=second)) == [1]
        assert numbers(Order.objects.filter(customer_code=second)) == [1]
        assert numbers(Order.objects.filter(customer__in=[first, second])) == [0, 1]
        assert numbers(Order.objects.filter(customer_code__in=[first])) == [0]
        assert numbers(Order.objects.exclude(customer=first)) == [1]


def test_keys_none_and_querysets_do_as_well(two):
    Order.objects.create(number=2)
    assert numbers(Order.objects.filter(customer="c1")) == [1]
    assert numbers(Order.objects.filter(customer=None)) == [2]
    assert numbers(Order.objects.filter(customer__isnull=False)) == [0, 1]
    assert numbers(Order.objects.filter(customer__in=Customer.objects.filter(name="C 1"))) == [1]


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("customer__name", "filter(customer_code__in=Customer.objects.filter(name=...))"),
        ("customer_code__name", "filter(customer_code__in=Customer.objects.filter(name=...))"),
        ("payer__name", "filter(payer_code__in=Customer.objects.filter(name=...))"),
        (
            "customer__region__name__contains",
            "filter(customer_code__in=Customer.objects.filter(region__name__contains=...))",
        ),
        ("customer__code", "Write filter(customer_code=...)"),
        ("customer__code__in", "Write filter(customer_code__in=...)"),
    ],
)
def test_a_filter_across_is_refused_with_the_way_around(kintone, condition, sentence):
    with assert_requests(0), pytest.raises(NotSupportedError) as refused:
        Order.objects.filter(**{condition: "x"})
    assert sentence in str(refused.value)


def test_another_lookup_is_refused_as_ever(kintone):
    with pytest.raises(FieldError, match="has no lookup 'nam'; it has contains, exact"):
        Order.objects.filter(customer__nam="x")


def test_a_lookup_in_a_table_takes_records_and_says_the_way_around(two):
    class RelLine(Row):
        customer_code = fields.LookupField(Customer, key="code")

    class RelBasket(Model):
        lines = fields.SubtableField(RelLine)

    first = Customer.objects.first()
    assert RelBasket.objects.filter(lines__customer_code=first).query.startswith(
        'customer_code in ("c0")'
    )
    with pytest.raises(NotSupportedError) as refused:
        RelBasket.objects.filter(lines__customer_code__name="x")
    assert "filter(lines__customer_code__in=Customer.objects.filter(name=...))" in str(
        refused.value
    )
    keys = RelBasket.objects.filter(lines__customer_code__in=Customer.objects.filter(name="C 1"))
    assert "Customer" in keys.query


@pytest.mark.parametrize("wrong", [Region(code="x"), Order(number=1)])
def test_a_filter_by_another_models_record_is_refused(kintone, wrong):
    with pytest.raises(FieldError, match="takes a Customer, not"):
        Order.objects.filter(customer_code=wrong)
    with pytest.raises(FieldError, match="takes text, not"):
        Order.objects.filter(customer_name=wrong)


def test_a_filter_by_an_unsaved_record_is_refused(kintone):
    with pytest.raises(ValueError, match="which is not saved"):
        Order.objects.filter(customer__in=[Customer(code="x")])


@pytest.mark.parametrize("order", ["customer", "customer__name", "-customer_code__name"])
def test_an_order_across_is_refused_with_the_way_around(kintone, order):
    with pytest.raises(NotSupportedError, match=r"sorted\(queryset.select_related\('customer'\)"):
        Order.objects.order_by(order)


@pytest.mark.parametrize("method", ["values", "only", "defer"])
def test_where_a_field_is_wanted_it_names_its_field(kintone, method):
    with pytest.raises(FieldError, match="found by the field 'customer_code'"):
        getattr(Order.objects, method)("customer")


# -- declaring -------------------------------------------------------------------------------------


def test_a_field_that_is_no_lookup_names_the_model_and_the_key(two):
    class Visit(Model):
        name = fields.SingleLineTextField()
        customer = fields.RelatedRecord("name", to="support.models.shop.Customer", key="code")
        region_id = fields.NumberField()
        region = fields.RelatedRecord("region_id", to=Region)

    with emulate(Visit):
        Region.objects.create(code="r", name="North")
        Customer.objects.create(code="c", name="C")
        visit = Visit.objects.create(name="c", region=Region.objects.get())
        assert (visit.region_id, visit.customer.name) == (1, "C")
        visit = Visit.objects.get()
        assert visit.region.name == "North"
        assert Visit.objects.filter(region=visit.region, customer=visit.customer).count() == 1
        visit.region_id, visit.name = "5.5", "x" * 99  # values that no key can have
        with assert_requests(0):
            for name in ("region", "customer"):
                with pytest.raises(ObjectDoesNotExist):
                    getattr(visit, name)


def test_models_may_refer_to_each_other_and_to_themselves(kintone):
    class RelHen(Model):
        code = fields.SingleLineTextField(unique=True)
        egg_code = fields.LookupField("RelEgg", key="code")
        egg = fields.RelatedRecord("egg_code")
        mother_code = fields.LookupField("RelHen", key="code")
        mother = fields.RelatedRecord("mother_code")
        chicks = fields.ReferenceTableField("RelHen", key="code", related="mother_code")

    class RelEgg(Model):
        code = fields.SingleLineTextField(unique=True)
        hen_code = fields.LookupField("RelHen", key="code")
        hen = fields.RelatedRecord("hen_code")

    with emulate(RelHen):
        first = RelHen.objects.create(code="1")
        egg = RelEgg.objects.create(code="e", hen=first)
        second = RelHen.objects.create(code="2", egg=egg, mother=first)
        found = RelHen.objects.get(code="2")
        assert found.egg.hen == found.mother == first
        assert list(first.chicks) == [second]


def test_abstract_models_mixins_and_proxies_pass_it_on(two):
    class OfCustomer(Model):
        customer_code = fields.LookupField(Customer, key="code")
        customer = fields.RelatedRecord("customer_code")

        class Meta:
            abstract = True

    class Noted:
        key = fields.SingleLineTextField()
        other = fields.RelatedRecord("key", to=Customer, key="code")

    class Note(Noted, OfCustomer):
        text = fields.SingleLineTextField()

    class Plain(OfCustomer):
        customer = None

    class Proxy(Note):
        class Meta:
            proxy = True

    assert list(Note._meta.relations) == list(Proxy._meta.relations) == ["customer", "other"]
    assert Note.customer.model is Note
    assert Plain._meta.relations == {}
    with emulate(Note):
        Customer.objects.create(code="c", name="C")
        Note.objects.create(customer_code="c", key="c")
        assert Proxy.objects.get().customer == Proxy.objects.get().other


def declare(relation, **more):
    return type("Wrong", (Model,), {"key": fields.NumberField(), "other": relation, **more})


@pytest.mark.parametrize(
    ("relation", "message"),
    [
        (fields.RelatedRecord("kee", to=Customer), "Wrong.other: there is no field 'kee'. Did you"),
        (fields.RelatedRecord("key"), "Wrong.key is not a lookup. Name the model of the key"),
        (
            fields.RelatedRecord("shop", to=Region),
            "`to` must be Customer, the model that Wrong.shop",
        ),
        (fields.RelatedRecord("shop", key="name"), "`key` must be 'code', the key of Wrong.shop"),
    ],
)
def test_what_cannot_lead_to_a_record_is_refused_with_the_class(relation, message):
    with pytest.raises(ImproperlyConfigured) as refused:
        declare(relation, shop=fields.LookupField(Customer, key="code"))
    assert message in str(refused.value)


@pytest.mark.parametrize("key", ["code", "name"])
def test_a_key_of_another_type_or_not_unique_is_refused_when_it_is_used(two, key):
    model = declare(fields.RelatedRecord("key", to=Customer, key=key))
    with pytest.raises(ImproperlyConfigured, match=r"Wrong.key \(NUMBER\) cannot hold the key"):
        model(key=5).other  # noqa: B018


def test_a_row_and_a_proxy_cannot_have_one():
    with pytest.raises(ImproperlyConfigured, match="a row cannot have a RelatedRecord"):
        type("Line", (Row,), {"k": fields.NumberField(), "o": fields.RelatedRecord("k")})
    meta = type("Meta", (), {"proxy": True})
    with pytest.raises(ImproperlyConfigured, match="Odd is a proxy"):
        type("Odd", (Order,), {"o": fields.RelatedRecord("number", to=Region), "Meta": meta})


def test_a_name_that_every_model_has_is_refused():
    with pytest.raises(ImproperlyConfigured, match="save"):
        type("Odd", (Model,), {"k": fields.NumberField(), "save": fields.RelatedRecord("k")})


def test_the_connection_of_the_record_is_asked(two):
    with emulate(Order) as other:
        Region.objects.create(code="r0")
        Customer.objects.create(code="c0", name="Other")
        Order.objects.create(number=0, customer_code="c0")
        order = Order.objects.get(number=0)
        with override(two), assert_requests(1, using=other):
            assert order.customer.name == "Other"


@pytest.mark.parametrize("method", ["only", "defer", "values", "values_list"])
def test_a_field_of_the_other_record_is_read_through_instances(two, method):
    with (
        assert_requests(0),
        pytest.raises(NotSupportedError, match=r"select_related\('customer'\)"),
    ):
        getattr(Order.objects, method)("customer__name")
