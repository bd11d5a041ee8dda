"""The declarations of an app's fields, in their order, with comments above them."""

from __future__ import annotations

from support.app_descriptions import app, lines_of, module, text


def test_the_code_is_written_unless_it_is_the_name() -> None:
    lines = lines_of(app(fields={"会社名": text(), "ﾃｽﾄ": text(), "Name": text()}))
    assert lines[:3] == [
        "会社名 = fields.SingleLineTextField()",
        'テスト = fields.SingleLineTextField("ﾃｽﾄ")',
        'name = fields.SingleLineTextField("Name")',
    ]


def test_a_table_is_a_class_of_rows_before_the_model() -> None:
    columns = {"品名": {"code": "品名", **text()}, "qty": {"code": "qty", "type": "NUMBER"}}
    table = {"type": "SUBTABLE", "fields": columns, "label": "内訳"}
    written = module(app(1, "order", fields={"明細": table})).text
    assert written.index("class 明細Row(Row):") < written.index("class Order(Model):")
    assert (
        '    """A row of 明細."""\n\n'
        "    品名 = fields.SingleLineTextField()\n"
        "    qty = fields.NumberField()\n"
    ) in written
    assert '    明細 = fields.SubtableField(明細Row, verbose_name="内訳")\n' in written


def test_groups_are_flat() -> None:
    lines = lines_of(app(fields={"group": "GROUP", "x": text()}))
    assert lines == ["x = fields.SingleLineTextField()", "app = 1"]


def test_a_code_that_kintone_orm_refuses_is_a_comment_with_the_reason() -> None:
    written = module(app(fields={"１番": text(), "x": text()})).text
    assert "# No field for '１番': '１番' is not a field code" in written
    assert "    x = fields.SingleLineTextField()\n" in written


def test_a_table_without_a_field_that_can_be_declared_is_a_comment() -> None:
    table = {"type": "SUBTABLE", "fields": {"x": {"code": "x", "type": "HOLOGRAM"}}}
    written = module(app(fields={"t": table})).text
    assert "# No field for 't': none of its columns can be declared." in written
    assert "SubtableField" not in written
    assert "(Row)" not in written
