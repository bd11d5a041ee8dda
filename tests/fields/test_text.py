from __future__ import annotations

import pytest
from support.models.one_of_each import Thing

from kintone_orm.exceptions import FieldError

TEXTS = ["title", "site", "memo", "body"]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    ("wire", "value", "written", "literal"),
    [
        ("abc", "abc", "abc", '"abc"'),
        (" a ", " a ", " a ", '" a "'),
        ("a\nb", "a\nb", "a\nb", r'"a\nb"'),
        ("0", "0", "0", '"0"'),
        ("", "", "", '""'),
        (None, "", "", '""'),
    ],
)
def test_the_forms_of_a_text(name, wire, value, written, literal):
    field = Thing._meta.get_field(name)
    assert field.to_python(wire) == value
    assert field.to_api(value) == written
    assert field.to_literal(value) == literal


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("wire", [5, ["a"], {"code": "a"}])
def test_what_is_no_text_cannot_be_read(name, wire):
    with pytest.raises(TypeError, match="not a text"):
        Thing._meta.get_field(name).to_python(wire)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(("given", "value"), [("a", "a"), ("", ""), (None, ""), (" ", " ")])
def test_assigning(name, given, value):
    assert getattr(Thing(**{name: given}), name) == value


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    ("given", "shown"),
    [(5, "int 5"), (b"a", "bytes b'a'"), (["a"], "list ['a']"), (True, "bool True")],
)
def test_assigning_what_is_no_text_is_refused(name, given, shown):
    with pytest.raises(FieldError) as refused:
        Thing(**{name: given})
    assert str(refused.value) == f"Thing.{name} takes text, not {shown}."
