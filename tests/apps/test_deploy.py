"""deploy() makes apps and adds fields. It deletes and changes nothing."""

from __future__ import annotations

import pytest
from support.models.geography import City, Country

from kintone_orm import Model, fields
from kintone_orm.api.apps import get_app, update_app_settings
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

    with pytest.raises(DeployError, match="has changes of 'kind' that are not live"):
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

    with pytest.raises(FieldError, match="its code 'order' is a keyword of"):
        deploy(Wrong)

    class Right(Model):
        created = fields.CreatedTimeField()

        class Meta:
            app = "tried"

    deploy(Right)
    assert form_of(empty, Right)["created"]["type"] == "CREATED_TIME"


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


def test_a_new_app_gets_the_declared_labels_of_built_in_fields(empty):
    class Labelled(Model):
        number = fields.RecordNumberField("Record_number", verbose_name="No.")
        made = fields.CreatorField(verbose_name="Made by")
        created = fields.CreatedTimeField()

    deploy(Labelled)
    form = form_of(empty, Labelled)
    labels = {code: form[code]["label"] for code in ("Record_number", "made", "created")}
    assert labels == {
        "Record_number": "No.",
        "made": "Made by",
        "created": "Created datetime",
    }


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
    with pytest.raises(DeployError, match="needs the app of Country.*Pass Country to the same"):
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


def test_an_app_given_by_its_id_is_completed(empty):
    deploy(Small)

    class ById(Model):
        note = fields.MultiLineTextField()

        class Meta:
            app = empty.apps["small"]

    deploy(ById)

    assert "note" in form_of(empty, Small)


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
        with pytest.raises(ImproperlyConfigured, match="Deploy them in several calls"):
            deploy(Here, There)
    finally:
        del connections["here"], connections["there"]
