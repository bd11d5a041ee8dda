"""kintone-orm emulator: a process that serves, and one that refuses to."""

from __future__ import annotations

import signal
import socket

import pytest
from command import run, running
from typer.testing import CliRunner

from kintone_orm import Model, connect, fields, override
from kintone_orm.apps import deploy
from kintone_orm.cli.main import app
from kintone_orm.exceptions import AuthenticationError


class Note(Model):
    text = fields.SingleLineTextField()


def test_the_line_it_prints_connects():
    with running("emulator", "--port", "0") as command, override(command.connect()):
        deploy(Note)
        Note.objects.create(text="over HTTP")

        assert Note.objects.get().text == "over HTTP"


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_without_a_fault(by):
    with running("emulator", "--port", "0") as command:
        assert command.stop(by) == 0


def test_a_signal_ends_it_while_a_client_is_connected():
    with running("emulator", "--port", "0") as command, override(command.connect()):
        deploy(Note)

        assert command.stop(signal.SIGTERM) == 0


def test_the_users_given_may_sign_in():
    with running("emulator", "--port", "0", "--user", "sato:a:b", "--user", "ito:c") as command:
        for name, password in {"sato": "a:b", "ito": "c"}.items():
            connection = connect(command.url, username=name, password=password, alias="command")
            assert connection.request("GET", "apps") == {"apps": []}


def test_nobody_else_may_sign_in():
    with running("emulator", "--port", "0", "--user", "sato:secret") as command:
        connection = connect(command.url, username="sato", password="wrong", alias="command")
        with pytest.raises(AuthenticationError):
            connection.request("GET", "apps")


def test_a_password_that_was_given_is_not_repeated():
    with running("emulator", "--port", "0", "--user", "sato:secret") as command:
        assert 'username="sato", password="..."' in command.connect_line


def test_what_is_kept_in_a_file_is_there_the_next_time(tmp_path):
    arguments = ["emulator", "--port", "0", "--data", str(tmp_path / "kintone.db")]
    with running(*arguments) as command, override(command.connect()):
        number = deploy(Note)["note"]
        Note.objects.create(text="kept")
        command.stop(signal.SIGTERM)

    with running(*arguments) as command, override(command.connect()) as connection:
        connection.apps["note"] = number
        assert Note.objects.get().text == "kept"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--user", "sato"], "Invalid value for --user: it takes a name, a colon and a password"),
        (["--user", ":x"], "Invalid value for --user: it takes a name, a colon and a password"),
        (["--user", "sato:"], "Invalid value for --user: it takes a name, a colon and a password"),
        (["--user", "a:1", "--user", "a:2"], "Invalid value for --user: 'a' is there twice"),
        (["--data", "/"], "/ cannot be used to keep data in: unable to open database file."),
    ],
)
def test_a_bad_argument_is_refused_in_a_sentence(arguments, sentence):
    said = CliRunner().invoke(app, ["emulator", "--port", "0", *arguments])

    assert isinstance(said.exception, SystemExit)
    assert said.exit_code != 0
    assert said.output.splitlines()[-1].removeprefix("Error: ") == sentence


def test_a_refused_user_is_not_repeated():
    said = CliRunner().invoke(app, ["emulator", "--user", "secret-without-a-name"])

    assert "secret" not in said.output


def test_a_port_that_is_taken_is_refused_in_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = run("emulator", "--port", str(port))

    assert said.returncode == 1
    assert said.stderr == (
        f"Port {port} is taken, or not yours to take: choose another one, or --port 0.\n"
    )
