"""The text of a deploy names the changes that the deploy makes, and no other change."""

from __future__ import annotations

import re

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.api.apps import get_apps
from kintone_orm.api.form import get_form_fields
from kintone_orm.apps import deploy
from kintone_orm.apps.deploying.carrying_out import carry_out
from kintone_orm.apps.deploying.deployment_text import describe
from kintone_orm.apps.deploying.preparing import prepare_deployment
from kintone_orm.apps.deploying.unfinished import find_unfinished
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import TransportError
from kintone_orm.testing import emulate


class Part(Model):
    code = fields.SingleLineTextField("部品コード", unique=True)
    name = fields.SingleLineTextField("部品名")
    created = fields.CreatedTimeField("登録日時")

    class Meta:
        app = "parts"
        verbose_name = "部品"
        number_precision = {"decimal_places": 2}


class Line(Row):
    item = fields.LookupField(Part, "品目", key="code", copies={"item_name": "name"})
    item_name = fields.SingleLineTextField("品目名")
    qty = fields.NumberField("数量")


class Sale(Model):
    title = fields.SingleLineTextField("件名")
    part = fields.LookupField(Part, "主要部品", key="code")
    lines = fields.SubtableField(Line, "明細")
    others = fields.ReferenceTableField("Sale", "同じ部品", key="part", related="part")

    class Meta:
        app = "sales"


class OldLine(Row):
    qty = fields.NumberField("数量")


class OldSale(Model):
    title = fields.SingleLineTextField("件名")
    lines = fields.SubtableField(OldLine, "明細")

    class Meta:
        app = "sales"
        verbose_name = "Sale"


def prepare(connection, *models):
    return prepare_deployment(connection, models, timeout=60, add=(), find=find_unfinished)


# kintone's own fields, which every app has.
BUILT_IN = {
    "RECORD_NUMBER",
    "CREATOR",
    "CREATED_TIME",
    "MODIFIER",
    "UPDATED_TIME",
    "STATUS",
    "STATUS_ASSIGNEE",
    "CATEGORY",
}


def content(connection):
    """The type of each field and column, by the name of the app and the code."""
    types = {}
    for app in get_apps(connection)["apps"]:
        form = get_form_fields(connection, app=app["appId"])["properties"]
        for code, definition in form.items():
            types[app["name"], code] = definition["type"]
            for name, column in definition.get("fields", {}).items():
                types[app["name"], f"{code}.{name}"] = column["type"]
    return {key: kind for key, kind in types.items() if kind not in BUILT_IN}


def fields_of(text, names):
    """The same, of the fields that a text names. `names` are the apps' names in order."""
    types, remaining, name = {}, iter(names), ""
    for line in text.splitlines():
        if not line.startswith(" "):
            name = next(remaining)
        elif match := re.match(r"  ([A-Z_]+)(?:, lookup)? +(\S+)", line):
            types[name, match[2]] = match[1]
    return {key: kind for key, kind in types.items() if kind not in BUILT_IN}


@pytest.mark.parametrize("before", [(), (OldSale,), (Part,), (Part, OldSale)])
def test_the_fields_of_the_text_are_those_that_the_deploy_adds(before):
    with emulate() as kintone:
        deploy(*before)
        old = content(kintone)
        deployment = prepare(kintone, Part, Sale)
        text = describe(deployment)
        carry_out(kintone, deployment)

        names = ["Sale"] if Part in before else ["部品", "Sale"]
        added = {key: kind for key, kind in content(kintone).items() if key not in old}
        assert fields_of(text, names) == added


def test_new_apps_have_their_names_keys_and_precision():
    with emulate() as kintone:
        assert describe(prepare(kintone, Part)).splitlines() == [
            "Create the app '部品' for Part (key 'parts'):",
            "  SINGLE_LINE_TEXT  部品コード",
            "  SINGLE_LINE_TEXT  部品名",
            "  CREATED_TIME      登録日時  (kintone's own field gets this code)",
            "  Number precision: 16 digits, 2 decimal places, rounding HALF_EVEN.",
        ]


def test_an_app_that_exists_has_its_id_and_its_missing_columns():
    with emulate() as kintone:
        deploy(OldSale, Part)
        assert describe(prepare(kintone, Sale)).splitlines() == [
            f"Change the app {kintone.apps['sales']} of Sale:",
            "  SINGLE_LINE_TEXT          明細.品目名",
            "  SINGLE_LINE_TEXT, lookup  主要部品",
            "  SINGLE_LINE_TEXT, lookup  明細.品目",
            "  REFERENCE_TABLE           同じ部品",
        ]


def test_a_near_code_has_a_remark():
    class Typo(Model):
        title = fields.SingleLineTextField("件名1")

        class Meta:
            app = "sales"

    with emulate(OldSale) as kintone:
        OldSale.objects.create(title="x")
        assert "  SINGLE_LINE_TEXT  件名1  (a typo of '件名'?)" in describe(prepare(kintone, Typo))


def interrupt(kintone, *models):
    kintone.emulator.faults.add(Fault.LOST_REQUEST, endpoint="preview/app/deploy", times=6)
    with pytest.raises(TransportError):
        deploy(*models)
    kintone.emulator.faults.clear()


def test_fields_of_an_interrupted_deploy_are_put_into_use():
    class Longer(Model):
        note = fields.MultiLineTextField("備考")

        class Meta:
            app = "sales"
            number_precision = {"decimal_places": 2}

    with emulate(OldSale) as kintone:
        interrupt(kintone, Longer)
        text = describe(prepare(kintone, Longer))
        assert "  MULTI_LINE_TEXT  備考  (from an interrupted deploy)" in text


def test_a_precision_of_an_interrupted_deploy_is_put_into_use():
    class Finer(Model):
        class Meta:
            app = "sales"
            number_precision = {"decimal_places": 2}

    with emulate(OldSale) as kintone:
        interrupt(kintone, Finer)
        assert describe(prepare(kintone, Finer)).endswith(
            "  The number precision of an interrupted deploy is put into use."
        )


def test_an_app_of_an_interrupted_deploy_is_completed():
    with emulate() as kintone:
        interrupt(kintone, OldSale)
        app = kintone.apps.pop("sales")
        assert describe(prepare(kintone, OldSale)).splitlines() == [
            f"Complete the app {app} of OldSale (key 'sales'):",
            "  It was never in use, and is put into use.",
        ]


def test_without_changes_there_is_nothing_to_do():
    with emulate(OldSale) as kintone:
        assert describe(prepare(kintone, OldSale)).startswith("Nothing to do:")
