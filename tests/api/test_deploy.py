from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.deploy import deploy_apps, get_deploy_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.connection import Connection

    Sent = Callable[..., Any]

PATH = "/k/v1/preview/app/deploy.json"


def test_deploying_apps(sent: Sent) -> None:
    arguments = {"apps": [{"app": 7, "revision": 2}, {"app": 8}]}
    assert sent(deploy_apps, **arguments) == ("POST", PATH, arguments)


def test_throwing_the_changes_away(sent: Sent) -> None:
    arguments = {"apps": [{"app": 7}], "revert": True}
    assert sent(deploy_apps, **arguments) == ("POST", PATH, arguments)


def test_asking_how_it_goes(sent: Sent) -> None:
    assert sent(get_deploy_status, apps=[7, 8]) == ("GET", PATH, {"apps[0]": "7", "apps[1]": "8"})


@pytest.mark.parametrize(("function", "app"), [(deploy_apps, {"app": 7}), (get_deploy_status, 7)])
def test_300_apps_are_deployed_at_most(
    connection: Connection, function: Callable[..., Any], app: Any
) -> None:
    with pytest.raises(ValueError, match="'apps' has 301 items"):
        function(connection, apps=[app] * 301)
