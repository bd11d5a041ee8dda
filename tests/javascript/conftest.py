"""kintone's official programs for Node.js, and an emulator on localhost for them.

`tox run -e javascript` installs the programs and says where; without that, the tests are skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.plain_kintone import Kintone, password

from kintone_orm.emulator import Emulator

CALLER = Path(__file__).with_name("caller.js")


@pytest.fixture(scope="session")
def node_modules():
    """The directory in which npm installed the programs."""
    return Path(os.environ["KINTONE_ORM_NODE_MODULES"])


@pytest.fixture
def emulator():
    emulator = Emulator(users={"sato": "secret", "kato": "other"})
    yield emulator
    emulator.close()


@pytest.fixture
def kintone(emulator):
    """A caller of the same kintone that does not use the programs."""
    return Kintone(emulator, password("sato", "secret"))


@pytest.fixture
def url(emulator):
    serve = pytest.importorskip("kintone_orm.emulator.server").serve
    with serve(emulator) as server:
        yield server.url


@pytest.fixture
def start_client(node_modules):
    """Start the official JavaScript client in its own process, with these credentials."""
    with ExitStack() as started:

        def start(url, **auth):
            process = subprocess.Popen(
                ["node", CALLER, url, json.dumps(auth)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                env={"PATH": os.environ["PATH"], "NODE_PATH": str(node_modules)},
            )
            return Client(started.enter_context(process))

        yield start


@pytest.fixture
def client(url, start_client):
    """The client of the first user."""
    return start_client(url, username="sato", password="secret")


class Client:
    """Calls methods of the official client, such as "record.addRecord" or "bulkRequest"."""

    def __init__(self, process):
        self._process = process

    def ok(self, name, /, **parameters):
        """The result of a call that succeeds."""
        outcome = self._call(name, parameters)
        assert "error" not in outcome, outcome
        return outcome["answer"]

    def error(self, name, /, **parameters):
        """The error of a call that fails."""
        return self._call(name, parameters)["error"]

    def _call(self, name, parameters):
        api, _, method = name.rpartition(".")
        call = {"api": api, "method": method, "parameters": parameters}
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())
