"""kintone-orm emulator --domain: a local kintone for programs in any language."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
import requests
from support.command import MAIN, PATIENCE, run, running
from support.domain_files import app, shop

APP = """
from kintone_orm import Model, fields

class Orders(Model):
    number = fields.SingleLineTextField()
    memo = fields.SingleLineTextField()

class Note(Model):
    text = fields.SingleLineTextField()
"""


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


def test_a_mistake_is_told_with_its_line_and_nothing_is_served(file):
    domain = file({"usres": {}})
    result = run("emulator", "--port", "0", "--domain", domain)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        f'{domain}, line 1: usres: There is no key "usres". Did you mean "users"?\n'
    )


def test_data_that_differs_is_refused_with_the_difference(start, file, tmp_path):
    data = str(tmp_path / "kintone.db")
    with running("emulator", "--port", "0", "--data", data, "--domain", file(app())) as command:
        command.stop(signal.SIGTERM)
    other = file(app(code="ORD"))
    result = run("emulator", "--port", "0", "--data", data, "--domain", other)
    assert result.returncode == 2
    assert result.stderr.splitlines()[0] == (
        f'{other}, line 1: apps.orders.code: The data has "", but the file says "ORD".'
    )


def test_models_complete_the_apps_of_the_file(start, file, tmp_path):
    (tmp_path / "models_of_domain.py").write_text(APP, "utf-8")
    models = str(tmp_path / "models_of_domain.py")
    answer = start("--domain", file(shop()), "--app", models, "--user", "kato:x")
    assert {key: app["id"] for key, app in answer["apps"].items()} == {
        "orders": 12,
        "customers": 1,
        "note": 13,
    }
    login = requests.Session()
    login.auth = None
    login.headers["X-Cybozu-Authorization"] = "a2F0bzp4"  # kato:x
    url = f"{answer['url']}/k/v1/app/form/fields.json?app=12"
    assert "memo" in login.get(url, timeout=60).json()["properties"]


def test_data_that_models_completed_is_that_of_the_file_and_the_models(start, file, tmp_path):
    """The second start was refused: the file makes no field "memo"."""
    (tmp_path / "models_of_data.py").write_text(APP, "utf-8")
    models, data = str(tmp_path / "models_of_data.py"), str(tmp_path / "kintone.db")
    domain = file(shop())
    arguments = ("--domain", domain, "--app", models, "--data", data)
    with running("emulator", "--port", "0", *arguments) as command:
        command.stop(signal.SIGTERM)
    assert start(*arguments)["apps"]["note"]["id"] == 13


def test_webhooks_go_where_the_command_says(file):
    domain = file(app(webhooks=[{"url": "https://hooks.example.com/"}]))
    result = run("emulator", "--port", "0", "--domain", domain)
    assert "Notifications go to this computer only" in result.stderr
    allowed = ["--domain", domain, "--webhook-host", "hooks.example.com"]
    with running("emulator", "--port", "0", *allowed) as command:
        assert command.stop(signal.SIGTERM) == 0
