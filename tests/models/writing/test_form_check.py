"""Values that kintone would ignore silently are refused before they are sent."""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, connect, connections, fields
from kintone_orm.connection import KnownField
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import FieldDoesNotExist, FieldError, PermissionDenied, ServerBusy
from kintone_orm.http.messages import Response
from kintone_orm.testing import assert_requests, capture_requests, emulate


class Source(Model):
    key = fields.SingleLineTextField(unique=True)
    title = fields.SingleLineTextField()

    class Meta:
        app = "source"


class Line(Row):
    qty = fields.NumberField()
    double = fields.CalcField(expression="qty * 2")
    key = fields.LookupField(Source, "row_key", key="key", copies={"title": "title"})
    title = fields.SingleLineTextField("row_title")


class App(Model):
    price = fields.NumberField()
    total = fields.CalcField(expression="price * 2")
    greeting = fields.SingleLineTextField(expression='"a" & price')
    key = fields.LookupField(Source, key="key", copies={"title": "title"})
    title = fields.SingleLineTextField()
    lines = fields.SubtableField(Line)
    others = fields.SubtableField(type("Other", (Row,), {"size": fields.NumberField()}))

    class Meta:
        app = "shared"


@pytest.fixture
def app():
    with emulate(Source, App) as connection:
        yield connection


def other(**declared):
    """Another model of the same app, declared carelessly."""
    meta = type("Meta", (), {"app": "shared"})
    return type("Mine", (Model,), {**declared, "Meta": meta, "__module__": __name__})


def row(**declared):
    return type("Mine", (Row,), declared)


def table(code="lines", **declared):
    return fields.SubtableField(row(**declared), code)


IGNORED = [
    (fields.NumberField("total"), 5, r"Mine.x: in app .*, the field 'total' is calculated"),
    (fields.SingleLineTextField("greeting"), "x", "is calculated; kintone would ignore its value"),
    (fields.SingleLineTextField("title"), "x", "is copied by the lookup 'key'"),
    (fields.NumberField("qty"), 7, "is in the subtable 'lines'"),
    (fields.DateField("price"), "2026-01-01", "is a NUMBER, not a DATE"),
    (table(x=fields.NumberField("double")), [{"x": 1}], "Mine.x.x: .* is calculated"),
    (table(x=fields.SingleLineTextField("row_title")), [{"x": "a"}], "by the lookup 'row_key'"),
    (table(x=fields.NumberField("size")), [{"x": 1}], "is in the subtable 'others'"),
    (table(x=fields.NumberField("price")), [{"x": 1}], "is not in a subtable"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "message"), IGNORED)
def test_a_value_that_kintone_would_ignore_is_refused(app, field, value, message):
    mine = other(x=field)
    with capture_requests(app) as requests, pytest.raises(FieldError, match=message):
        mine(x=value).save()
    assert "POST" not in {request.method for request in requests}


@pytest.mark.parametrize(
    "write",
    [
        lambda model: model.objects.bulk_create([model(total=5)]),
        lambda model: model.objects.update(total=5),
        lambda model: model.objects.bulk_update([model.from_record(SENT)], ["total"]),
    ],
)
def test_writes_of_many_records_are_refused_as_well(app, write):
    App.objects.create()
    with pytest.raises(FieldError, match="Mine.total: .* is calculated"):
        write(other(total=fields.NumberField()))


SENT = {"$id": {"value": "1"}, "$revision": {"value": "1"}, "total": {"value": "5"}}


def test_a_lookups_own_field_may_be_written_as_plain_text(app):
    Source.objects.create(key="k", title="t")
    other(key=fields.SingleLineTextField())(key="k").save()
    assert App.objects.get().title == "t"


def test_what_kintone_makes_itself_may_stand_in_the_rows_that_are_written(app):
    App(lines=[Line(qty=2)]).save()
    assert App.objects.get().lines[0].double == 4


@pytest.mark.parametrize(
    "write",
    [
        lambda model, rows: model(lines=rows).save(),
        lambda model, rows: model.objects.bulk_create([model(lines=rows)]),
    ],
)
def test_a_column_that_kintone_makes_may_be_declared_as_another_as_long_as_it_is_not_sent(
    app, write
):
    declared = {"qty": fields.NumberField(), "double": fields.NumberField()}
    mine = other(lines=table(**declared))
    write(mine, [{"qty": 2}])
    assert mine.objects.get().lines[0].double == 4
    with pytest.raises(FieldError, match="is calculated"):
        write(mine, [{"qty": 2, "double": 5}])


def test_rows_are_written_into_many_records_with_columns_that_kintone_takes(app):
    App.objects.create()
    mine = other(lines=table(double=fields.NumberField()))
    with pytest.raises(FieldError, match="is calculated"):
        mine.objects.update(lines=[{"double": 5}])


def test_a_form_that_was_changed_meanwhile_is_looked_at_again(app):
    mine = other(price=fields.NumberField())
    app.forms[app.apps["shared"]] = {"price": KnownField("CALC", None, "is calculated")}
    with assert_requests(2):
        mine(price=5).save()


def test_a_field_that_is_not_in_the_form_may_be_hidden(app):
    mine = other(secret=fields.NumberField())
    with pytest.raises(FieldDoesNotExist, match="or you may not view it.* the right to view"):
        mine(secret=5).save()


def test_a_form_that_may_not_be_seen_is_asked_for_once_and_kintone_decides(app):
    App.objects.create(price=1)
    shared = app.apps["shared"]
    token = app.emulator.add_api_token(shared, permissions=["edit"])
    editor = connect(
        app.base_url, api_token=token, apps=app.apps, alias="editor", adapter=app._adapter
    )
    with capture_requests(editor) as requests:
        for revision in (1, 2):
            sent = {"$id": {"value": "1"}, "$revision": {"value": str(revision)}}
            record = App.from_record(sent, using=editor)
            record.price = revision + 1
            record.save()
    del connections["editor"]
    assert [request.method for request in requests] == ["GET", "PUT", "PUT"]
    assert App.objects.get().price == 3


def test_the_page_of_a_gate_says_nothing_about_the_form(app):
    mine = other(x=fields.NumberField("total"))
    app.forms.clear()
    forbidden = Response(403, {}, b"<html>Forbidden</html>")
    with (
        app.wrap(lambda _send, _request: forbidden),
        pytest.raises(PermissionDenied, match="The proxy in front"),
    ):
        mine(x=5).save()

    with assert_requests(1), pytest.raises(FieldError, match="is calculated"):
        mine(x=5).save()


def test_what_kintone_answers_otherwise_is_raised_and_asked_again(app):
    mine = other(x=fields.NumberField("total"))
    app.forms.clear()
    app.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, endpoint="app/form/fields")
    with pytest.raises(ServerBusy):
        mine(x=5).save()

    with assert_requests(1), pytest.raises(FieldError, match="is calculated"):
        mine(x=5).save()
