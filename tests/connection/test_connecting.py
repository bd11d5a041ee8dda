from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.connecting import URL, made
from support.recording_adapter import RecordingAdapter

from kintone_orm.connection import Connections, connect, connections
from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    pass


def test_what_is_missing_is_told_with_the_connections_name() -> None:
    connection = connect(alias="sales")
    with pytest.raises(ImproperlyConfigured, match="Connection 'sales': There is no base_url"):
        connection.request("GET", "apps")


def test_a_contradiction_is_told_at_once() -> None:
    with pytest.raises(ImproperlyConfigured, match="Give one of them"):
        connect(URL, api_token="t", oauth_token="o")


def test_connect_registers_under_the_alias() -> None:
    connection = made(alias="sales")
    assert connections["sales"] is connection
    assert "sales" in connections
    assert "sales" in list(connections)


def test_a_connection_is_closed_when_another_takes_its_alias(adapter: RecordingAdapter) -> None:
    made(adapter).request("GET", "apps")
    made()
    assert adapter.closed == 1


def test_the_default_is_made_when_it_is_asked_for() -> None:
    own = Connections()
    assert list(own) == []
    assert own.resolve() is own.resolve()
