"""The module as a whole: its parts, and that it is the same on each run."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

import pytest
from support.app_descriptions import app, lookup, module, reference, text

from kintone_orm import Model, fields
from kintone_orm.apps.inspecting.module import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator

OPTIONS = {"options": {"A": {"label": "A", "index": "0"}, "b c": {"label": "b c", "index": "1"}}}
PLAIN: dict[str, Any] = {
    "CheckBox": {"type": "CHECK_BOX", "defaultValue": ["b c"], **OPTIONS},
    "Calc": {"type": "CALC", "expression": "Number * 2", "format": "NUMBER"},
    "Date": {"type": "DATE", "defaultNowValue": True},
    "DateTime": {"type": "DATETIME", "defaultValue": "2026-02-06T12:59:00Z"},
    "DropDown": {"type": "DROP_DOWN", "defaultValue": "b c", **OPTIONS},
    "File": "FILE",
    "GroupSelect": "GROUP_SELECT",
    "Link": {"type": "LINK", "protocol": "CALL"},
    "MultiLineText": "MULTI_LINE_TEXT",
    "MultiSelect": {"type": "MULTI_SELECT", **OPTIONS},
    "Number": {"type": "NUMBER", "defaultValue": "0.5", "unique": True},
    "OrganizationSelect": "ORGANIZATION_SELECT",
    "RadioButton": {"type": "RADIO_BUTTON", **OPTIONS},
    "RichText": "RICH_TEXT",
    "SingleLineText": text(unique=True),
    "Time": {"type": "TIME", "defaultValue": "09:30"},
    "UserSelect": {
        "type": "USER_SELECT",
        "defaultValue": [{"type": "USER", "code": "sato"}],
    },
}
EVERY_TYPE = app(
    1,
    "EVERYTHING",
    fields={
        **PLAIN,
        "RecordNumber": "RECORD_NUMBER",
        "Creator": "CREATOR",
        "CreatedTime": "CREATED_TIME",
        "Modifier": "MODIFIER",
        "UpdatedTime": "UPDATED_TIME",
        "Status": {"type": "STATUS", "enabled": True},
        "StatusAssignee": {"type": "STATUS_ASSIGNEE", "enabled": True},
        "Category": {"type": "CATEGORY", "enabled": True},
        "Lookup": lookup(1, "SingleLineText", {"RichText": "RichText"}),
        "ReferenceTable": reference(1, "SingleLineText", "Lookup"),
        "Subtable": {"type": "SUBTABLE", "fields": {"x": {"code": "x", "type": "NUMBER"}}},
    },
)


@pytest.fixture(params=[False, True], ids=["lists", "enums"])
def loaded(request: pytest.FixtureRequest) -> Iterator[types.ModuleType]:
    """The module of an app with every type of field."""
    source = module(EVERY_TYPE, enums=request.param).text
    found = types.ModuleType("written_by_inspect")
    sys.modules[found.__name__] = found
    exec(compile(source, found.__name__, "exec"), vars(found))
    yield found
    del sys.modules[found.__name__]


def test_a_module_with_every_type_can_be_imported(loaded: types.ModuleType) -> None:
    model = loaded.Everything
    assert issubclass(model, Model)
    for field in model._meta.fields.values():
        assert type(field) is getattr(fields, f"{field.code}Field")
    in_no_app = {"Integer"}  # a number, which may have decimals
    classes = {name.removesuffix("Field") for name in fields.__all__ if name.endswith("Field")}
    assert {field.code for field in model._meta.fields.values()} == classes - {""} - in_no_app


def test_a_module_says_the_definitions_of_its_fields(loaded: types.ModuleType) -> None:
    for field in loaded.Everything._meta.fields.values():
        said = field.definition()
        stored = EVERY_TYPE.fields[field.code]
        common = (said.keys() & stored.keys()) - {"fields", "lookup", "referenceTable"}
        assert {name: said[name] for name in common} == {name: stored[name] for name in common}


def test_a_module_begins_with_the_header_and_the_command() -> None:
    lines = module(app(), command="kintone-orm inspect 1 --enums").text.splitlines()
    assert lines[:2] == [HEADER, "# kintone-orm inspect 1 --enums"]


def test_a_module_imports_what_it_uses() -> None:
    written = module(app(1, "a", fields={"x": text()})).text
    imports = [line for line in written.splitlines() if "import" in line]
    assert imports == ["from kintone_orm import Model, fields"]


def test_a_description_is_the_docstring() -> None:
    written = module(app(1, "a", description="<div>A <b>b</b></div>")).text
    assert 'class A(Model):\n    """A b."""\n\n    class Meta:\n        app = 1\n' in written


def test_the_meta_has_the_name_and_the_precision_of_the_app() -> None:
    precision = {"digits": "20", "decimalPlaces": "2", "roundingMode": "DOWN"}
    written = module(
        app(1, "a", name="案件", settings={"numberPrecision": precision}, fields={"x": "NUMBER"})
    ).text
    assert '        verbose_name = "案件"\n' in written
    line = 'NumberPrecision(digits=20, decimal_places=2, rounding_mode="DOWN")'
    assert f"        number_precision = {line}\n" in written
    assert "from kintone_orm.fields.number import NumberPrecision\n" in written


def test_an_app_without_numbers_has_no_precision() -> None:
    precision = {"digits": "16", "decimalPlaces": "4", "roundingMode": "HALF_EVEN"}
    written = module(app(settings={"numberPrecision": precision}, fields={"x": text()})).text
    assert "number_precision" not in written


def test_a_form_from_a_file_has_a_key() -> None:
    written = module(app(None, "orders", fields={"x": text()})).text
    assert '        app = "orders"\n' in written
    assert "# The file does not say the app's id." in written


def test_a_part_that_was_not_readable_is_a_comment() -> None:
    assert "    # App 1: no layout.\n" in module(app(1, remarks=("App 1: no layout.",))).text


def test_an_app_that_is_given_twice_is_written_once() -> None:
    assert module(app(1, "a"), app(1, "a")).text.count("class A(Model)") == 1
