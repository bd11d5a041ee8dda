"""Workflow: running actions of the app's process on records, and assigning records.

kintone raises the revision by two for an action, so the new revision is taken from the answer.
Status, assignees, modifier and updated time are deferred: the next access reads them.

Source: kintone REST API, "Update Status", "Update Statuses", "Update Assignees".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.api.answers import checked
from kintone_orm.api.caller import drop_none
from kintone_orm.api.status import update_assignees, update_status, update_statuses
from kintone_orm.deprecation import renamed_names
from kintone_orm.exceptions import WorkflowError
from kintone_orm.fields import User
from kintone_orm.models import writing
from kintone_orm.models.around.process_settings import (
    Action,
    actions_from,
    read_statuses,
    require_process,
)
from kintone_orm.models.around.workflow_refusals import (
    ADVICE_ON_LOST_ACTION,
    explain_bulk_refusal,
    explaining_refusals,
)
from kintone_orm.models.definition.undeclared import Undeclared, field_of_type
from kintone_orm.models.record.home import connection_of, must_check, require_id
from kintone_orm.models.record.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import APIError, KintoneORMError
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Answer
    from kintone_orm.models.writing.records import Owner

__all__ = ["Step", "Workflow", "act", "act_on_instances"]

_REVISIONS_PER_ACTION = 2
_REVISIONS_PER_ASSIGNMENT = 1


class Workflow(Instance):
    """The part of `Model` for workflow, which kintone calls process management."""

    __slots__ = ()

    # A type checker must see only the fields that a model declares.
    if not TYPE_CHECKING:
        status = Undeclared("StatusField", "STATUS", way_out='order.transition("Approve")')
        assignees = Undeclared(
            "StatusAssigneeField", "STATUS_ASSIGNEE", way_out='order.assign(["kato"])'
        )

    def transition(
        self,
        action: Action | str,
        *,
        assignee: User | str | None = None,
        check_revision: bool | None = None,
    ) -> None:
        """Run an action of the app's process, which takes the record to another status.

        One request. `action` is the action's name in the user's language, or one of
        `available_actions`. `assignee` is a `User` or a login name; give it where the next status
        lets the user choose one assignee. Unsaved changes stay, and are not sent. The revision is
        sent as in `save`: if somebody else wrote the record, the model's Conflict is raised.

        A refusal is a WorkflowError: ActionNotAvailable, NotAssignee, AssigneeRequired,
        AssigneeNotTaken or ProcessDisabled. It names the record, its status and the actions of
        that status, which two more requests read. Raises DoesNotExist if the record no longer
        exists. If the answer was lost, the action is never sent again, because the next status may
        have an action of the same name. Source: "kintone REST API: Update Status".
        """
        meta, id_, check = self._meta, require_id(self), must_check(self, check_revision)
        name, who = _action_name(action), _assignee(assignee)
        connection = connection_of(self)
        lost = f"The action may have been run: {ADVICE_ON_LOST_ACTION}."
        with (
            writing.refusals.translating_refusals(self, lost=lost),
            explaining_refusals(meta, connection, id_, name),
        ):
            answer = update_status(
                checked(connection),
                app=meta.app_id(connection),
                id=id_,
                action=name,
                assignee=who,
                revision=self.revision if check else None,
            )
        _apply_move(self, answer["revision"], steps=_REVISIONS_PER_ACTION)

    def available_actions(self) -> list[Action]:
        """Return the actions that lead out of the record's status, in the order of the settings.

        The list is empty at the end of the process. The settings are read once for each connection
        and app, in one request. The status is that of the model's StatusField; a model without one
        costs one more request. The list does not tell whether you may run an action, nor whether
        the record satisfies its `condition`. Names are in the app's own language. Raises
        ProcessDisabled if the app has no process, and DoesNotExist if the record no longer exists.
        Source: "kintone REST API: Get Process Management Settings".
        """
        meta, id_ = self._meta, require_id(self)
        connection = connection_of(self)
        process = require_process(meta, connection)
        field = field_of_type(meta, "STATUS")
        if field is not None:
            status = field.__get__(self, type(self))
        else:
            current = read_statuses(meta, connection, [id_]).get(id_)
            status = None if current is None else current.status
        # Somebody has edited the process since the settings were read.
        if status not in process["states"]:
            process = require_process(meta, connection, afresh=True)
        if status is None:
            raise type(self).DoesNotExist(f"{self!r} no longer exists in kintone.")
        return actions_from(process, status)

    def assign(
        self, assignees: Iterable[User | str], *, check_revision: bool | None = None
    ) -> None:
        """Replace the record's assignees by these users, each a `User` or a login name.

        One request, for at most 100 users; an empty list removes all assignees. Raises
        ValidationError for several users if the status allows only one assignee. Raises
        ProcessDisabled, Conflict and DoesNotExist as `transition` does. Source: "kintone REST API:
        Update Assignees".
        """
        if isinstance(assignees, str) or not hasattr(assignees, "__iter__"):
            raise TypeError(f"assign() takes a list of users, not {assignees!r:.80}.")
        meta, check = self._meta, must_check(self, check_revision)
        names = [_login_name(who) for who in assignees]
        connection = connection_of(self)
        with writing.refusals.translating_refusals(self):
            answer = update_assignees(
                checked(connection),
                app=meta.app_id(connection),
                id=require_id(self),
                assignees=names,
                revision=self.revision if check else None,
            )
        _apply_move(self, answer["revision"], steps=_REVISIONS_PER_ASSIGNMENT)


class Step(NamedTuple):
    """An action to run, by its name, and the login name of the assignee, if one is chosen."""

    action: str
    assignee: str | None

    @classmethod
    def of(cls, action: Action | str, assignee: User | str | None) -> Step:
        """Return the step with this action and this assignee; TypeError if one has a wrong type."""
        return cls(_action_name(action), _assignee(assignee))


def act_on_instances(
    meta: Meta,
    instances: Sequence[Instance],
    connection: Connection,
    owner: Owner,
    step: Step,
    *,
    check_revision: bool,
) -> None:
    """Run an action on these records, in hundreds, and give each its new revision.

    Raises ValueError for a record that is not saved, or that belongs to another connection.
    """
    for instance in instances:
        # This call raises ValueError for a record of another connection.
        connection_of(instance, connection)
    by_id = {require_id(instance): instance for instance in instances}
    items = [
        (id_, instance.revision if check_revision else None) for id_, instance in by_id.items()
    ]

    def learn(id_: int, revision: int | str) -> None:
        _apply_move(by_id[id_], revision, steps=_REVISIONS_PER_ACTION)

    owner.forget_prefetched()
    act(meta, items, connection, step, learn=learn, name=by_id.__getitem__)


def act(
    meta: Meta,
    items: Sequence[tuple[int, int | None]],
    connection: Connection,
    step: Step,
    *,
    learn: Callable[[int, Any], None] = lambda _id, _revision: None,
    name: Callable[[int], object] = lambda id_: id_,
) -> None:
    """Run an action on the records with these ids and revisions, in hundreds.

    `learn` is called with the id and the new revision of each record. `name` gives the name of a
    record in a BulkWriteError, by its id.
    """
    app = meta.app_id(connection)

    def send(caller: Caller, hundred: Sequence[tuple[int, int | None]]) -> Answer:
        records = [
            drop_none(id=id_, action=step.action, assignee=step.assignee, revision=revision)
            for id_, revision in hundred
        ]
        return update_statuses(caller, app=app, records=records)

    def learn_all(hundred: Sequence[tuple[int, int | None]], answer: Answer) -> None:
        for (id_, _), record in zip(hundred, answer["records"], strict=True):
            learn(id_, record["revision"])

    def refused(error: APIError, hundred: Sequence[tuple[int, int | None]]) -> KintoneORMError:
        if isinstance(error, WorkflowError):
            explain_bulk_refusal(error, meta, connection, [id_ for id_, _ in hundred], step.action)
            return error
        return writing.refusals.refused_known(meta, connection, error, hundred, name=name)

    writing.batches.write_all(
        meta,
        connection,
        items,
        send,
        learn_all,
        name=lambda item: name(item[0]),
        refused=refused,
        advice=ADVICE_ON_LOST_ACTION,
    )


def _apply_move(record: Instance, revision: int | str, *, steps: int) -> None:
    """Set the record's new revision, and defer its status and assignees."""
    writing.saving.apply_update(record, {}, revision, steps=steps)
    for kintone_type in ("STATUS", "STATUS_ASSIGNEE"):
        field = field_of_type(record._meta, kintone_type)
        if field is not None:
            field.clear(record)


def _action_name(action: Action | str) -> str:
    if not isinstance(action, (Action, str)):
        raise TypeError(
            f"An action must be a name or one of available_actions(), not {action!r:.80}."
        )
    return str(action)


def _assignee(who: User | str | None) -> str | None:
    return None if who is None else _login_name(who)


def _login_name(who: User | str) -> str:
    if not isinstance(who, (User, str)):
        raise TypeError(f"An assignee must be a User or a login name, not {who!r:.80}.")
    return who.code if isinstance(who, User) else who


__getattr__ = renamed_names(__name__, {"WorkflowOfMany": "kintone_orm.models.queryset:QuerySet"})
