"""kintone-orm query reads records with Django's words."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import sys

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from kintone_orm.cli.main import app
from kintone_orm.connection import connections
from kintone_orm.testing import capture_requests

NAMES = ["id", "number", "rank", "due", "amount", "customer_code", "lines"]


@pytest.fixture
def orders(shop):
    """Fifty orders, every second of rank A."""
    rows = [shop.Line(item="りんご", qty=3)]
    shop.Order.objects.bulk_create(
        [
            shop.Order(
                number=f"N-{i:02}",
                rank="AB"[i % 2],
                due=dt.date(2026, 1, 1) + dt.timedelta(i),
                amount=f"{i}.50",
                lines=rows if i == 4 else [],
            )
            for i in range(50)
        ]
    )
    return shop


def query(*arguments, models="shop:Order"):
    return CliRunner().invoke(app, ["query", models, *arguments])


def numbers(*arguments):
    """Return the numbers of the orders that the command finds."""
    result = query(*arguments, "--fields", "number", "--format", "json")
    assert result.exit_code == 0, result.output
    return [row["number"] for row in json.loads(result.stdout)]


def text(*arguments, models="shop:Order"):
    result = query(*arguments, "--format", "query", models=models)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_conditions_are_those_of_filter(orders):
    assert numbers("rank='A', due__lt='2026-01-06'") == ["N-00", "N-02", "N-04"]
    assert numbers("amount__range=[1, 2.5]") == ["N-01", "N-02"]
    assert numbers("number__in=['N-03', 'N-07']") == ["N-03", "N-07"]
    assert numbers("lines__qty=3") == ["N-04"]


def test_several_filters_and_exclusions_are_combined(orders):
    assert numbers("rank='A'", "due__lt='2026-01-06'", "--exclude", "number='N-02'") == [
        "N-00",
        "N-04",
    ]
    assert numbers(
        "due__lt='2026-01-05'", "--exclude", "rank='A'", "--exclude", "number='N-01'"
    ) == ["N-03"]


@pytest.mark.parametrize(
    "order", [["--order", "rank,-due"], ["--order", "rank", "--order", "-due"]]
)
def test_the_order_is_that_of_order_by(orders, order):
    assert numbers("due__lt='2026-01-05'", *order) == ["N-02", "N-00", "N-03", "N-01"]


def test_query_functions_are_sent(shop):
    assert text("due__lt=Today()") == '納期 < TODAY() and 納期 != "" order by $id asc\n'


# Formats


def test_json_has_all_fields_exact_numbers_and_nested_rows(orders):
    result = query("number='N-04'", "--format", "json")
    assert '"amount": 4.5,' in result.stdout
    (row,) = json.loads(result.stdout)
    assert list(row) == NAMES
    assert row["due"] == "2026-01-05"
    assert [(line["item"], line["qty"]) for line in row["lines"]] == [("りんご", 3)]


def test_csv_has_the_attributes_as_its_header_and_rows_as_json(orders):
    result = query("number='N-04'", "--format", "csv")
    header, cells = csv.reader(io.StringIO(result.stdout))
    assert header == NAMES
    assert cells[1:5] == ["N-04", "A", "2026-01-05", "4.5"]
    assert json.loads(cells[-1])[0]["item"] == "りんご"


def test_json_and_csv_into_a_pipe_have_all_records(orders):
    assert len(numbers()) == 50
    assert len(query("--format", "csv").stdout.splitlines()) == 51


def test_a_table_shows_twenty_records_and_says_how_many_it_left_out(orders):
    with capture_requests(connections["default"]) as requests:
        result = query("rank='A'")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2 + 20
    assert result.stderr == (
        "20 of 25 records are shown, 5 are left out. Use --limit N or --all.\n"
    )
    assert len(requests) == 2


def test_a_table_of_all_records_is_silent(orders):
    with capture_requests(connections["default"]) as requests:
        result = query("due__lt='2026-01-21'")
    assert len(result.stdout.splitlines()) == 2 + 20
    assert result.stderr == ""
    assert len(requests) == 1


@pytest.mark.parametrize(("option", "rows"), [(["--limit", "3"], 3), (["--all"], 50)])
def test_a_limit_is_what_was_asked_for(orders, option, rows):
    result = query(*option)
    assert len(result.stdout.splitlines()) == 2 + rows
    assert result.stderr == ""


def test_the_fields_are_those_of_values_list_in_their_order(orders):
    result = query("number='N-04'", "--fields", "amount, number", "--fields", "revision")
    header, _, row = result.stdout.splitlines()
    assert header.split() == ["amount", "number", "revision"]
    assert row.split() == ["4.5", "N-04", "1"]


def test_the_query_is_shown_without_a_request(shop):
    with capture_requests(connections["default"]) as requests:
        shown = text("rank='A'", "--order", "-due", "--limit", "5")
    assert shown == 'rank in ("A") order by 納期 desc, $id asc limit 5\n'
    assert len(requests) == 0


def test_the_plan_is_shown_before_the_rows_on_standard_error(orders):
    result = query("rank='A'", "--explain", "--format", "json")
    assert len(json.loads(result.stdout)) == 25
    assert "query:     rank in (" in result.stderr
    assert "plan:      seek by $id" in result.stderr


# A terminal


class Terminal(io.TextIOWrapper):
    """A standard output that says that it is a terminal."""

    def isatty(self):
        return True


def shown_in_terminal(monkeypatch, *arguments, columns=60):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    screen = Terminal(io.BytesIO(), encoding="utf-8", write_through=True)
    monkeypatch.setattr(sys, "stdout", screen)
    app(["query", "shop:Order", *arguments], standalone_mode=False)
    return screen.buffer.getvalue().decode()


def test_a_table_of_sixty_columns_is_readable(orders, monkeypatch, capsys):
    orders.Order(number="株式会社サンプル" * 7, amount="123456789.25").save()
    shown = re.sub("\x1b\\[[0-9;]*m", "", shown_in_terminal(monkeypatch, "due=None")).splitlines()
    assert max(map(cell_len, shown)) <= 60
    assert shown[0].split()[:2] == ["id", "number"]
    assert "123456789.25" in shown[2]
    assert "株式会社" in shown[2]


def test_columns_without_room_are_named(orders, monkeypatch, capsys):
    shown_in_terminal(monkeypatch, "--limit", "1", columns=20)
    assert "There is no room for " in capsys.readouterr().err


@pytest.mark.parametrize("format_", ["json", "csv"])
def test_a_terminal_gets_twenty_records_in_every_format(orders, monkeypatch, capsys, format_):
    shown = shown_in_terminal(monkeypatch, "--format", format_, "--fields", "number")
    assert shown.count("N-") == 20
    assert "20 of 50 records are shown" in capsys.readouterr().err


# Refusals: one sentence or two on standard error, and exit code 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rank=A"], "Filter 'rank=A', character 6: A is not a value."),
        (["rnk='A'"], "Order has no field 'rnk'. Did you mean 'rank'?"),
        (["rank__gt='A'"], "Order.rank (DROP_DOWN) has no lookup 'gt'"),
        (["due='soon'"], "Order.due takes a date"),
        (["--exclude", "rank=A"], "Filter 'rank=A', character 6"),
        (["--order", "nope"], "Order has no field 'nope'"),
        (["--fields", "nope"], "Order has no field 'nope'"),
        (["--fields", "customer"], "customer"),
        (["--limit", "3", "--all"], "--limit and --all contradict each other."),
        (["--limit", "0"], "--limit"),
        (["--format", "xml"], "--format"),
    ],
)
def test_a_mistake_ends_with_exit_code_2_and_a_message(shop, arguments, message):
    with capture_requests(connections["default"]) as requests:
        result = query(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
    assert len(requests) == 0


@pytest.mark.parametrize("models", ["shop", "shop:Order,Customer"])
def test_a_query_reads_one_model(shop, models):
    result = query(models=models)
    assert result.exit_code == 2
    assert "A query reads one model, and there are 2: " in result.stderr


def test_a_refusal_of_kintone_writes_nothing_to_standard_output(shop):
    shop.Order._meta.app = 999
    result = query("--format", "json")
    assert result.exit_code == 2
    assert "GAIA_AP01" in result.stderr
    assert result.stdout == ""
