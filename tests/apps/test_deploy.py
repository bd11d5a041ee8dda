"""deploy(): apps made and completed, and nothing ever deleted or changed."""

from __future__ import annotations

import pytest
from support.geography import City, Country

from kintone_orm import Model, fields
from kintone_orm.api.apps import get_app, get_app_settings, update_app_settings
from kintone_orm.api.form import add_form_fields, delete_form_fields, get_form_fields
from kintone_orm.apps import deploy
from kintone_orm.connection import connect, connections
from kintone_orm.exceptions import DeployError, FieldError, ImproperlyConfigured
from kintone_orm.testing import assert_requests, capture_requests, emulate


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


def test_it_returns_the_ids_of_the_apps(empty):
    ids = deploy(Small, Country)

    assert ids == {"small": empty.apps["small"], "countries": empty.apps["countries"]}


def test_the_ids_are_what_connect_takes(empty):
    username, password = "x", "y"
    again = connect(
        "https://x.cybozu.com",
        username=username,
        password=password,
        alias="again",
        apps=deploy(Small),
    )
    try:
        assert again.apps == {"small": empty.apps["small"]}
    finally:
        del connections["again"]


def test_an_app_of_the_same_name_is_not_made_again(empty):
    deploy(Small)
    app = empty.apps.pop("small")

    with pytest.raises(DeployError, match=rf"connect\(..., apps={{'small': {app}}}\)"):
        deploy(Small)


class Note(Model):
    title = fields.SingleLineTextField("件名")
    note = fields.MultiLineTextField()

    class Meta:
        app = "small"


def test_what_somebody_else_prepared_is_not_put_into_service(empty):
    deploy(Small)
    delete_form_fields(empty, app=empty.apps["small"], fields=["kind"])

    with pytest.raises(DeployError, match="has changes of 'kind' that are not in service yet"):
        deploy(Note)
    assert "kind" in form_of(empty, Small)


def test_settings_that_somebody_else_prepared_are_not_put_into_service(empty):
    deploy(Small)
    update_app_settings(empty, app=empty.apps["small"], settings={"name": "Draft"})

    with pytest.raises(DeployError, match="has changes of its settings"):
        deploy(Note)


def test_an_interrupted_deploy_is_completed(empty):
    deploy(Small)
    add_form_fields(empty, app=empty.apps["small"], properties={"note": Note.note.definition()})
    deploy(Note)

    assert "note" in form_of(empty, Small)


def test_a_deploy_that_failed_can_be_tried_again(empty):
    class Wrong(Model):
        order = fields.NumberField()
        created = fields.CreatedTimeField()

        class Meta:
            app = "tried"

    with pytest.raises(FieldError, match="its code 'order' is a word of"):
        deploy(Wrong)

    class Right(Model):
        created = fields.CreatedTimeField()

        class Meta:
            app = "tried"

    deploy(Right)
    assert form_of(empty, Right)["created"]["type"] == "CREATED_TIME"


def test_two_models_of_one_app_must_agree(empty):
    class Other(Model):
        title = fields.NumberField("件名")

        class Meta:
            app = "small"

    with pytest.raises(DeployError, match="another model of the app declares '件名' as a SINGLE"):
        deploy(Small, Other)


def test_a_field_that_allows_duplicates_is_not_made_unique(empty):
    deploy(Note)

    class Strict(Model):
        title = fields.SingleLineTextField("件名", unique=True)

        class Meta:
            app = "small"

    with pytest.raises(DeployError, match="is unique, but the app's field '件名' allows dupl"):
        deploy(Strict)


def test_the_app_is_named_by_the_model(empty):
    deploy(Small)

    assert get_app(empty, id=empty.apps["small"])["name"] == "Small things"


def test_a_field_is_made_as_it_is_declared(empty):
    deploy(Small)

    made = form_of(empty, Small)["件名"]
    assert {name: made[name] for name in ("type", "label", "required", "unique")} == {
        "type": "SINGLE_LINE_TEXT",
        "label": "Title",
        "required": True,
        "unique": True,
    }


def test_options_keep_their_order(empty):
    deploy(Small)

    options = form_of(empty, Small)["kind"]["options"]
    assert sorted(options, key=lambda name: int(options[name]["index"])) == ["b", "a"]


def test_a_new_app_gets_the_declared_codes_of_built_in_fields(empty):
    deploy(City, Country)

    assert form_of(empty, City)["created"]["type"] == "CREATED_TIME"


def test_a_lookup_points_to_the_other_app(empty):
    deploy(City, Country)

    lookup = form_of(empty, City)["country"]["lookup"]
    assert lookup["relatedApp"]["app"] == str(empty.apps["countries"])
    assert lookup["relatedKeyField"] == "code"
    assert lookup["fieldMappings"] == [{"field": "country_name", "relatedField": "国名"}]


def test_the_order_of_the_models_does_not_matter(empty):
    deploy(Country, City)
    Country.objects.create(code="JP", name="日本")

    assert City.objects.create(name="Kobe", country="JP").country_name == "日本"


def test_models_may_look_each_other_up(empty):
    class Hen(Model):
        name = fields.SingleLineTextField(unique=True)
        egg = fields.LookupField("Egg", key="name")

    class Egg(Model):
        name = fields.SingleLineTextField(unique=True)
        hen = fields.LookupField("Hen", key="name")

    deploy(Hen, Egg)
    Hen.objects.create(name="Henrietta")

    assert Egg.objects.create(name="first", hen="Henrietta").hen == "Henrietta"


class Region(Model):
    code = fields.SingleLineTextField(unique=True)


class Shop(Model):
    code = fields.SingleLineTextField(unique=True)
    region = fields.LookupField(Region, key="code")


class Visit(Model):
    shop = fields.LookupField(Shop, key="code", copies={"region": "region"})
    region = fields.SingleLineTextField()
    visits = fields.ReferenceTableField("Visit", key="shop", related="shop", display=["region"])


@pytest.mark.parametrize("models", [(Visit, Shop, Region), (Region, Shop, Visit)])
def test_a_field_comes_in_a_later_request_than_those_it_names(empty, models):
    with capture_requests(empty) as sent:
        deploy(*models)

    added = [code for r in sent for code in r.params.get("properties", ()) if r.method == "POST"]
    deploys = [r for r in sent if r.path.endswith("deploy.json") and r.method == "POST"]
    assert added.index("region") < added.index("shop") < added.index("visits")
    assert len(deploys) == 4
    assert form_of(empty, Visit)["shop"]["lookup"]["fieldMappings"] == [
        {"field": "region", "relatedField": "region"}
    ]


def test_a_lookup_of_a_model_without_an_app_is_refused(empty):
    with pytest.raises(DeployError, match="needs the app of Country.*give Country to the same"):
        deploy(City)


def test_deploying_again_changes_nothing(empty):
    deploy(City, Country)
    with capture_requests(empty) as requests:
        deploy(City, Country)

    assert {request.method for request in requests} == {"GET"}


def test_deploying_again_takes_two_requests_for_each_app(empty):
    deploy(Small)
    with assert_requests(2):
        deploy(Small)
    with assert_requests(1):  # the form is known
        Small.objects.create(title="a", kind="b")


def test_a_proxy_is_deployed_as_its_model(empty):
    class Tiny(Small):
        class Meta:
            proxy = True
            verbose_name = "Tiny things"

    assert deploy(Tiny) == {"small": empty.apps["small"]}
    assert get_app(empty, id=empty.apps["small"])["name"] == "Small things"


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

    with pytest.raises(DeployError, match="is a lookup, but the app's field '件名' is none"):
        deploy(Other)


def test_a_built_in_field_of_an_app_in_use_keeps_its_code(empty):
    deploy(Small)

    class Dated(Model):
        when = fields.CreatedTimeField("when")

        class Meta:
            app = "small"

    with pytest.raises(DeployError, match=r"declare when = CreatedTimeField\('Created_datetime'\)"):
        deploy(Dated)


def test_an_app_given_by_its_id_is_completed(empty):
    deploy(Small)

    class ById(Model):
        note = fields.MultiLineTextField()

        class Meta:
            app = empty.apps["small"]

    deploy(ById)

    assert "note" in form_of(empty, Small)


def test_the_apps_precision_is_set(empty):
    class Exact(Model):
        class Meta:
            number_precision = {"digits": 12, "decimal_places": 5, "rounding_mode": "DOWN"}

    deploy(Exact)

    settings = get_app_settings(empty, app=empty.apps["exact"])
    assert settings["numberPrecision"] == {
        "digits": "12",
        "decimalPlaces": "5",
        "roundingMode": "DOWN",
    }


def test_two_precisions_for_one_app_are_refused(empty):
    class One(Model):
        class Meta:
            app = "shared"
            number_precision = {"decimal_places": 5}

    class Two(Model):
        class Meta:
            app = "shared"
            number_precision = {"decimal_places": 6}

    with pytest.raises(ImproperlyConfigured, match="an app has only one"):
        deploy(One, Two)


def test_models_of_two_connections_are_refused():
    class Here(Model):
        class Meta:
            using = "here"

    class There(Model):
        class Meta:
            using = "there"

    for alias in ("here", "there"):
        connect(f"https://{alias}.cybozu.com", alias=alias, api_token="none")
    try:
        with pytest.raises(ImproperlyConfigured, match="deploy them in several calls"):
            deploy(Here, There)
    finally:
        del connections["here"], connections["there"]
