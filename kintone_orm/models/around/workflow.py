"""Workflow: what takes a record from one state of its app's process to the next.

kintone counts a change of state as two revisions, so the record's revision is taken from the
answer; what else the change wrote (state, assignees, who and when) is fetched when it is next read.

Source: kintone REST API, "Update Status", "Update Statuses", "Update Assignees".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from kintone_orm.api.answers import checked
from kintone_orm.api.caller import given
from kintone_orm.api.status import update_assignees, update_status, update_statuses
from kintone_orm.exceptions import WorkflowError
from kintone_orm.fields import User
from kintone_orm.models.around.process_settings import (
    Action,
    actions_from,
    require_process,
    standings,
)
from kintone_orm.models.around.workflow_refusals import explain_of_many, explained
from kintone_orm.models.definition.undeclared import Undeclared, field_of_type
from kintone_orm.models.writing.batches import write_all
from kintone_orm.models.writing.refusals import refused_found, told_about
from kintone_orm.models.writing.saving import updated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import APIError, KintoneORMError
    from kintone_orm.models.base import Model
    from kintone_orm.models.definition.options import Options
    from kintone_orm.models.queryset import QuerySet

__all__ = ["Workflow", "WorkflowOfMany"]

M = TypeVar("M", bound="Model")

_REVISIONS_PER_ACTION = 2
_REVISIONS_PER_ASSIGNMENT = 1


class Workflow:
    """What `Model` has of workflow; kintone calls it process management."""

    __slots__ = ()

    if not TYPE_CHECKING:  # so that only what a model declares is there for a type checker
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
        """Run an action of the app's process on the record: it is in another state then.

        One request. `action` is the action's name in the caller's language, or one of
        `available_actions`; `assignee` a `User` or a login name, for an action that leads to a
        state with one assignee to be chosen. Unsaved changes stay, and are not sent. The revision
        goes along as in `save`: the model's Conflict is raised if somebody else wrote the record.

        A refusal is a WorkflowError, by its meaning: ActionNotAvailable, NotAssignee,
        AssigneeRequired, AssigneeNotTaken, ProcessDisabled. It names the record, its state and
        the actions that it has, for which kintone is asked then, in two more requests. Raises
        DoesNotExist if the record is gone. Source: "kintone REST API: Update Status".
        """
        record = cast("Model", self)
        meta, id_, check = record._meta, record._require_id(), record._check(check_revision)
        name, who = _action_name(action), _assignee(assignee)
        connection = record._connection(None)
        with told_about(record), explained(meta, connection, id_, name):
            answer = update_status(
                checked(connection),
                app=meta.app_id(connection),
                id=id_,
                action=name,
                assignee=who,
                revision=record.revision if check else None,
            )
        _moved(record, answer["revision"], steps=_REVISIONS_PER_ACTION)

    def available_actions(self) -> list[Action]:
        """The actions that lead out of the record's state, in the order of the app's settings.

        None for a record that has come to its end. The settings are read once for each connection
        and app, in one request; the state is that of the model's StatusField, or, where it
        declares none, asked for. What cannot be known here: whether you are one of those who may
        run them, and whether the record satisfies an action's `condition`. The names are those of
        the app's own language. ProcessDisabled if the app has no process, DoesNotExist if the
        record is gone.
        """
        record = cast("Model", self)
        meta, id_ = record._meta, record._require_id()
        connection = record._connection(None)
        process = require_process(meta, connection)
        field = field_of_type(meta, "STATUS")
        if field is not None:
            state = field.__get__(record, type(record))
        else:
            standing = standings(meta, connection, [id_]).get(id_)
            state = None if standing is None else standing.state
        if state not in process["states"]:  # somebody edited the process
            process = require_process(meta, connection, afresh=True)
        if state is None:
            raise type(record).DoesNotExist(f"{record!r} does not exist any more.")
        return actions_from(process, state)

    def assign(
        self, assignees: Iterable[User | str], *, check_revision: bool | None = None
    ) -> None:
        """Hand the record to these users, each a `User` or a login name, and to nobody else.

        One request; an empty list clears the assignees, and there are at most 100. Where the state
        has one assignee, kintone takes one only: ValidationError. ProcessDisabled, Conflict and
        DoesNotExist as in `transition`. Source: "kintone REST API: Update Assignees".
        """
        if isinstance(assignees, str) or not hasattr(assignees, "__iter__"):
            raise TypeError(f"assign() takes a list of users, not {assignees!r}.")
        record = cast("Model", self)
        meta, check = record._meta, record._check(check_revision)
        names = [_login_name(who) for who in assignees]
        connection = record._connection(None)
        with told_about(record):
            answer = update_assignees(
                checked(connection),
                app=meta.app_id(connection),
                id=record._require_id(),
                assignees=names,
                revision=record.revision if check else None,
            )
        _moved(record, answer["revision"], steps=_REVISIONS_PER_ASSIGNMENT)


class WorkflowOfMany(Generic[M]):
    """What `QuerySet` has of workflow."""

    __slots__ = ()

    def transition(
        self,
        action: Action | str,
        *,
        assignee: User | str | None = None,
        check_revision: bool = False,
    ) -> int:
        """How many records were taken on by this action.

        The ids are read first, then sent, in hundreds that are all or nothing, twenty hundreds in
        a request that is atomic; with `check_revision` a hundred is refused if somebody else wrote
        one of its records in between. BulkWriteError says what was done when one is refused; its
        ``__cause__`` is the WorkflowError. Source: "kintone REST API: Update Statuses".
        """
        queryset = cast("QuerySet[M]", self)
        queryset._refuse_slice("run an action on")
        name, who = _action_name(action), _assignee(assignee)
        items = queryset._found("transition", check_revision)
        _act(queryset.model._meta, items, queryset._connection(), name, who)
        return len(items)

    def bulk_transition(
        self,
        objs: Iterable[M],
        action: Action | str,
        *,
        assignee: User | str | None = None,
        check_revision: bool = False,
    ) -> int:
        """How many of these records were taken on by the action; they learn their new revision.

        In hundreds, as `transition` of a queryset; with `check_revision` a hundred is refused if
        somebody else wrote one of its records. Their unsaved changes stay, and are not sent.
        """
        queryset = cast("QuerySet[M]", self)
        wanted, who = _action_name(action), _assignee(assignee)
        connection = queryset._connection()
        objects = queryset._distinct(objs, "bulk_transition")
        for each in objects:
            each._connection(connection)  # refuses a record of another one
        ids = [each._require_id() for each in objects]
        revisions = [each.revision if check_revision else None for each in objects]
        by_id = dict(zip(ids, objects, strict=True))

        def learn(id_: int, revision: Any) -> None:
            _moved(by_id[id_], revision, steps=_REVISIONS_PER_ACTION)

        items = list(zip(ids, revisions, strict=True))
        queryset._forget_prefetched()
        meta = queryset.model._meta
        _act(meta, items, connection, wanted, who, learn=learn, name=by_id.__getitem__)
        return len(objects)


def _act(
    meta: Options,
    items: Sequence[tuple[int, int | None]],
    connection: Connection,
    action: str,
    who: str | None,
    *,
    learn: Callable[[int, Any], None] = lambda _id, _revision: None,
    name: Callable[[int], Any] = lambda id_: id_,
) -> None:
    app = meta.app_id(connection)

    def send(caller: Caller, part: Sequence[tuple[int, int | None]]) -> Any:
        records = [
            given(id=id_, action=action, assignee=who, revision=revision) for id_, revision in part
        ]
        return update_statuses(caller, app=app, records=records)

    def learn_all(part: Sequence[tuple[int, int | None]], answer: Mapping[str, Any]) -> None:
        for (id_, _), each in zip(part, answer["records"], strict=True):
            learn(id_, each["revision"])

    def refused(error: APIError, part: Sequence[tuple[int, int | None]]) -> KintoneORMError:
        if isinstance(error, WorkflowError):
            explain_of_many(error, meta, connection, [id_ for id_, _ in part], action)
            return error
        return refused_found(meta, connection, error, part, name=name)

    write_all(
        meta, connection, items, send, learn_all, name=lambda item: name(item[0]), refused=refused
    )


def _moved(record: Model, revision: Any, *, steps: int) -> None:
    """The record is at another revision, and its state and assignees are to be fetched again."""
    updated(record, {}, revision, steps=steps)
    for kintone_type in ("STATUS", "STATUS_ASSIGNEE"):
        field = field_of_type(record._meta, kintone_type)
        if field is not None:
            field.clear(record)


def _action_name(action: Action | str) -> str:
    if not isinstance(action, (Action, str)):
        raise TypeError(f"An action is a name, or one of available_actions(), not {action!r}.")
    return str(action)


def _assignee(who: User | str | None) -> str | None:
    return None if who is None else _login_name(who)


def _login_name(who: User | str) -> str:
    if not isinstance(who, (User, str)):
        raise TypeError(f"{who!r} cannot be an assignee: give a User or a login name.")
    return who.code if isinstance(who, User) else who
