"""The examples of docs/terminal.md with outputs have these outputs."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import sys
import types
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kintone_orm import Model, Row, fields
from kintone_orm.cli.main import app
from kintone_orm.connection import connections
from kintone_orm.testing import emulate

PAGE = Path(__file__).parents[2] / "docs" / "terminal.md"
BLOCKS = re.findall(r"^```console\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^\$ (kintone-orm .*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
EXAMPLES = [example for block in BLOCKS for example in EXAMPLE.findall(block)]


class Line(Row):
    item = fields.SingleLineTextField("品名")
    qty = fields.NumberField("数量")


class Order(Model):
    number = fields.SingleLineTextField("受注番号", unique=True)
    rank = fields.DropDownField(choices=["A", "B"])
    due = fields.DateField("納期")
    amount = fields.NumberField("金額")
    lines = fields.SubtableField(Line, "明細")

    class Meta:
        app = "orders"


@pytest.fixture
def shop(monkeypatch):
    """The module shop.models of the page, and a kintone with three orders."""
    module = types.ModuleType("shop.models")
    module.Order = Order
    monkeypatch.setitem(sys.modules, "shop", types.ModuleType("shop"))
    monkeypatch.setitem(sys.modules, "shop.models", module)
    with emulate(Order) as kintone:
        rows = [Line(item="りんご", qty=3)]
        Order(number="N-1", rank="A", due=dt.date(2026, 1, 31), amount="1200.5", lines=rows).save()
        Order(number="N-2", rank="B", due=dt.date(2026, 2, 28)).save()
        Order(number="N-3", rank="A", due=dt.date(2026, 3, 31), amount=98000).save()
        monkeypatch.setattr(kintone, "alias", "default")
        connections.add(kintone)
        yield
        del connections["default"]


def test_the_page_has_examples():
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize(("command", "output"), EXAMPLES)
def test_an_example_has_its_output(shop, command, output):
    _, *arguments = shlex.split(command)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert [line.rstrip() for line in result.stdout.splitlines()] == output.splitlines()
