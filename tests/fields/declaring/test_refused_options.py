from __future__ import annotations

import pytest

from kintone_orm import fields
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.declaring.refused_options import OPTIONS


@pytest.mark.parametrize("option", ["max_length", "null", "on_delete", "primary_key"])
def test_an_option_of_django_s_is_refused_with_what_to_write(option):
    with pytest.raises(ImproperlyConfigured) as refused:
        fields.NumberField(**{option: True})
    assert str(refused.value) == OPTIONS[option].sentence(f"NumberField({option}=)")


def test_a_relation_refuses_them_as_well():
    with pytest.raises(ImproperlyConfigured, match=r"RelatedRecord\(related_name=\)"):
        fields.RelatedRecord("customer_code", related_name="orders")


@pytest.mark.parametrize(
    "cls", [fields.MultiLineTextField, fields.RichTextField, fields.DropDownField]
)
def test_only_single_line_texts_and_links_have_a_length(cls):
    fields.SingleLineTextField(max_length=5)
    fields.LinkField(max_length=5)
    with pytest.raises(ImproperlyConfigured) as refused:
        cls(max_length=5)
    assert str(refused.value) == (
        f"{cls.__name__}(max_length=) is not supported: kintone limits the length of single line "
        "texts and links only. Write validators=[Length(max=64)], of marshmallow, to check before "
        "a save."
    )


def test_an_option_that_nobody_has_is_python_s_own_error():
    with pytest.raises(TypeError, match="max_lenght"):
        fields.NumberField(max_lenght=5)


def test_a_class_of_one_s_own_may_take_an_option_of_that_name():
    class Text(fields.SingleLineTextField):
        def __init__(self, code=None, *, max_length, **options):
            super().__init__(code, **options)
            self.max_length = max_length

    assert Text(max_length=5).max_length == 5
    with pytest.raises(ImproperlyConfigured, match=r"Text\(null=\)"):
        Text(max_length=5, null=True)
