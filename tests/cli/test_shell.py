"""kintone-orm shell runs lines of Python with the models and a connection."""

from __future__ import annotations

import sys
import types

import pytest
from typer.testing import CliRunner

from kintone_orm.cli.main import app

pty = pytest.importorskip("pty")


def run(lines, models="shop"):
    return CliRunner().invoke(app, ["shell", models], input=lines)


def test_values_of_expressions_are_printed(shop):
    result = run("Order(number='N-1').save()\nOrder.objects.count()\nx = 5\nx + 1\nNone\n")
    assert result.exit_code == 0
    assert result.stdout == "1\n6\n"


def test_a_block_needs_no_empty_line_after_it(shop):
    assert run("for i in range(2):\n    print(i)\nprint('end')").stdout == "0\n1\nend\n"


def test_the_words_of_queries_are_there(shop):
    lines = """
print(Order.objects.filter(Q(rank="A") | Q(due__lt=Today())).query)
print(Order.objects.filter(Raw('rank in ("A")'), due=FromToday(1, "DAYS")).query)
print(connection.alias)
"""
    assert run(lines).stdout.splitlines() == [
        'rank in ("A") or (納期 < TODAY() and 納期 != "") order by $id asc',
        '(rank in ("A")) and 納期 = FROM_TODAY(1, DAYS) order by $id asc',
        "default",
    ]


def test_models_lists_the_models_with_their_apps_and_fields(shop):
    orders, customers = (shop.Order._meta, shop.Customer._meta)
    assert run("models()").stdout.splitlines() == [
        "Customer (app customer, id 1): id, code, name",
        "Order (app orders, id 2): id, number, rank, due, amount, customer_code, lines, customer",
    ]
    assert (orders.app, customers.app) == ("orders", "customer")


def test_an_error_ends_the_lines_with_its_traceback(shop):
    result = run("print(1)\nOrder.objects.filter(rnk='A')\nprint(2)\n")
    assert result.exit_code == 2
    assert result.stdout == "1\n"
    assert 'File "<stdin>", line 2, in <module>' in result.stderr
    assert "Order has no field 'rnk'" in result.stderr
    assert "shell.py" not in result.stderr


def run_bytes(lines, charset):
    return CliRunner(charset=charset).invoke(app, ["shell", "shop"], input=lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_lines_are_in_utf_8_or_in_the_encoding_of_the_terminal(shop, encoding):
    result = run_bytes("print(ascii('受注'))\r\n".encode(encoding), "cp932")
    assert (result.exit_code, result.stdout) == (0, "'\\u53d7\\u6ce8'\n")


def test_lines_of_another_encoding_are_refused_in_a_sentence(shop):
    result = run_bytes("print('受注')\n".encode("cp932"), "ascii")
    assert result.exit_code == 2
    assert result.stderr == "The lines are encoded neither in UTF-8 nor in ascii.\n"


def test_a_traceback_shows_no_secret_and_no_control_character(shop, monkeypatch):
    monkeypatch.setenv("KINTONE_API_TOKEN", "hush-hush")
    result = run("word = 'hush'\nraise OSError(f'\x1b[31m {word}-{word}')\n")
    assert result.stderr.endswith("OSError: \\x1b[31m ********\n")


def test_a_mistake_in_the_grammar_runs_no_line(shop):
    result = run("print(1)\nx = (\n")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert 'File "<stdin>", line 2' in result.stderr
    assert "SyntaxError" in result.stderr
    assert "ast.py" not in result.stderr


def test_lines_choose_the_exit_code(shop):
    assert run("exit(3)\nprint(1)").exit_code == 3


def test_no_lines_do_nothing(shop):
    result = run("")
    assert (result.exit_code, result.output) == (0, "")


class _Screen:
    """A standard input that says that it is a terminal."""

    encoding = "utf-8"

    @staticmethod
    def isatty():
        return True


def test_ipython_is_started_in_a_terminal_if_it_is_installed(shop, monkeypatch, capsys):
    started = {}
    ipython = types.ModuleType("IPython")
    ipython.__spec__ = types.SimpleNamespace(name="IPython")
    ipython.start_ipython = lambda **options: started.update(options)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setattr(sys, "stdin", _Screen())
    app(["shell", "shop"], standalone_mode=False)
    assert started["argv"] == []
    assert started["display_banner"] is False
    assert started["user_ns"]["Order"] is shop.Order
    banner = capsys.readouterr().err.splitlines()
    assert len(banner) == 3
    assert banner[0].startswith("kintone_orm ")
    assert banner[1] == "Customer, Order, Q, Raw, Today and other functions, connection."
    assert banner[2] == "models() lists the models with their apps and fields."
