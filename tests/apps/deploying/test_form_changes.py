"""A model's fields are compared with the form of an app that exists."""

from __future__ import annotations

import pytest
from support.models.geography import Country

from kintone_orm import Model, Row, fields
from kintone_orm.api.form import get_form_fields
from kintone_orm.apps import deploy
from kintone_orm.exceptions import DeployError, ImproperlyConfigured
from kintone_orm.testing import capture_requests, emulate


@pytest.fixture
def empty():
    """A domain without an app."""
    with emulate() as connection:
        yield connection


class Small(Model):
    title = fields.SingleLineTextField("件名", verbose_name="Title", required=True, unique=True)
    kind = fields.RadioButtonField(choices=["b", "a"])

    class Meta:
        verbose_name = "Small things"


def form_of(connection, model):
    app = model._meta.app_id(connection)
    return get_form_fields(connection, app=app)["properties"]


class Note(Model):
    title = fields.SingleLineTextField("件名")
    note = fields.MultiLineTextField()

    class Meta:
        app = "small"


def test_two_models_of_one_app_must_agree(empty):
    class Other(Model):
        title = fields.NumberField("件名")

        class Meta:
            app = "small"

    with pytest.raises(DeployError, match="another model of the app declares '件名' as a SINGLE"):
        deploy(Small, Other)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            fields.DropDownField("区分", choices=["a"]),
            fields.DropDownField("区分", choices=["a", "b"]),
            "has the choices 'b', but .* lacks them, as another model of the app declares it",
        ),
        (
            fields.SingleLineTextField("区分"),
            fields.SingleLineTextField("区分", unique=True),
            "is unique, but .* allows duplicates, as another model",
        ),
        (
            fields.SingleLineTextField("区分"),
            fields.LookupField(Country, "区分", key="code"),
            "is a lookup, but .* is not, as another model",
        ),
        (
            fields.SingleLineTextField("区分"),
            fields.SubtableField(type("Line", (Row,), {"a": fields.NumberField("a")}), "区分"),
            "is a SUBTABLE, but another model of the app declares '区分' as a SINGLE",
        ),
    ],
)
def test_a_new_field_cannot_be_what_both_models_declare(empty, first, second, message):
    meta = type("Meta", (), {"app": "small"})
    one, two = (
        type(Model)(name, (Model,), {"kind": field, "Meta": meta})
        for name, field in (("One", first), ("Two", second))
    )
    with capture_requests(empty) as sent, pytest.raises(DeployError, match=message):
        deploy(Country, one, two)
    assert {request.method for request in sent} <= {"GET"}


def test_the_second_model_of_a_new_field_may_leave_settings_open(empty):
    class One(Model):
        kind = fields.DropDownField("区分", choices=["a", "b"])

        class Meta:
            app = "small"

    class Two(Model):
        kind = fields.DropDownField("区分")

        class Meta:
            app = "small"

    deploy(One, Two)
    assert set(form_of(empty, One)["区分"]["options"]) == {"a", "b"}


def test_a_field_that_allows_duplicates_is_not_made_unique(empty):
    deploy(Note)

    class Strict(Model):
        title = fields.SingleLineTextField("件名", unique=True)

        class Meta:
            app = "small"

    with pytest.raises(DeployError, match="is unique, but the app's field '件名' allows dupl"):
        deploy(Strict)


class Rich(Model):
    price = fields.NumberField()
    kind = fields.RadioButtonField(choices=["a", "b"])
    total = fields.CalcField(expression="price * 2")
    label = fields.SingleLineTextField(expression='"No. " & price')
    plain = fields.SingleLineTextField()
    site = fields.LinkField(protocol="WEB")


@pytest.mark.parametrize(
    ("name", "field", "message"),
    [
        ("kind", fields.RadioButtonField(choices=["a", "c"]), "has the choices 'c', but .* lacks"),
        ("total", fields.CalcField(expression="price * 3"), r"the formula 'price \* 3', but"),
        ("total", fields.CalcField(format="DATE"), "format DATE, but the app's field has NUMBER"),
        ("label", fields.SingleLineTextField(), "has no formula, but .* has the formula '\"No"),
        ("plain", fields.SingleLineTextField(expression="price"), "formula 'price', but .* none"),
        ("site", fields.LinkField(protocol="MAIL"), "the protocol MAIL, but .* has WEB"),
    ],
)
def test_what_the_app_has_otherwise_is_a_contradiction(empty, name, field, message):
    deploy(Rich)
    other = type(Model)("Other", (Model,), {name: field, "Meta": type("Meta", (), {"app": "rich"})})
    with pytest.raises(DeployError, match=f"Other.{name} .*{message}.*deploy.. never changes"):
        deploy(other)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("kind", fields.RadioButtonField()),
        ("kind", fields.RadioButtonField(choices=["b"])),
        ("total", fields.CalcField()),
        ("total", fields.CalcField(format="NUMBER_DIGIT", expression="price*2")),
    ],
)
def test_what_a_model_leaves_open_is_none(empty, name, field):
    deploy(Rich)
    other = type(Model)("Other", (Model,), {name: field, "Meta": type("Meta", (), {"app": "rich"})})
    assert deploy(other) == {"rich": empty.apps["rich"]}


def test_a_field_without_choices_cannot_be_made(empty):
    class Vague(Model):
        tags = fields.CheckBoxField()

    with pytest.raises(ImproperlyConfigured, match=r'Vague.tags .* CheckBoxField\(choices=\["A"'):
        deploy(Vague)


def test_a_field_added_later_is_added_to_the_app(empty):
    deploy(Small)
    Small.objects.create(title="x")

    class Bigger(Model):
        title = fields.SingleLineTextField("件名")
        note = fields.MultiLineTextField()

        class Meta:
            app = "small"

    deploy(Bigger)
    bigger = Bigger.objects.get()
    bigger.note = "new"
    bigger.save()

    assert (Bigger.objects.get().title, Bigger.objects.get().note) == ("x", "new")


def test_a_field_that_the_model_does_not_declare_stays(empty):
    deploy(Small)

    class Smaller(Model):
        title = fields.SingleLineTextField("件名")

        class Meta:
            app = "small"

    deploy(Smaller)

    assert "kind" in form_of(empty, Small)


def test_a_type_is_never_changed(empty):
    deploy(Small)

    class Other(Model):
        title = fields.NumberField("件名")

        class Meta:
            app = "small"

    with pytest.raises(DeployError, match="Other.title is a NUMBER, but the app's field '件名' is"):
        deploy(Other)


def test_a_plain_field_is_not_turned_into_a_lookup(empty):
    deploy(Small, Country)

    class Other(Model):
        title = fields.LookupField(Country, "件名", key="code")

        class Meta:
            app = "small"

    with pytest.raises(DeployError, match="is a lookup, but the app's field '件名' is not"):
        deploy(Other)


def test_a_built_in_field_of_an_app_in_use_keeps_its_code(empty):
    deploy(Small)

    class Dated(Model):
        when = fields.CreatedTimeField("when")

        class Meta:
            app = "small"

    with pytest.raises(DeployError, match=r"Declare when = CreatedTimeField\('Created_datetime'\)"):
        deploy(Dated)
