"""kintone-orm emulator: starting, serving, stopping, and refused options."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from support.command import run, running
from support.plain_kintone import cells, password
from typer.testing import CliRunner

from kintone_orm import Model, connect, fields, override
from kintone_orm.apps import deploy
from kintone_orm.cli.main import app
from kintone_orm.exceptions import AuthenticationError


class Note(Model):
    text = fields.SingleLineTextField()


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


def test_what_is_kept_in_a_file_is_there_the_next_time(tmp_path):
    arguments = ["emulator", "--port", "0", "--data", str(tmp_path / "kintone.db")]
    with running(*arguments) as command, override(command.connect()):
        number = deploy(Note)["note"]
        Note.objects.create(text="kept")
        command.stop(signal.SIGTERM)

    with running(*arguments) as command, override(command.connect()) as connection:
        connection.apps["note"] = number
        assert Note.objects.get().text == "kept"


def test_a_second_server_on_the_same_file_is_refused_in_a_sentence(tmp_path):
    file = str(tmp_path / "kintone.db")
    with running("emulator", "--port", "0", "--data", file):
        result = run("emulator", "--port", "0", "--data", file)

    assert result.returncode == 2
    assert result.stderr == (
        f"{file} is in use: another emulator has it open. Stop that one, or use another file.\n"
    )


def test_what_was_answered_is_there_after_a_kill(tmp_path):
    arguments = ["emulator", "--port", "0", "--data", str(tmp_path / "crm.db"), "--user", "sato:x"]
    answered: list[int] = []

    with running(*arguments) as command:
        connection = connect(command.url, username="sato", password="x", alias="command")
        app = deploy(Note, using=connection)["note"]

        def write(_: int) -> None:
            with requests.Session() as session:
                session.headers.update(password("sato", "x"))
                body = {"app": app, "records": [cells({"text": "kept"})] * 10}
                while True:
                    answer = session.post(f"{command.url}/k/v1/records.json", json=body)
                    answered.extend(map(int, answer.json()["ids"]))

        with ThreadPoolExecutor(4) as threads:
            writing = [threads.submit(write, i) for i in range(4)]
            while len(answered) < 500:
                time.sleep(0.001)
            assert command.stop(signal.SIGKILL) == -signal.SIGKILL
        assert all(isinstance(call.exception(), requests.RequestException) for call in writing)

    with running(*arguments) as command:
        connection = connect(
            command.url, username="sato", password="x", apps={"note": app}, alias="command"
        )
        stored = {note.id for note in Note.objects.using(connection)}
    assert set(answered) <= stored
    assert len(stored) <= len(answered) + 4 * 10  # killed between writing and answering


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """A command with every option."""
    models = tmp_path_factory.mktemp("app") / "models_of_a_command.py"
    models.write_text("from kintone_orm import Model\n\nclass Order(Model):\n    pass\n", "utf-8")
    arguments = ["--port", "0", "--user", "sato:secret", "--app", str(models), "--verbose"]
    arguments += ["--requests-per-day", "20", "--admin-token", "of my own"]
    with running("emulator", *arguments, stderr=subprocess.PIPE) as command:
        yield command


def test_the_apps_of_models_are_in_the_line_it_prints(command):
    assert command.connect_line.endswith(', apps={"order": 1})')


def test_a_token_is_not_in_the_line_it_prints(command):
    assert "of my own" not in command.connect_line


def test_verbose_is_a_line_for_each_request(command):
    url = f"{command.url}/k/v1/records.json?query=confidential"
    requests.get(url, headers=password("sato", "secret"), timeout=60)
    line = command.process.stderr.readline()
    pattern = r"\S+ \S+ method=GET path=/k/v1/records\.json status=400 ms=[\d.]+\n"
    assert re.fullmatch(pattern, line)


def test_a_day_may_have_an_end(command):
    url = f"{command.url}/k/v1/app.json?id=1"
    sato = password("sato", "secret")
    statuses = [requests.get(url, headers=sato, timeout=60).status_code for _ in range(21)]
    assert set(statuses) == {200, 429}


def test_making_the_apps_of_models_takes_nothing_of_the_day(tmp_path):
    models = tmp_path / "models_of_a_short_day.py"
    models.write_text("from kintone_orm import Model\n\nclass Order(Model):\n    pass\n", "utf-8")
    arguments = ["--port", "0", "--user", "sato:x", "--app", str(models), "--requests-per-day", "3"]
    with running("emulator", *arguments) as command:
        url, sato = f"{command.url}/k/v1/app.json?id=1", password("sato", "x")
        statuses = [requests.get(url, headers=sato, timeout=60).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_faults_are_ordered_with_the_token_that_was_given(command):
    order, headers = {"fault": "service_unavailable"}, {"X-Emulator-Token": "of my own"}
    faults = f"{command.url}/_emulator/faults"
    assert requests.post(faults, json=order, headers=headers, timeout=60).status_code == 200
    assert requests.get(f"{command.url}/k/v1/apps.json", timeout=60).status_code == 503


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--user", "sato"], "Invalid value for --user: write a name, a colon and a password"),
        (["--user", ":x"], "Invalid value for --user: write a name, a colon and a password"),
        (["--user", "sato:"], "Invalid value for --user: write a name, a colon and a password"),
        (["--user", "a:1", "--user", "a:2"], "Invalid value for --user: 'a' is given twice"),
        (
            ["--data", "/"],
            "/ cannot be used as the file for the data: unable to open database file.",
        ),
    ],
)
def test_a_bad_argument_is_refused_in_a_sentence(arguments, sentence):
    result = CliRunner().invoke(app, ["emulator", "--port", "0", *arguments])

    assert isinstance(result.exception, SystemExit)
    assert result.exit_code != 0
    assert result.output.splitlines()[-1].removeprefix("Error: ") == sentence


def test_a_file_without_models_is_refused_in_a_sentence(tmp_path):
    result = CliRunner().invoke(app, ["emulator", "--app", str(tmp_path / "models.py")])

    assert result.exit_code == 2
    assert "There is no Python file" in result.output


def test_a_refused_user_is_not_repeated():
    result = CliRunner().invoke(app, ["emulator", "--user", "secret-without-a-name"])

    assert "secret" not in result.output


@pytest.mark.parametrize(("options", "ordered"), [([], True), (["--no-faults"], False)])
def test_faults_are_ordered_in_a_browser_unless_that_is_switched_off(options, ordered):
    with running("emulator", "--port", "0", *options) as command:
        page = requests.get(f"{command.url}/faults", timeout=30).text

        assert ('<form class="order"' in page) is ordered
