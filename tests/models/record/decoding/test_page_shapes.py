"""A field whose type was changed in the app raises DecodeError and never gives raw JSON."""

from __future__ import annotations

import traceback
from decimal import Decimal

import pytest
from support.faults.forged import forged

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import DecodeError
from kintone_orm.fields import ContentFile
from kintone_orm.testing import assert_requests, emulate

CHOICES = ["a", "b"]
USER = "Administrator"


class Cell(Row):
    inner = fields.CheckBoxField("inner", choices=CHOICES)


class App(Model):
    code = fields.SingleLineTextField(unique=True)
    text = fields.SingleLineTextField()
    nan = fields.SingleLineTextField(default="NaN")
    thousand = fields.SingleLineTextField(default="1_000")
    compact = fields.SingleLineTextField(default="20261130")
    exact = fields.SingleLineTextField(default="10:00:30")
    number = fields.NumberField()
    calc = fields.CalcField(expression="number * 2")
    day = fields.DateField()
    day_after = fields.CalcField(expression="day", format="DATE")
    blank = fields.DropDownField(choices=CHOICES)
    choice = fields.DropDownField(choices=CHOICES)
    radio = fields.RadioButtonField(choices=CHOICES, default="a")
    boxes = fields.CheckBoxField(choices=CHOICES)
    several = fields.MultiSelectField(choices=CHOICES)
    users = fields.UserSelectField()
    files = fields.FileField()
    creator = fields.CreatorField("Created_by")
    rows = fields.SubtableField(Cell)

    class Meta:
        app = "changed"


@pytest.fixture(scope="module")
def loaded():
    with emulate(App) as connection:
        for number in range(3):
            App.objects.create(
                code=f"c{number}",
                text="abc",
                number=5,
                day="2026-11-30",
                choice="a",
                boxes=["a"],
                several=["b"],
                users=[connection.emulator.credentials[0]],
                files=[ContentFile(b"x", "x.txt")],
                rows=[] if number == 1 else [Cell(inner=["a"])],
            )
        return connection.snapshot()


@pytest.fixture
def app(loaded):
    with emulate(like=loaded) as connection:
        yield connection


def declared(**declared_fields):
    """A model of the same app, written before the types were changed."""
    meta = type("Meta", (), {"app": "changed"})
    code = fields.SingleLineTextField(unique=True)
    names = {"code": code, **declared_fields, "Meta": meta, "__module__": __name__}
    return type("Before", (Model,), names)


TEXT, BOX, DROP = fields.SingleLineTextField, fields.CheckBoxField, fields.DropDownField
UNREADABLE = [
    (TEXT, "boxes"),
    (TEXT, "several"),
    (TEXT, "users"),
    (TEXT, "files"),
    (TEXT, "Created_by"),
    (TEXT, "rows"),
    (DROP, "users"),
    (DROP, "boxes"),
    (fields.RadioButtonField, "several"),
    (fields.MultiLineTextField, "boxes"),
    (fields.RichTextField, "boxes"),
    (fields.LinkField, "boxes"),
    (fields.NumberField, "boxes"),
    (fields.NumberField, "text"),
    (fields.IntegerField, "files"),
    (fields.DateField, "boxes"),
    (fields.DateField, "number"),
    (fields.NumberField, "nan"),
    (fields.NumberField, "thousand"),
    (fields.IntegerField, "thousand"),
    (fields.DateField, "compact"),
    (fields.TimeField, "exact"),
    (fields.DateTimeField, "day"),
    (fields.DateTimeField, "day_after"),
    (lambda code: fields.CalcField(code, format="DATETIME"), "day_after"),
    (fields.StatusField, "blank"),
    (fields.RecordNumberField, "blank"),
    (fields.TimeField, "users"),
    (fields.DateTimeField, "several"),
    (fields.CalcField, "boxes"),
    (fields.StatusField, "boxes"),
    (BOX, "text"),
    (BOX, "choice"),
    (BOX, "number"),
    (BOX, "users"),
    (BOX, "files"),
    (BOX, "Created_by"),
    (BOX, "rows"),
    (fields.CategoryField, "text"),
    (fields.UserSelectField, "text"),
    (fields.UserSelectField, "boxes"),
    (fields.UserSelectField, "files"),
    (fields.FileField, "text"),
    (fields.FileField, "boxes"),
    (fields.FileField, "users"),
    (fields.CreatorField, "text"),
    (fields.CreatorField, "users"),
    (lambda code: fields.SubtableField(Cell, code), "text"),
    (lambda code: fields.SubtableField(Cell, code), "boxes"),
    (lambda code: fields.SubtableField(Cell, code), "users"),
]
IDS = [f"{getattr(kind, '__name__', 'table')} over {code}" for kind, code in UNREADABLE]
READS = {
    "list": lambda model: next(iter(model.objects.all())).x,
    "get": lambda model: model.objects.get(code="c0").x,
    "only": lambda model: model.objects.only("x")[0].x,
    "in_bulk": lambda model: model.objects.in_bulk(["c0"], field_name="code")["c0"].x,
    "iterator": lambda model: next(model.objects.iterator()).x,
    "cursor": lambda model: next(model.objects.order_by("code").iterator(1)).x,
    "deferred": lambda model: model.objects.defer("x")[0].x,
    "refresh": lambda model: _refreshed(model.objects.defer("x")[0]).x,
    "values": lambda model: list(model.objects.values("x")),
    "values_list": lambda model: list(model.objects.values_list("code", "x")),
    "flat": lambda model: list(model.objects.values_list("x", flat=True)),
}


def _refreshed(record):
    record.refresh_from_db()
    return record


@pytest.mark.parametrize(("kind", "code"), UNREADABLE, ids=IDS)
def test_a_value_of_another_shape_is_a_decode_error_in_every_way_of_reading(app, kind, code):
    before = declared(x=kind(code))
    for read in READS.values():
        with pytest.raises(DecodeError, match=rf"Before id=1 rev=1.*Before.x .*{code}|Before.x"):
            read(before)
    assert before.objects.get(code="c0").code == "c0"


@pytest.mark.parametrize("read", ["values", "flat"])
def test_the_decode_error_of_values_names_the_record_and_is_told_alone(app, read):
    with pytest.raises(DecodeError, match="id=1 rev=1") as refused:
        READS[read](declared(x=TEXT("boxes")))
    shown = traceback.format_exception(refused.value)
    assert sum("Traceback" in line for line in shown) == 1


@pytest.mark.parametrize(
    ("kind", "code", "value"),
    [
        (fields.NumberField, "calc", Decimal(10)),
        (TEXT, "number", "5"),
        (TEXT, "calc", "10"),
        (TEXT, "day", "2026-11-30"),
        (TEXT, "choice", "a"),
        (fields.MultiLineTextField, "text", "abc"),
        (DROP, "text", "abc"),
        (fields.MultiSelectField, "boxes", ["a"]),
        (fields.ModifierField, "Created_by", None),
    ],
)
def test_a_value_of_the_same_shape_reads_as_before(app, kind, code, value):
    found = declared(x=kind(code)).objects.first().x
    assert found == value or (value is None and found.code)


def test_the_column_of_a_table_is_looked_at_in_the_first_row_that_there_is(app):
    class Before(Row):
        inner = fields.SingleLineTextField()

    model = declared(rows=fields.SubtableField(Before, "rows"))
    second, third = model.objects.exclude(code="c0")
    assert second.rows == []
    with pytest.raises(DecodeError, match=r"<Before id=3 rev=1.*Before.rows.inner .*CHECK_BOX"):
        third.rows[0].inner  # noqa: B018
    second, third = model.objects.exclude(code="c0").values_list("rows", flat=True)
    assert second == []
    with pytest.raises(DecodeError, match=r"Before.inner .*CHECK_BOX|Before.rows.inner"):
        third[0].inner  # noqa: B018


def test_related_records_that_are_prefetched_are_looked_at(app):
    before = declared(x=TEXT("boxes"), one=fields.RelatedRecord("code", to="Before", key="code"))
    (record,) = before.objects.filter(code="c1").select_related("one")
    with assert_requests(0), pytest.raises(DecodeError, match="Before id=2"):
        record.one.x  # noqa: B018


@pytest.mark.parametrize("order", ["pk", "code"])
def test_a_type_that_changes_between_two_pages_is_seen(app, order):
    def forge(answer):
        for record in answer["records"]:
            record["text"] = {"type": "CHECK_BOX", "value": ["a"]}
        return answer

    model = declared(x=TEXT("text"))
    with forged(app, forge, method="GET", after=2):
        found = list(model.objects.order_by(order).iterator(1))
    readable = {"pk": 2, "code": 1}[order]  # the first page is read twice where a cursor goes on
    assert [item.x for item in found[:readable]] == ["abc"] * readable
    for each in found[readable:]:
        with pytest.raises(DecodeError):
            each.x  # noqa: B018


def test_records_without_types_are_read_by_their_values():
    record = {"$id": {"value": "1"}, "$revision": {"value": "1"}, "text": {"value": ["a"]}}
    with emulate(App), pytest.raises(DecodeError):
        App.from_record(record).text  # noqa: B018
