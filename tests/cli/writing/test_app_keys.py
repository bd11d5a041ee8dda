from __future__ import annotations

from pathlib import Path

import pytest

from kintone_orm.cli.writing.app_keys import add_keys
from kintone_orm.configuration import parse_toml
from kintone_orm.exceptions import ImproperlyConfigured

APPS = ["apps"]
PYPROJECT = ["tool", "kintone_orm", "apps"]


def add(text, table=APPS, **keys):
    def read_keys(text):
        found = parse_toml(Path("kintone.toml"), text.encode())
        for name in table:
            found = found.get(name, {})
        return found

    return add_keys(text, keys, table=table, read_keys=read_keys)


def test_a_new_file_has_the_table():
    assert add("", orders=12, customers=1) == "[apps]\norders = 12\ncustomers = 1\n"


def test_a_table_is_added_at_the_end():
    text = 'base_url = "https://x.cybozu.com" # ours'
    assert add(text, orders=12) == text + "\n\n[apps]\norders = 12\n"


def test_keys_are_added_at_the_end_of_the_table():
    text = (
        "# Our apps\n[apps]  # ids\n# orders\norders = 12   # the big one\n\n# The rest\n[other]\n"
        "a = 1\n"
    )
    assert add(text, customers=1) == text.replace("the big one\n", "the big one\ncustomers = 1\n")


def test_a_table_without_keys_is_filled():
    assert add("[apps]", orders=12) == "[apps]\norders = 12\n"


def test_keys_that_are_there_already_change_nothing():
    text = "[apps]\norders=12"
    assert add(text, orders=12) == text


def test_line_breaks_of_windows_are_kept():
    assert add("[apps]\r\norders = 12\r\n", a=1) == "[apps]\r\norders = 12\r\na = 1\r\n"


@pytest.mark.parametrize(
    ("inline", "expected"),
    [
        ("apps = {orders = 12} # ours", "apps = {orders = 12, a = 1} # ours"),
        ("apps = { orders = 12 }", "apps = { orders = 12, a = 1 }"),
        ("apps = {}", "apps = { a = 1 }"),
    ],
)
def test_an_inline_table_is_filled(inline, expected):
    assert add(f"{inline}\nmodels = 'm'\n", a=1) == f"{expected}\nmodels = 'm'\n"


@pytest.mark.parametrize("header", ["[ apps ]", '["apps"]', "['apps']"])
def test_the_table_is_found_however_it_is_written(header):
    assert add(f"{header}\n", a=1) == f"{header}\na = 1\n"


def test_a_table_in_a_text_is_no_table():
    text = 'models = """\n[apps]\n"""\n'
    assert add(text, a=1) == text + "\n[apps]\na = 1\n"


def test_dotted_keys_are_left_to_the_user():
    with pytest.raises(ImproperlyConfigured, match=r"Write the table as \[apps\]"):
        add("apps.orders = 12\n", a=1)


def test_pyproject_has_the_table_among_the_tools():
    text = "[tool.kintone_orm]\nmodels = 'm'\n\n[tool.ruff]\nline-length = 100\n"
    first = add(text, PYPROJECT, orders=12)
    assert first == text + "\n[tool.kintone_orm.apps]\norders = 12\n"
    assert add(first, PYPROJECT, a=1) == first + "a = 1\n"


def test_another_tool_s_apps_are_not_touched():
    text = "[tool.other.apps]\norders = 1\n"
    assert add(text, PYPROJECT, a=1).startswith(text)


def test_a_key_of_another_app_is_refused():
    with pytest.raises(ImproperlyConfigured, match="'orders' already names the app 12.* 15"):
        add("[apps]\norders = 12\n", orders=15)


def test_a_key_that_is_not_ascii_is_quoted():
    assert add("", 顧客=1) == '[apps]\n"顧客" = 1\n'


def test_separators_of_unicode_do_not_end_a_line():
    text = "[apps]\norders = 12 # a\u2028[b]\n"
    assert add(text, a=1) == text + "a = 1\n"
