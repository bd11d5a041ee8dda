"""The values of a new record: defaults of its model, or assigned by the program."""

from __future__ import annotations

import copy
import pickle

import pytest

from kintone_orm import Model, fields
from kintone_orm.models.record.state import unassigned_defaults
from kintone_orm.schema import ModelSchema


class Client(Model):
    code = fields.SingleLineTextField(unique=True)
    state = fields.SingleLineTextField(default="active")
    tags = fields.CheckBoxField(choices=["new", "old"], default=lambda: ["new"])

    class Meta:
        app = "client"


class ClientSchema(ModelSchema):
    class Meta:
        model = Client
        load_instance = True


def test_a_default_is_not_assigned(kintone):
    assert unassigned_defaults(Client(code="1")) == {"state", "tags"}


def test_a_keyword_and_an_attribute_are_assigned_even_if_they_equal_the_default(kintone):
    client = Client(code="1", state="active")
    client.tags = ["new"]

    assert unassigned_defaults(client) == set()


def test_a_list_that_changed_in_place_is_assigned(kintone):
    client = Client(code="1")
    client.tags.append("old")

    assert unassigned_defaults(client) == {"state"}


@pytest.mark.parametrize("instance", [None, Client(code="1")])
def test_what_a_schema_loads_is_assigned(kintone, instance):
    loaded = ClientSchema().load({"code": "1", "state": "active"}, instance=instance)

    assert unassigned_defaults(loaded) == {"tags"}


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))]
)
def test_a_copy_and_a_pickle_know_it_too(kintone, again):
    copied = again(Client(code="1", tags=["new"]))

    assert unassigned_defaults(copied) == {"state"}


def test_a_duplicate_of_a_new_record_knows_it_too(kintone):
    assert unassigned_defaults(Client(tags=[]).duplicate(code="2")) == {"state"}


def test_a_deleted_record_has_no_defaults_any_more(kintone):
    client = Client.objects.create(code="1")
    client.delete()

    assert unassigned_defaults(client) == set()
