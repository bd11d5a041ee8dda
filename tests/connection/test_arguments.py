from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from support.recording_adapter import RecordingAdapter

from kintone_orm.connection import Connection, connect, connections
from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "https://example.cybozu.com"


@pytest.fixture(autouse=True)
def _no_connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("BASE_URL", "API_TOKEN", "USERNAME", "PASSWORD", "GUEST_SPACE_ID"):
        monkeypatch.delenv(f"KINTONE_{name}", raising=False)
    before = set(connections)
    yield
    for alias in set(connections) - before:
        del connections[alias]


@pytest.fixture
def adapter() -> RecordingAdapter:
    return RecordingAdapter()


def made(adapter: RecordingAdapter | None = None, **arguments: Any) -> Connection:
    return connect(URL, **{"api_token": "hush", "adapter": adapter, **arguments})


@pytest.mark.parametrize("apps", [{1: 2}, {"a": "x"}, [1], {"a": None}])
def test_apps_that_are_no_keys_and_ids_are_refused(apps: Any) -> None:
    with pytest.raises(
        ImproperlyConfigured, match="'apps' must be a mapping of keys, which are text"
    ):
        connect(URL, apps=apps)


def test_a_zone_of_pytz_is_refused_because_it_is_off_by_minutes() -> None:
    class PytzZone(dt.tzinfo):
        def localize(self) -> None: ...

        def __str__(self) -> str:
            return "Asia/Tokyo"

    with pytest.raises(ImproperlyConfigured, match="Give the name 'Asia/Tokyo'"):
        connect(URL, timezone=PytzZone())


@pytest.mark.parametrize("zone", ["Asia/Tokyo", ZoneInfo("Asia/Tokyo")])
def test_a_time_zone_is_a_name_or_an_object(zone: str | dt.tzinfo) -> None:
    assert made(timezone=zone).timezone == ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize("zone", ["Tokyo", "../etc/passwd", "Asia", ""])
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"'timezone': .*'Asia/Tokyo'"):
        made(timezone=zone)
