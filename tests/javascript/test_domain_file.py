"""kintone's official programs against an emulator of a domain file, which is another process.

Nothing here uses kintone_orm in Python: it is started as a command, and asked for JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

if "KINTONE_ORM_NODE_MODULES" not in os.environ:
    pytest.skip("tox run -e javascript", allow_module_level=True)

from support.command import MAIN

SHOP = {
    "users": {"sato": {"password": "secret"}},
    "spaces": {"crm": {"id": 3, "name": "Sales"}},
    "apps": {
        "orders": {
            "id": 12,
            "form": {
                "properties": {
                    "number": {"type": "SINGLE_LINE_TEXT", "unique": True},
                    "customer": {
                        "type": "SINGLE_LINE_TEXT",
                        "lookup": {
                            "relatedApp": {"app": "customers"},
                            "relatedKeyField": "code",
                            "fieldMappings": [],
                        },
                    },
                }
            },
            "tokens": {
                "ci": {"permissions": ["view", "delete"]},
                "fixed": {"permissions": ["view", "add"], "token": "my-own-token"},
            },
            "records": [{"number": str(number), "customer": "C-1"} for number in range(1, 4)],
        },
        "customers": {
            "form": {"properties": {"code": {"type": "SINGLE_LINE_TEXT", "unique": True}}},
            "tokens": {"look": {}},
            "records": [{"code": "C-1"}],
        },
    },
}


@pytest.fixture
def started(tmp_path):
    """The JSON printed by the command that serves the domain file."""
    file = tmp_path / "shop.json"
    file.write_text(json.dumps(SHOP), encoding="utf-8")
    command = [sys.executable, "-c", MAIN, "emulator", "--port", "0", "--json", "--domain", file]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        yield json.loads(process.stdout.readline())
        process.terminate()


@pytest.fixture
def client(started, start_client):
    """The official client with the password of the file."""
    return start_client(started["url"], username="sato", password="secret")


def numbers(client, app):
    records = client.ok("record.getAllRecords", app=app, orderBy="$id asc")
    return [record["number"]["value"] for record in records]


def test_the_client_reads_what_the_file_says(client, started):
    app = started["apps"]["orders"]["id"]
    assert numbers(client, app) == ["1", "2", "3"]
    fields = client.ok("app.getFormFields", app=app)["properties"]
    customers = started["apps"]["customers"]["id"]
    assert fields["customer"]["lookup"]["relatedApp"]["app"] == str(customers)


def test_the_client_works_with_the_tokens_that_were_made_and_fixed(started, start_client):
    tokens = ["my-own-token", started["apps"]["customers"]["tokens"]["look"]]
    client = start_client(started["url"], apiToken=tokens)
    record = {"number": {"value": "4"}, "customer": {"value": "C-1"}}
    client.ok("record.addRecord", app=12, record=record)
    assert numbers(client, 12) == ["1", "2", "3", "4"]
    error = client.error("record.deleteRecords", app=12, ids=[1])
    assert (error["status"], error["code"]) == (403, "GAIA_NO01")


def test_the_client_makes_an_app_in_a_space_of_the_file(client, started):
    space = started["spaces"]["crm"]["id"]
    app = client.ok("app.addApp", name="Notes", space=space)["app"]
    client.ok("app.deployApp", apps=[{"app": app}])
    while client.ok("app.getDeployStatus", apps=[app])["apps"][0]["status"] == "PROCESSING":
        pass
    assert client.ok("app.getApp", id=app)["spaceId"] == "3"
    (attached,) = client.ok("space.getSpace", id=space)["attachedApps"]
    assert attached["name"] == "Notes"


def test_the_command_line_deletes_records_with_a_token(started, client, node_modules, tmp_path):
    (tmp_path / "doomed.csv").write_text("Record_number\n1\n3\n", encoding="utf-8")
    orders = started["apps"]["orders"]
    done = subprocess.run(
        [
            node_modules / ".bin" / "cli-kintone",
            *("record", "delete", "--yes", "--file-path", "doomed.csv"),
            *("--base-url", started["url"], "--app", str(orders["id"])),
            *("--api-token", orders["tokens"]["ci"]),
        ],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert numbers(client, orders["id"]) == ["2"]
