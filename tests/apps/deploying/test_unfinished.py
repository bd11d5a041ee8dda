"""An app that an interrupted deploy() has left in preparation is found, if it can be ours."""

from __future__ import annotations

import pytest
from support.faults.forged import forged, nothing

from kintone_orm import Model, Row, fields
from kintone_orm.api.apps import add_app, get_app_settings, update_app_settings
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.api.form import add_form_fields, get_form_fields
from kintone_orm.apps import deploy
from kintone_orm.connection import Connection
from kintone_orm.exceptions import DeployError, TransportError
from kintone_orm.settings import parse_settings
from kintone_orm.testing import capture_requests, emulate


class Line(Row):
    qty = fields.NumberField()


class Small(Model):
    title = fields.SingleLineTextField()
    lines = fields.SubtableField(Line)

    class Meta:
        verbose_name = "Small things"


class Big(Model):
    title = fields.SingleLineTextField()


@pytest.fixture
def kintone():
    """A domain with one app in use."""
    with emulate(Big) as connection:
        yield connection


def prepared(connection, *definitions, name="Small things", **place):
    """The id of a new app in preparation, which has these fields."""
    app = int(add_app(connection, name=name, **place)["app"])
    if definitions:
        properties = {definition["code"]: definition for definition in definitions}
        add_form_fields(connection, app=app, properties=properties)
    return app


def put_into_use(connection, app):
    deploy_apps(connection, apps=[{"app": app}])
    for _ in range(2):
        get_deploy_status(connection, apps=[app])


def inside(kintone, space):
    """A connection to the guest space of the same kintone."""
    username, password = kintone.emulator.credentials
    settings = parse_settings(
        base_url=kintone.base_url, username=username, password=password, guest_space=space
    )
    return Connection(settings, adapter=kintone.emulator.adapter())


@pytest.mark.parametrize("definitions", [(), (Small.title.definition(),)])
def test_it_is_taken_up_and_completed(kintone, definitions):
    app = prepared(kintone, *definitions)

    assert deploy(Small) == {"small": app}
    assert {"title", "lines"} <= get_form_fields(kintone, app=app)["properties"].keys()


def test_the_log_says_that_it_is_taken_up(kintone, caplog):
    app = prepared(kintone)
    deploy(Small)

    sentence = f"The app {app} is in preparation under the name of Small. "
    sentence += "deploy() completes it for 'small'."
    assert [(r.levelname, r.message) for r in caplog.records] == [("WARNING", sentence)]


def test_it_is_found_although_other_apps_were_put_into_use_since(kintone):
    app = prepared(kintone)
    for n in range(3):
        put_into_use(kintone, prepared(kintone, name=f"Other {n}"))

    assert deploy(Small) == {"small": app}


def test_it_is_found_behind_ids_of_other_apps_and_of_deleted_ones(kintone):
    for n in range(8):
        prepared(kintone, name=f"Other {n}")
    kintone.emulator.add_app(kintone.apps["big"] + 13, name="Small things")

    assert deploy(Small) == {"small": kintone.apps["big"] + 13}


def test_the_search_ends_after_five_ids_that_do_not_exist(kintone):
    kintone.emulator.add_app(kintone.apps["big"] + 7, name="Small things")
    with capture_requests(kintone) as sent:
        ids = deploy(Small)

    tried = [r for r in sent if r.path == "/k/v1/preview/app/settings.json"]
    assert len(tried) == 5
    assert ids == {"small": kintone.apps["big"] + 8}


def test_an_app_of_another_name_is_left_alone(kintone):
    app = prepared(kintone, name="Small things, a draft")

    assert deploy(Small) == {"small": app + 1}
    assert get_app_settings(kintone, app=app, preview=True)["name"] == "Small things, a draft"


FOREIGN = {"type": "NUMBER", "code": "price", "label": "price"}
FOREIGN_COLUMN = Small.lines.definition({"price": FOREIGN})


@pytest.mark.parametrize(
    ("definition", "code"), [(FOREIGN, "price"), (FOREIGN_COLUMN, "lines")], ids=["field", "column"]
)
def test_an_app_with_fields_that_the_model_lacks_is_not_taken(kintone, definition, code):
    app = prepared(kintone, definition)
    sentence = (
        rf"^Small: An app called 'Small things' is in preparation with the fields '{code}' "
        rf"\(id {app}\)\. If it is the app of Small, use connect\(..., apps={{'small': {app}}}\)"
    )
    with pytest.raises(DeployError, match=sentence):
        deploy(Small)
    assert "small" not in kintone.apps


def test_an_app_that_contradicts_the_model_is_not_taken(kintone):
    app = prepared(kintone, {"type": "NUMBER", "code": "title", "label": "title"})

    with pytest.raises(DeployError, match=rf"^Small \(app {app}\): Small.title is a SINGLE_LINE"):
        deploy(Small)
    assert "small" not in kintone.apps


def test_an_app_whose_name_cannot_be_read_ends_the_search(kintone):
    prepared(kintone)

    with (
        forged(kintone, nothing, endpoint="preview/app/settings"),
        pytest.raises(TransportError, match="^Small: .*not kintone's"),
    ):
        deploy(Small)


def test_of_two_apps_in_preparation_none_is_chosen(kintone):
    first, second = prepared(kintone), prepared(kintone)

    with pytest.raises(DeployError, match=rf"is in preparation \(id {first}, {second}\)"):
        deploy(Small)


def test_an_app_that_the_connection_knows_is_not_the_app_of_another_model(kintone):
    class Twin(Model):
        class Meta:
            verbose_name = "Small things"

    kintone.apps["twin"] = app = prepared(kintone)

    assert deploy(Small) == {"small": app + 1}


def test_two_models_of_one_name_do_not_get_the_same_app(kintone):
    class Twin(Model):
        title = fields.SingleLineTextField()

        class Meta:
            verbose_name = "Small things"

    app = prepared(kintone)

    assert deploy(Small, Twin) == {"small": app, "twin": app + 1}


def test_an_app_that_was_put_into_use_during_the_search_is_not_taken(kintone):
    app = prepared(kintone)
    other = Connection(kintone._arguments, adapter=kintone.emulator.adapter())

    def deploying(send, request):
        if request.path == "/k/v1/preview/app/settings.json":
            put_into_use(other, app)
        return send(request)

    with (
        kintone.wrap(deploying),
        pytest.raises(DeployError, match=rf"exists already \(id {app}\)"),
    ):
        deploy(Small)


def test_its_first_deploy_is_waited_for(kintone):
    app = prepared(kintone, *(field.definition() for field in (Small.title, Small.lines)))
    deploy_apps(kintone, apps=[{"app": app}])
    with capture_requests(kintone) as sent:
        assert deploy(Small) == {"small": app}

    assert {request.method for request in sent} == {"GET"}


def test_over_a_connection_to_a_guest_space_only_its_own_app_is_taken(kintone):
    space = kintone.emulator.add_guest_space("Partners")
    partner = inside(kintone, space.id)
    prepared(kintone)  # of the same name, outside of the space
    app = prepared(partner, space=space.id, thread=space.thread)

    assert deploy(Small, using=partner) == {"small": app}


def test_apps_of_guest_spaces_are_not_taken_from_outside(kintone):
    space = kintone.emulator.add_guest_space("Partners")
    app = prepared(inside(kintone, space.id), space=space.id, thread=space.thread)

    assert deploy(Small) == {"small": app + 1}


def test_more_apps_than_a_page_are_listed(kintone):
    for n in range(100):
        put_into_use(kintone, prepared(kintone, name=f"Other {n}"))
    update_app_settings(kintone, app=kintone.apps["big"] + 100, settings={"name": "Small things"})
    put_into_use(kintone, kintone.apps["big"] + 100)

    with pytest.raises(DeployError, match="exists already"):
        deploy(Small)
