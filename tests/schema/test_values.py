"""People and files as JSON."""

from __future__ import annotations

import marshmallow
import pytest

from kintone_orm import Model, fields
from kintone_orm.fields import Attachment, User
from kintone_orm.schema import ModelSchema


class Order(Model):
    people = fields.UserSelectField()
    papers = fields.FileField()


class OrderSchema(ModelSchema):
    class Meta:
        model = Order
        fields = ("people", "papers")


def test_people_are_loaded_by_code_and_their_names_are_not_believed():
    loaded = OrderSchema().load({"people": [{"code": "kato", "name": "Boss"}]})
    assert [(person, person.name) for person in loaded["people"]] == [(User("kato"), "")]


def test_half_a_person_is_none_even_if_the_rest_is_partial():
    with pytest.raises(marshmallow.ValidationError) as refused:
        OrderSchema().load({"people": [{"name": "Kato"}]}, partial=True)
    assert refused.value.messages == {"people": {0: {"code": ["Missing data for required field."]}}}


def test_the_key_of_a_file_is_not_told():
    order = Order()
    order.papers.append(Attachment("secret", "a.txt", "text/plain", 3))
    assert OrderSchema(only=["papers"]).dump(order) == {
        "papers": [{"name": "a.txt", "content_type": "text/plain", "size": 3}]
    }


def test_a_file_that_is_still_to_be_sent_is_told_by_its_name():
    order = Order(papers=[fields.ContentFile(b"x", name="a.txt")])
    dumped = OrderSchema(only=["papers"]).dump(order)
    assert dumped == {"papers": [{"name": "a.txt", "content_type": "text/plain"}]}
