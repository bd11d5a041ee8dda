from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.apps import (
    add_app,
    get_app,
    get_app_settings,
    get_apps,
    update_app_settings,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.connection import Connection

    Sent = Callable[..., Any]


def test_getting_an_app(sent: Sent) -> None:
    assert sent(get_app, id=7) == ("GET", "/k/v1/app.json", {"id": "7"})


def test_getting_apps(sent: Sent) -> None:
    assert sent(get_apps) == ("GET", "/k/v1/apps.json", {"limit": "100", "offset": "0"})


def test_getting_some_apps(sent: Sent) -> None:
    arguments = {"ids": [7], "codes": ["A"], "name": "x", "space_ids": [3], "limit": 5, "offset": 9}
    assert sent(get_apps, **arguments)[2] == {
        "ids[0]": "7",
        "codes[0]": "A",
        "name": "x",
        "spaceIds[0]": "3",
        "limit": "5",
        "offset": "9",
    }


def test_adding_an_app(sent: Sent) -> None:
    assert sent(add_app, name="x") == ("POST", "/k/v1/preview/app.json", {"name": "x"})


def test_adding_an_app_in_a_space(sent: Sent) -> None:
    arguments = {"name": "x", "space": 3, "thread": 4}
    assert sent(add_app, **arguments) == ("POST", "/k/v1/preview/app.json", arguments)


@pytest.mark.parametrize(
    ("preview", "path"),
    [(False, "/k/v1/app/settings.json"), (True, "/k/v1/preview/app/settings.json")],
)
def test_getting_the_settings(sent: Sent, preview: bool, path: str) -> None:
    assert sent(get_app_settings, app=7, preview=preview) == ("GET", path, {"app": "7"})


def test_updating_the_settings(sent: Sent) -> None:
    expected = {"app": 7, "name": "x", "revision": 2}
    assert sent(update_app_settings, app=7, settings={"name": "x"}, revision=2) == (
        "PUT",
        "/k/v1/preview/app/settings.json",
        expected,
    )


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ({"limit": 0}, "'limit' is 0, but a page has 1 to 100"),
        ({"limit": 101}, "'limit' is 101, but a page has 1 to 100"),
        ({"ids": range(101)}, "'ids' has 101 items"),
        ({"codes": ["A"] * 101}, "'codes' has 101 items"),
        ({"space_ids": range(101)}, "'space_ids' has 101 items"),
    ],
)
def test_a_page_of_apps_has_limits(
    connection: Connection, arguments: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(ValueError, match=refusal):
        get_apps(connection, **arguments)


def test_a_space_goes_with_its_thread(connection: Connection) -> None:
    with pytest.raises(ValueError, match="needs 'space' and 'thread' together"):
        add_app(connection, name="x", space=3)
