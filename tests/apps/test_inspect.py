from __future__ import annotations

from contextlib import ExitStack

import pytest
from support.domain_files import shop
from support.inspected import importing, models_of
from support.ten_apps import DOMAIN
from support.token_connection import connect_by_token

from kintone_orm.api.apps import get_apps
from kintone_orm.apps import inspect
from kintone_orm.apps.description import AppDescription
from kintone_orm.exceptions import ImproperlyConfigured, NotFound
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def kintone():
    with emulate(domain=shop()) as connection:
        yield connection


@pytest.fixture
def load():
    """Import the source of a module, and return the module."""
    with ExitStack() as modules:
        yield lambda source: modules.enter_context(importing(source))


def test_it_takes_four_requests_for_each_app(kintone):
    with assert_requests(8, using=kintone) as sent:
        inspect(12, 1)
    assert {request.method for request in sent} == {"GET"}


def test_an_app_that_was_described_takes_no_request(kintone):
    form = AppDescription(id=None, name="form", fields={})
    with assert_requests(0, using=kintone):
        assert "class Form(Model):" in inspect(form)


def test_records_are_read_and_saved_with_its_models(kintone, load):
    orders = load(inspect("ORD", "customers"))
    first = orders.Ord.objects.get(number="1")
    assert [(line.item, line.qty) for line in first.lines] == [("pen", 2)]
    first.lines[0].qty = 3
    first.save()
    orders.Ord.objects.create(number="3", customer="C-1")
    assert orders.Ord.objects.get(number="3").customer_name == "Blue Bottle"
    assert orders.Ord.objects.get(number="1").lines[0].qty == 3


def test_ten_apps_in_japanese_are_read_with_its_models(load):
    with emulate(domain=DOMAIN) as kintone:
        module = load(inspect(*kintone.apps.values()))
        models = models_of(module)
        counts = {model._meta.app: model.objects.count() for model in models}
        assert counts.keys() == set(kintone.apps.values())
        for model in models:
            assert len(list(model.objects.all())) == counts[model._meta.app]


def test_it_is_the_same_each_time(kintone):
    assert inspect(12, 1) == inspect(12, 1)


def test_keys_are_those_of_the_connection(kintone):
    source = inspect(12, 1, keys=True)
    assert 'app = "orders"' in source
    assert 'app = "customers"' in source


def test_names_of_a_names_toml_are_used(kintone):
    source = inspect(12, names={"apps": {"12": {"class": "Bestellung"}}})
    assert "class Bestellung(Model):" in source


def test_a_name_that_is_no_name_is_refused(kintone):
    with pytest.raises(ImproperlyConfigured, match="class"):
        inspect(12, names={"apps": {"12": {"class": "x = 1; import os"}}})


def test_with_a_token_a_lookup_of_another_app_is_a_comment(kintone, load):
    source = inspect(12, using=connect_by_token(kintone, 12, "view"))
    assert "fields.LookupField" not in source
    assert "app 1" in source
    module = load(source)
    assert [order.number for order in module.Ord.objects.order_by("number")] == ["1", "2"]


def test_the_header_has_no_secret(kintone):
    connection = connect_by_token(kintone, 12, "view")
    header = inspect(12, using=connection).splitlines()[:2]
    assert header[1] == "# kintone_orm.apps.inspect(12)"


def test_an_app_that_does_not_exist_is_named(kintone):
    with pytest.raises(NotFound, match="^App 99: "):
        inspect(12, 99)


def test_without_an_app_it_says_what_it_needs(kintone):
    with pytest.raises(TypeError, match="its id, its key or its app code"):
        inspect()


def test_it_changes_nothing(kintone):
    before = get_apps(kintone)
    inspect(12, 1, enums=True, keys=True)
    assert get_apps(kintone) == before
