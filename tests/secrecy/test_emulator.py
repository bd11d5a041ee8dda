"""The emulator's pages, journal and logs show no secret of its callers."""

from __future__ import annotations

import logging
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from support.markers import LOGINS, PASSWORD, USER, find_markers

from kintone_orm.connection import connect, connections
from kintone_orm.emulator import Emulator
from kintone_orm.exceptions import KintoneORMError

if TYPE_CHECKING:
    from collections.abc import Iterator

werkzeug_test = pytest.importorskip("werkzeug.test")
wsgi = pytest.importorskip("kintone_orm.emulator.wsgi")
pytest.importorskip("jinja2")


@pytest.fixture
def emulator(caplog: pytest.LogCaptureFixture) -> Iterator[Emulator]:
    """An emulator after a request with each login. It accepts the user's password only."""
    caplog.set_level(logging.DEBUG)
    with closing(Emulator(users={USER: PASSWORD})) as emulator:
        for arguments in LOGINS.values():
            connection: Any = connect(
                "https://x.invalid", adapter=emulator.adapter(), alias="secret", **arguments
            )
            try:
                connection.request("GET", "apps", {"name": "a"})
            except KintoneORMError:
                assert "password" not in arguments
        del connections["secret"]
        yield emulator


def test_no_page_shows_a_secret(emulator: Emulator) -> None:
    client = werkzeug_test.Client(wsgi.WSGIApplication(emulator))
    numbers = [exchange.number for exchange in emulator.overview().exchanges]
    assert len(numbers) == len(LOGINS)
    for path in ("/", "/requests", *(f"/requests/{number}" for number in numbers)):
        response = client.get(path, environ_base={"REMOTE_ADDR": "127.0.0.1"})
        assert response.status_code == 200
        assert find_markers(response.get_data(as_text=True)) == []


def test_the_journal_keeps_no_secret(emulator: Emulator) -> None:
    exchanges = emulator._proxy.journal.latest()
    headers = [exchange.request.headers for exchange in exchanges]
    assert sum("Authorization" in names for names in headers) == len(LOGINS)
    assert find_markers(repr([exchanges, headers])) == []


@pytest.mark.usefixtures("emulator")
def test_the_logs_show_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    lines = caplog.get_records("setup")
    assert "kintone_orm.emulator.journal" in {line.name for line in lines}
    for line in lines:
        assert find_markers(f"{line.getMessage()}\n{vars(line)}") == []


def test_no_repr_of_the_emulator_shows_a_secret(emulator: Emulator) -> None:
    assert find_markers(repr([emulator, vars(emulator)])) == []
