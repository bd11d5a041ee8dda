from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from support.connecting import URL, made
from support.exposure import exposed_markers
from support.markers import PASSWORD

from kintone_orm.connection import Limiter, connect
from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    pass


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


@pytest.mark.parametrize("value", [-1, "5", True, False, None, math.nan, math.inf, 1e20])
def test_a_pause_is_a_number_of_seconds(value: object) -> None:
    with pytest.raises(ImproperlyConfigured, match="'keep_alive'"):
        connect("https://x.cybozu.com", api_token="t", keep_alive=value)  # type: ignore[arg-type]


def test_a_pause_may_be_zero() -> None:
    connect("https://x.cybozu.com", api_token="t", keep_alive=0)


@pytest.mark.parametrize("zone", [5, True, b"UTC", ["UTC"]])
def test_a_time_zone_of_another_type_is_refused(zone: object) -> None:
    with pytest.raises(ImproperlyConfigured, match="'timezone' must be an IANA name or a tzinfo"):
        connect("https://x.cybozu.com", api_token="t", timezone=zone)  # type: ignore[arg-type]


@pytest.mark.parametrize("id_", [0, -1, 1.5, True, math.nan, "x", "", None])
def test_the_id_of_an_app_is_a_whole_number_above_zero(id_: object) -> None:
    with pytest.raises(ImproperlyConfigured, match="'apps' must be a mapping of keys"):
        connect("https://x.cybozu.com", api_token="t", apps={"a": id_})  # type: ignore[dict-item]


@pytest.mark.parametrize("alias", [5, None, "", b"x", []])
def test_an_alias_is_a_text(alias: object) -> None:
    with pytest.raises(ImproperlyConfigured, match="'alias' must be a text"):
        connect("https://x.cybozu.com", api_token="t", alias=alias)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["timeout", "deadline", "keep_alive"])
@pytest.mark.parametrize("value", [4_000_001, 1e20, 10**400])
def test_a_time_that_no_system_can_wait_is_refused(name: str, value: float) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"'{name}' must be"):
        connect("https://x.cybozu.com", api_token="t", **{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", b"usage", 5])
def test_usage_is_the_path_of_a_file(value: object) -> None:
    with pytest.raises(ImproperlyConfigured, match="'usage' must be the path of a file"):
        connect("https://x.cybozu.com", api_token="t", usage=value)  # type: ignore[arg-type]


def test_the_class_of_a_limiter_is_no_limiter() -> None:
    with pytest.raises(ImproperlyConfigured, match="'limiter' must be a Limiter.* not a "):
        connect("https://x.cybozu.com", api_token="t", limiter=Limiter)  # type: ignore[arg-type]


def test_the_url_of_a_redis_is_no_limiter_and_is_not_shown() -> None:
    with pytest.raises(ImproperlyConfigured, match="'limiter' must be .*, not text") as refused:
        connect(
            "https://x.cybozu.com",
            api_token="t",
            limiter=f"redis://:{quote(PASSWORD, safe='')}@localhost",  # type: ignore[arg-type]
        )
    assert exposed_markers(refused.value) == []
