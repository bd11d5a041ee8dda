"""The line of a file that declares a field."""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.cli.checking.declarations import find_declaration


class Common(Model):
    created = fields.CreatedTimeField()

    class Meta:
        abstract = True


class Part(Row):
    size = fields.NumberField()


class Line(Part):
    qty: object = fields.NumberField("数量")


class Deal(Common):
    title = fields.SingleLineTextField(
        "件名",
        unique=True,
    )
    lines = fields.SubtableField(Line)
    first = last = fields.DateField()


class Special(Deal):
    class Meta:
        proxy = True


@pytest.mark.parametrize(
    ("model", "field", "text"),
    [
        (Deal, "title", "    title = fields.SingleLineTextField("),
        (Deal, "created", "    created = fields.CreatedTimeField()"),
        (Deal, "last", "    first = last = fields.DateField()"),
        (Deal, "lines", "    lines = fields.SubtableField(Line)"),
        (Deal, "lines.qty", '    qty: object = fields.NumberField("数量")'),
        (Deal, "lines.size", "    size = fields.NumberField()"),
        (Deal, "", "class Deal(Common):"),
        (Deal, "unknown", "class Deal(Common):"),
        (Special, "title", "    title = fields.SingleLineTextField("),
    ],
)
def test_a_field_is_found_where_it_is_declared(request, model, field, text):
    file, number = find_declaration(model, field)
    assert file == str(request.path)
    assert request.path.read_text("utf-8").splitlines()[number - 1] == text


def test_a_class_without_a_file_has_no_line():
    namespace = {"Model": Model, "fields": fields, "__name__": "nowhere"}
    exec("class Gone(Model):\n    name = fields.DateField()\n", namespace)
    assert find_declaration(namespace["Gone"], "name") is None
