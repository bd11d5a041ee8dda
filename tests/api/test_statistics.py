from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.statistics import get_app_statistics

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.connection import Connection


def test_a_page_of_apps_is_asked_for(sent: Callable[..., Any]) -> None:
    expected = ("GET", "/k/v1/apps/statistics.json", {"limit": "10", "offset": "20"})
    assert sent(get_app_statistics, limit=10, offset=20) == expected


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_has_one_to_a_hundred_apps(connection: Connection, limit: int) -> None:
    with pytest.raises(ValueError, match=f"'limit' is {limit}, but a page has 1 to 100 apps"):
        get_app_statistics(connection, limit=limit)
