from __future__ import annotations

import json

import pytest
from support.domain_files import shop
from support.ten_apps import DOMAIN, KEYS

from kintone_orm.api.form import get_form_fields
from kintone_orm.apps.description import read_app
from kintone_orm.cli.inspecting.form_files import read_form_files
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.testing import emulate

FORM = {"properties": {"name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "Name"}}}


@pytest.fixture
def file(tmp_path):
    """Write a file and return its path."""

    def write(content, name="customers.json"):
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).write_text(text, "utf-8")
        return str(tmp_path / name)

    return write


def test_an_answer_of_form_fields_is_an_app_with_the_file_s_name(file):
    with emulate(domain=shop()) as kintone:
        answer = get_form_fields(kintone, app=12)
    (app,) = read_form_files([file(answer, "受注.json")]).apps
    assert (app.id, app.code, app.name, app.layout) == (None, "", "受注", None)
    assert app.fields == answer["properties"]
    assert app.has_process is True


def test_the_properties_alone_are_a_form_and_may_have_a_layout(file):
    layout = [{"type": "ROW", "fields": [{"type": "SINGLE_LINE_TEXT", "code": "name"}]}]
    files = [file(FORM), file({**FORM, "layout": layout}, "with_layout.json")]
    apps = read_form_files(files).apps
    assert [app.fields for app in apps] == [FORM["properties"]] * 2
    assert [app.layout for app in apps] == [None, layout]


def test_a_byte_order_mark_is_ignored(file):
    assert read_form_files([file("\ufeff" + json.dumps(FORM))]).apps[0].fields == FORM["properties"]


def test_the_apps_of_a_domain_file_are_as_an_emulator_has_them(file):
    with emulate(domain=shop()) as kintone:
        expected = [read_app(kintone, 12), read_app(kintone, 1)]
    result = read_form_files([file(shop())])
    assert [(app.id, app.code, app.fields, app.layout) for app in result.apps] == [
        (app.id, app.code, app.fields, app.layout) for app in expected
    ]
    assert result.apps[0].settings["numberPrecision"] == expected[0].settings["numberPrecision"]
    assert result.keys == {"orders": 12, "customers": 1}


def test_a_domain_file_in_toml_is_read():
    result = read_form_files([str(DOMAIN)])
    assert tuple(result.keys) == KEYS
    assert [app.id for app in result.apps] == list(result.keys.values())


def test_parts_that_say_nothing_about_forms_need_not_be_valid(file):
    domain = shop()
    domain["apps"]["orders"] = {**domain["apps"]["orders"], "views": {"x": "y"}, "records": 5}
    assert len(read_form_files([file(domain)]).apps) == 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "customers.json is not JSON in UTF-8: "),
        ("[" * 99_999, "customers.json is not JSON in UTF-8: "),
        ([FORM], "customers.json is no form and no domain file: "),
        ({"fields": {}}, "customers.json is no form and no domain file: "),
        ({"properties": []}, "customers.json is not an answer of form/fields.json: properties "),
        ({"properties": {"a": {}}}, "properties.a has no type."),
        ({**FORM, "layout": {}}, "customers.json is not an answer of form/layout.json: layout "),
        ({**FORM, "layout": [{"code": "a"}]}, r"layout\[0\] has no type."),
        ({"apps": {"a": {"form": 5}}}, "customers.json is no valid domain file. "),
    ],
)
def test_another_file_is_refused_with_its_name(file, content, problem):
    with pytest.raises(ImproperlyConfigured, match=problem):
        read_form_files([file(content)])


def test_a_file_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="nowhere.json cannot be read: No such file"):
        read_form_files([str(tmp_path / "nowhere.json")])
