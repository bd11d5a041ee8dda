from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.spaces import get_space

if TYPE_CHECKING:
    from collections.abc import Callable

    Sent = Callable[..., Any]


def test_getting_a_space(sent: Sent) -> None:
    assert sent(get_space, id=3) == ("GET", "/k/v1/space.json", {"id": "3"})
