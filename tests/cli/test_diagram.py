"""kintone-orm diagram writes the diagram of a module of models, without a connection."""

from __future__ import annotations

import pytest
from support.shop_models import SHOP
from typer.testing import CliRunner

from kintone_orm.cli.main import app
from kintone_orm.cli.mermaid import diagram_of


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop_to_draw.py"
    path.write_text(SHOP, "utf-8")
    return path


def test_the_diagram_goes_to_standard_output(file):
    result = CliRunner().invoke(app, ["diagram", str(file)])
    assert result.exit_code == 0
    assert result.stdout.startswith('erDiagram\n    "Customer"["Customer (app customer)"] {\n')
    assert '"Order" }o--o| "Customer" : "customer"\n' in result.stdout
    assert '"Order.lines (明細)"' in result.stdout


def test_only_the_named_models_are_drawn_with_their_fields(file):
    result = CliRunner().invoke(app, ["diagram", f"{file}:Order"])
    assert '    "Customer"["Customer (app customer)"]\n' in result.stdout


def test_the_diagram_goes_to_a_file_in_utf_8(file, tmp_path):
    result = CliRunner().invoke(app, ["diagram", str(file), "--output", "apps.mmd"])
    assert (result.exit_code, result.output) == (0, "")
    shown = CliRunner().invoke(app, ["diagram", str(file)]).stdout
    assert (tmp_path / "apps.mmd").read_text("utf-8") == shown


def test_a_file_that_cannot_be_written_ends_with_exit_code_2(file):
    result = CliRunner().invoke(app, ["diagram", str(file), "--output", "no/apps.mmd"])
    assert result.exit_code == 2
    assert result.stderr == "no/apps.mmd cannot be written: No such file or directory.\n"


def test_a_diagram_without_models_is_empty():
    assert diagram_of([]) == "erDiagram\n"
