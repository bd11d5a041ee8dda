from __future__ import annotations

import pytest
from support.models.one_of_each import Thing, Twelve

from kintone_orm.exceptions import FieldError
from kintone_orm.fields import User

ALICE = User("alice", "Alice")
ID = Thing._meta.get_field("id")


def test_the_id_and_the_pk_are_one_field():
    assert ID is Thing._meta.get_field("pk")
    assert (ID.code, str(ID)) == ("$id", "Thing.id")


@pytest.mark.parametrize(("given", "literal"), [(12, '"12"'), ("12", '"12"'), (-1, '"-1"')])
def test_the_id_in_a_filter(given, literal):
    assert ID.operand("exact", given, None) == literal


@pytest.mark.parametrize("given", ["APP-12", "", "1.0", 1.0, True, None, [1]])
def test_what_is_no_id_is_refused(given):
    with pytest.raises(FieldError, match=r"Thing\.id takes a record's id, a whole number, not "):
        ID.operand("exact", given, None)


def test_a_whole_number_of_another_class_is_an_id():
    assert ID.operand("exact", Twelve(), None) == '"12"'


def test_the_id_is_read_as_a_number():
    assert ID.to_python("12") == 12


@pytest.mark.parametrize("wire", ["12", "APP-12"])
def test_the_record_number_is_text(wire):
    assert Thing.number.to_python(wire) == wire


def test_what_is_no_record_number_cannot_be_read():
    with pytest.raises(TypeError, match="None is not a text"):
        Thing.number.to_python(None)


@pytest.mark.parametrize("name", ["creator", "modifier"])
def test_the_forms_of_who(name):
    field = Thing._meta.get_field(name)
    read = field.to_python({"code": "alice", "name": "Alice"})
    assert (read.code, read.name) == ("alice", "Alice")
    assert field.to_literal(read) == '"alice"'


@pytest.mark.parametrize("name", ["creator", "modifier"])
@pytest.mark.parametrize("given", ["alice", User("alice"), ALICE])
def test_who_in_a_filter(name, given):
    assert Thing._meta.get_field(name).operand("exact", given, None) == '"alice"'


@pytest.mark.parametrize("given", ["", 5, ["alice"], {"code": "alice"}])
def test_what_is_no_user_is_refused(given):
    with pytest.raises(FieldError, match=r"Thing\.creator takes a User or a login name, not "):
        Thing.creator.operand("exact", given, None)


def test_a_login_name_with_a_quote_stays_one_operand():
    assert Thing.creator.operand("exact", 'a"b', None) == r'"a\"b"'
