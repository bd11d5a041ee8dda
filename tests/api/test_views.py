from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.views import get_views, update_views

if TYPE_CHECKING:
    from collections.abc import Callable

    Sent = Callable[..., Any]

PREVIEW = "/k/v1/preview/app/views.json"


@pytest.mark.parametrize(("preview", "path"), [(False, "/k/v1/app/views.json"), (True, PREVIEW)])
def test_getting_the_views(sent: Sent, preview: bool, path: str) -> None:
    assert sent(get_views, app=7, preview=preview) == ("GET", path, {"app": "7"})


def test_updating_the_views(sent: Sent) -> None:
    arguments = {"app": 7, "views": {"All": {"type": "LIST"}}, "revision": 2}
    assert sent(update_views, **arguments) == ("PUT", PREVIEW, arguments)
