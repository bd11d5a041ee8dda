"""The module as a whole: its parts, and that it is the same on each run."""

from __future__ import annotations

from support.app_descriptions import app, module, text

from kintone_orm.apps.inspecting.module import HEADER


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
    precision = {"digits": "16", "decimalPlaces": "4"}
    written = module(app(settings={"numberPrecision": precision}, fields={"x": text()})).text
    assert "number_precision" not in written


def test_a_form_from_a_file_has_a_key() -> None:
    written = module(app(None, "orders", fields={"x": text()})).text
    assert '        app = "orders"\n' in written
    assert "# The file does not say the app's id." in written


def test_what_could_not_be_read_is_a_comment() -> None:
    assert "    # App 1: no layout.\n" in module(app(1, remarks=("App 1: no layout.",))).text


def test_an_app_that_is_given_twice_is_written_once() -> None:
    assert module(app(1, "a"), app(1, "a")).text.count("class A(Model)") == 1
