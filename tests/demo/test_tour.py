"""kintone-orm demo: the output, and that it is true."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from kintone_orm.cli.main import app


def demonstrated(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["demo", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def timeless(text: str) -> str:
    """The text without the numbers of seconds."""
    return re.sub(r"\d+\.\d(?= seconds| of them)", "_", text)


@pytest.fixture(scope="module")
def everything():
    """The output with all cities."""
    return demonstrated()


@pytest.fixture(scope="module")
def little():
    """The output with 300 cities."""
    return demonstrated("--limit", "300")


@pytest.mark.parametrize(
    "line",
    [
        "252 countries written: 1 request,",
        "34,006 cities written: 18 requests,",  # 2,000 records in each
        "34,006 cities read again: 69 requests,",  # 500 records in each
        "34,006 of them have exactly the coordinates that were sent",
        "  GET records/cursor.json  (7 times)",
        "(45, {'City': 45})",
        "34,258 records written, 34,213 there now",
        "148 requests,",
    ],
)
def test_all_the_data_takes_the_requests_it_should(everything, line):
    assert any(output.startswith(line) for output in everything.splitlines())


def test_the_readme_shows_what_it_prints(everything):
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")

    assert timeless(everything) in timeless(readme)


def test_it_shows_at_least_eight_queries_with_their_requests(little):
    assert len(re.findall(r"^>>> .*\n  GET records\.json  ", little, re.MULTILINE)) >= 8


def test_a_lookup_has_copied_the_country(little):
    assert re.search(r"^ *21 +Tokyo +JP +Japan +35\.6895 +139\.69171$", little, re.MULTILINE)


def test_a_lost_update_is_refused(little):
    assert "<City id=21 rev=2 name='Tokyo'> is no longer at revision 2" in little


def test_a_save_sends_the_changed_field_alone(little):
    assert ">>> tokyo.save()\n  PUT record.json  人口 (revision 1)\n>>> tokyo.save()\n\n" in little


@pytest.mark.parametrize("size", ["everything", "little"])
def test_a_file_gets_plain_lines_of_80_columns(size, request):
    for line in request.getfixturevalue(size).splitlines():
        assert cell_len(line) <= 80
        assert line == line.rstrip()
        assert not any(unicodedata.category(character) == "Cc" for character in line)


def test_it_prints_the_same_each_time_but_for_the_seconds(little):
    again = demonstrated("--limit", "300")

    assert without_seconds(again) == without_seconds(little)


def without_seconds(output: str) -> str:
    return re.sub(r"\d+\.\d seconds|\d+\.\d of them", "", output)
