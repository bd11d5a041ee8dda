from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.process import get_process, update_process

if TYPE_CHECKING:
    from collections.abc import Callable

    Sent = Callable[..., Any]

PREVIEW = "/k/v1/preview/app/status.json"


@pytest.mark.parametrize(("preview", "path"), [(False, "/k/v1/app/status.json"), (True, PREVIEW)])
def test_getting_the_process(sent: Sent, preview: bool, path: str) -> None:
    expected = ("GET", path, {"app": "7", "lang": "ja"})
    assert sent(get_process, app=7, lang="ja", preview=preview) == expected


def test_updating_the_process(sent: Sent) -> None:
    arguments = {"app": 7, "enable": True, "states": {}, "actions": [], "revision": 2}
    assert sent(update_process, **arguments) == ("PUT", PREVIEW, arguments)


def test_switching_the_process_off(sent: Sent) -> None:
    assert sent(update_process, app=7, enable=False)[2] == {"app": 7, "enable": False}
