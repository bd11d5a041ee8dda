"""The address, ids and tokens that the emulator prints, as text and as JSON."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys

import pytest
import requests
from support.command import MAIN, PATIENCE, run, running
from support.domain_files import app, shop

from kintone_orm import Model, fields, override
from kintone_orm.apps import deploy


@pytest.fixture
def file(tmp_path):
    """Write a domain file and return its path."""

    def write(domain):
        path = tmp_path / "domain.json"
        path.write_text(json.dumps(domain), "utf-8")
        return str(path)

    return write


@pytest.fixture
def start():
    """Start the command with --json and return the JSON that it prints."""
    started = []

    def start_command(*arguments):
        command = [sys.executable, "-c", MAIN, "emulator", "--port", "0", "--json", *arguments]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8"))
        return json.loads(started[-1].stdout.readline())

    yield start_command
    for process in started:
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=PATIENCE) == ("", None)


def test_json_has_the_ids_and_tokens_for_scripts(start, file):
    answer = start("--domain", file(shop(groups={"sales": {"id": 9}}, spaces={"crm": {}})))
    token = answer["apps"]["orders"]["tokens"]["ci"]
    url = f"{answer['url']}/k/v1/records.json?app=12&query=order by $id asc"
    records = requests.get(url, headers={"X-Cybozu-API-Token": token}, timeout=60).json()["records"]
    assert [record["number"]["value"] for record in records] == ["1", "2"]
    del answer["url"]
    assert answer == {
        "username": "sato",
        "apps": {
            "orders": {"id": 12, "tokens": {"ci": token}},
            "customers": {"id": 1, "tokens": {}},
        },
        "spaces": {"crm": {"id": 1, "thread": 1, "guest": False}},
        "groups": {"sales": {"id": 9}},
    }


def test_json_has_a_password_that_nobody_chose(start):
    answer = start()
    assert answer["username"] == "Administrator"
    assert len(answer["password"]) > 10


def test_a_person_is_told_the_ids_and_tokens(file):
    domain = file(app(id=5, tokens={"ci": {"token": "my-own"}}))
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, "emulator", "--port", "0", "--domain", domain],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        lines = [process.stdout.readline().rstrip("\n") for _ in range(4)]
        process.kill()
    assert lines[1].endswith('username="sato", password="...", apps={"orders": 5})')
    assert lines[2:] == ["App orders: 5", "    API token ci: my-own"]


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


def test_a_password_that_was_given_is_not_repeated():
    with running("emulator", "--port", "0", "--user", "sato:secret") as command:
        assert 'username="sato", password="..."' in command.connect_line


def test_a_port_that_is_taken_is_refused_in_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("emulator", "--port", str(port))

    assert result.returncode == 2
    assert result.stderr == (
        f"Port {port} is in use or not allowed. Choose another port, or --port 0.\n"
    )
