from __future__ import annotations

import io
import sys

import pytest
from support import terminal

from kintone_orm.cli.terminal import ask, ask_secret, fail, is_interactive, open_console


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


def test_no_color_is_heeded_in_a_terminal(monkeypatch):
    class Screen(io.StringIO):
        def isatty(self):
            return True

    def text():
        screen = Screen()
        monkeypatch.setattr(sys, "stdout", screen)
        open_console().print("late", style="red")
        return screen.getvalue()

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "31m" in text()
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in text()


def test_a_failure_is_a_sentence_on_standard_error_and_exit_code_2(capsys):
    with pytest.raises(SystemExit) as end:
        fail("It cannot be.")
    assert end.value.code == 2
    assert capsys.readouterr() == ("", "It cannot be.\n")


def test_a_terminal_does_not_obey_a_failure(capsys):
    with pytest.raises(SystemExit):
        fail("The server says \x1b]0;x\x07.")
    assert capsys.readouterr().err == "The server says \\x1b]0;x\\x07.\n"


@pytest.mark.skipif(terminal.IS_MISSING, reason="needs a terminal")
def test_a_question_is_repeated_until_it_is_answered(monkeypatch, capsys):
    answers = []
    end, screen = terminal.call_in_terminal(
        monkeypatch, lambda: answers.append((is_interactive(), ask("Go on?"))), "perhaps", "YES"
    )
    assert (end, answers) == (0, [(True, True)])
    assert screen.count("Go on? [y/N]: ") == 2
    assert capsys.readouterr().out == ""


def test_in_a_pipe_no_secret_is_asked_for(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("hush\n"))
    with pytest.raises(SystemExit, match="2"):
        ask_secret("The password of sato", otherwise="Set KINTONE_PASSWORD.")
    assert capsys.readouterr().err == (
        "The password of sato is not known, and there is no terminal to ask for it. "
        "Set KINTONE_PASSWORD.\n"
    )
