from __future__ import annotations

import pytest
from support.connecting import made
from support.recording_adapter import RecordingAdapter

from kintone_orm.connection import Connections, connections, override
from kintone_orm.exceptions import ImproperlyConfigured


def test_closing_all_connections_closes_what_is_open(adapter: RecordingAdapter) -> None:
    own = Connections()
    own.add(made(adapter, alias="open"))
    own.add(made(RecordingAdapter(), alias="never used"))
    own["open"].request("GET", "apps")
    own.close()
    assert adapter.closed == 1


def test_a_deleted_alias_is_unknown() -> None:
    made(alias="sales")
    del connections["sales"]
    with pytest.raises(ImproperlyConfigured, match=r"'sales' .*alias='sales'"):
        connections["sales"]


def test_an_unknown_alias_is_refused_with_the_known_ones() -> None:
    own = Connections()
    own.add(made(alias="sales"))
    with pytest.raises(ImproperlyConfigured, match=r"No connection .* 'sale' \(known: sales\)"):
        own.resolve("sale")


def test_a_connection_or_its_alias_is_meant_before_all_else() -> None:
    sales, other = made(alias="sales"), made(alias="other")
    with override(other):
        assert connections.resolve(sales) is sales
        assert connections.resolve("sales", default="other") is sales


def test_the_models_own_is_meant_before_the_default() -> None:
    sales = made(alias="sales")
    assert connections.resolve(default="sales") is sales
