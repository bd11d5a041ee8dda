"""The lookups of a model are compared with those of its app."""

from __future__ import annotations

import pytest
from support.changed_forms import hiding_links

from kintone_orm import Model, Row, fields
from kintone_orm.api.form import get_form_fields, update_form_fields
from kintone_orm.apps import deploy
from kintone_orm.apps.deploying.preview import deploy_previews
from kintone_orm.apps.deploying.settings_writes import SettingsWrites
from kintone_orm.exceptions import DeployError
from kintone_orm.testing import assert_requests, capture_requests, emulate


class Country(Model):
    code = fields.SingleLineTextField("国コード", unique=True)
    number = fields.SingleLineTextField("番号", unique=True)
    name = fields.SingleLineTextField("国名")
    kana = fields.SingleLineTextField("カナ")

    class Meta:
        app = "countries"


class Region(Model):
    code = fields.SingleLineTextField("国コード", unique=True)
    name = fields.SingleLineTextField("国名")

    class Meta:
        app = "regions"


class Stop(Row):
    country = fields.LookupField(Country, "国", key="code", copies={"country_name": "name"})
    country_name = fields.SingleLineTextField("国の名")


class City(Model):
    home = fields.LookupField(Country, "本国", key="code", copies={"home_name": "name"})
    home_name = fields.SingleLineTextField("本国名")
    stops = fields.SubtableField(Stop, "経由")

    class Meta:
        app = "cities"


@pytest.fixture
def kintone():
    with emulate(Country, Region, City) as connection:
        yield connection


def city(**declared):
    meta = type("Meta", (), {"app": "cities"})
    return type(Model)("Other", (Model,), {**declared, "Meta": meta})


def text(code):
    return fields.SingleLineTextField(code)


@pytest.mark.parametrize(
    ("lookup", "message"),
    [
        (
            fields.LookupField(Region, "本国", key="code", copies={"home_name": "name"}),
            r"looks up records of Region \(app \d\), but .*'本国' looks up records of app \d",
        ),
        (
            fields.LookupField(Country, "本国", key="number", copies={"home_name": "name"}),
            "has the key '番号', but the key of the app's field '本国' is '国コード'",
        ),
        (
            fields.LookupField(Country, "本国", key="code", copies={"home_name": "kana"}),
            "copies 'カナ' into 'home_name', but .* field '本国' copies '国名' into '本国名'",
        ),
        (
            fields.LookupField(Country, "本国", key="code"),
            "copies nothing into 'home_name', but the app's field '本国' copies '国名'",
        ),
    ],
)
def test_another_lookup_is_refused_before_a_change(kintone, lookup, message):
    with (
        capture_requests(kintone) as sent,
        pytest.raises(DeployError, match=f"^Other .*Other.home {message}.* never changes a field"),
    ):
        deploy(city(home=lookup, home_name=text("本国名")))
    assert [request.method for request in sent] == ["GET", "GET"]


def test_a_copy_that_the_app_lacks_is_refused(kintone):
    lookup = fields.LookupField(Country, "本国", key="code", copies={"kana": "kana"})
    with pytest.raises(DeployError, match="copies 'カナ' into 'kana', but .* copies nothing into"):
        deploy(city(home=lookup, kana=text("本国カナ")))


def test_a_copy_into_a_field_that_the_model_does_not_declare_is_no_difference(kintone):
    deploy(city(home=fields.LookupField(Country, "本国", key="code")))


def test_the_columns_of_a_subtable_are_compared(kintone):
    class Wrong(Row):
        country = fields.LookupField(Country, "国", key="number")

    with pytest.raises(
        DeployError, match="has the key '番号', but the key of .*'国' is '国コード'"
    ):
        deploy(city(stops=fields.SubtableField(Wrong, "経由")))


def test_the_same_lookups_take_no_request_more(kintone):
    with assert_requests(2):
        deploy(City)


def test_a_lookup_of_an_app_that_is_not_in_use_yet_is_refused(kintone):
    class Fresh(Model):
        code = fields.SingleLineTextField("国コード", unique=True)

    wrong = city(home=fields.LookupField(Fresh, "本国", key="code"))
    with (
        capture_requests(kintone) as sent,
        pytest.raises(DeployError, match=r"Fresh \(an app that is not in use yet\), but .* app \d"),
    ):
        deploy(wrong, Fresh)
    assert {request.method for request in sent} == {"GET"}


def test_an_app_that_the_connection_does_not_know_is_not_compared(kintone):
    del kintone.apps["countries"]
    with assert_requests(2):
        deploy(City)


def test_a_lookup_that_the_form_does_not_show_is_not_compared(kintone):
    with kintone.wrap(hiding_links):
        assert deploy(City, Country)["cities"] == kintone.apps["cities"]


def test_filter_order_and_picker_are_not_compared(kintone):
    app = kintone.apps["cities"]
    home = get_form_fields(kintone, app=app)["properties"]["本国"]
    home["lookup"] |= {
        "filterCond": '国名 = "x"',
        "sort": "国名 asc",
        "lookupPickerFields": ["国名"],
    }
    update_form_fields(kintone, app=app, properties={"本国": home})
    deploy_previews(SettingsWrites(kintone, timeout=60), [app])
    with assert_requests(2):
        deploy(City)


class Area(Model):
    code = fields.SingleLineTextField("区域コード", unique=True)
    country = fields.LookupField(Country, "国", key="code", copies={"country_name": "name"})
    country_name = fields.SingleLineTextField("国の名")


class Branch(Model):
    area = fields.LookupField(
        Area,
        "区域",
        key="code",
        filter_cond='国 = "JP"',
        sort="区域コード desc",
        display=["country_name", "country"],
    )


def test_the_settings_of_the_picker_are_sent_with_a_new_lookup():
    with emulate() as connection:
        with capture_requests(connection) as sent:
            deploy(Branch, Area, Country)
        form = get_form_fields(connection, app=connection.apps["branch"])["properties"]
        settings = form["区域"]["lookup"]

    assert {name: settings[name] for name in ("filterCond", "sort", "lookupPickerFields")} == {
        "filterCond": '国 = "JP"',
        "sort": "区域コード desc",
        "lookupPickerFields": ["国の名", "国"],
    }
    # The lookup of the other app, which the picker shows and filters by, comes in an earlier round.
    added = [code for r in sent for code in r.params.get("properties", ()) if r.method == "POST"]
    assert added.index("国") < added.index("区域")
    rounds = [r for r in sent if r.path.endswith("deploy.json") and r.method == "POST"]
    assert len(rounds) == 3
