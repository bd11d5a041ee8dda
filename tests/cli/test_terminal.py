from __future__ import annotations

import pytest

from kintone_orm.cli.terminal import open_console


@pytest.fixture
def printed(capsys):
    """Print on a command's console, with the output in a file, and return the text."""

    def printed(*values, **options):
        open_console().print(*values, **options)
        return capsys.readouterr().out

    return printed


def test_a_file_gets_lines_of_80_columns(printed):
    lines = printed("word " * 30).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) == 2


def test_brackets_are_printed_as_they_are(printed):
    assert printed("[bold]x[/bold] :smile: [1, 2]") == "[bold]x[/bold] :smile: [1, 2]\n"


def test_a_file_gets_no_colours(printed):
    assert printed("https://example.com 5", style="red") == "https://example.com 5\n"
