from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.status import update_assignees, update_status, update_statuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.connection import Connection

    Sent = Callable[..., Any]


def test_running_an_action(sent: Sent) -> None:
    expected = ("PUT", "/k/v1/record/status.json", {"app": 7, "id": 1, "action": "Start"})
    assert sent(update_status, app=7, id=1, action="Start") == expected


def test_running_an_action_of_a_revision_for_an_assignee(sent: Sent) -> None:
    arguments = {"app": 7, "id": 1, "action": "Start", "assignee": "sato", "revision": 2}
    assert sent(update_status, **arguments) == ("PUT", "/k/v1/record/status.json", arguments)


def test_running_actions_on_many_records(sent: Sent) -> None:
    arguments = {"app": 7, "records": [{"id": 1, "action": "Start"}]}
    assert sent(update_statuses, **arguments) == ("PUT", "/k/v1/records/status.json", arguments)


@pytest.mark.parametrize("assignees", [[], ["sato"]])
def test_setting_the_assignees(sent: Sent, assignees: list[str]) -> None:
    arguments = {"app": 7, "id": 1, "assignees": assignees}
    assert sent(update_assignees, **arguments) == (
        "PUT",
        "/k/v1/record/assignees.json",
        arguments,
    )


def test_a_request_takes_a_hundred_records(connection: Connection) -> None:
    with pytest.raises(ValueError, match="'records' has 101 items"):
        update_statuses(connection, app=7, records=[{}] * 101)


def test_a_record_takes_a_hundred_assignees(connection: Connection) -> None:
    with pytest.raises(ValueError, match="'assignees' has 101 items"):
        update_assignees(connection, app=7, id=1, assignees=["sato"] * 101)
