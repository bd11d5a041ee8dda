"""Types of workflow, comments, permissions and apps."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import assert_type

from kintone_orm import Model, fields
from kintone_orm.exceptions import ActionNotAvailable, NotAssignee, PermissionDenied, WorkflowError
from kintone_orm.fields import Group, Organization, User
from kintone_orm.models import (
    Action,
    AppInfo,
    Comment,
    Comments,
    FieldPermissions,
    Permissions,
    PostedComment,
)


class Expense(Model):
    status = fields.StatusField("Status")
    assignees = fields.StatusAssigneeField("Assignee")


class Memo(Model):
    """A model that declares neither its status nor its assignees."""


def a_record_is_taken_on(expense: Expense) -> None:
    assert_type(expense.status, str)
    assert_type(expense.assignees, list[User])
    assert_type(expense.available_actions(), list[Action])
    expense.transition("Submit", assignee=User("kato"), check_revision=False)
    expense.transition(expense.available_actions()[0], assignee="kato")
    expense.assign([User("kato"), "sato"])


def what_is_not_taken(expense: Expense, memo: Memo) -> None:
    expense.transition(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    expense.transition("Submit", "kato")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    expense.status = "Done"  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    memo.status  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue]


def many_are_taken_on(expenses: list[Expense], memos: list[Memo]) -> None:
    assert_type(Expense.objects.filter(id__gt=5).transition("Approve"), int)
    assert_type(Expense.objects.bulk_transition(expenses, "Approve", assignee="kato"), int)
    Expense.objects.bulk_transition(memos, "Approve")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def refusals_carry_what_is_allowed(error: ActionNotAvailable, other: NotAssignee) -> None:
    refusal: WorkflowError = error
    denied: PermissionDenied = other
    assert_type(refusal.state, str)
    assert_type(refusal.actions, tuple[str, ...])
    print(denied)


def comments_are_values(expense: Expense) -> None:
    assert_type(expense.comments, Comments)
    assert_type(expense.comments[0], Comment)
    assert_type(expense.comments.reverse()[:5], Comments)
    assert_type([each.created_at for each in expense.comments], list[datetime])
    assert_type(expense.comments[0].creator, User)
    assert_type(expense.comments[0].mentions, "tuple[User | Group | Organization, ...]")
    posted = expense.comments.create("x", mentions=[User("a"), Group("b"), Organization("c")])
    assert_type(posted, PostedComment)
    posted.delete()
    posted.text = "y"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    expense.comments.create("x", mentions=["kato"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]


def permissions_are_values(expense: Expense) -> None:
    assert_type(expense.permissions(), Permissions)
    assert_type(expense.permissions().fields["status"], FieldPermissions)
    assert_type(expense.permissions().deletable, bool)
    assert_type(Expense.objects.all().permissions(), dict[int, Permissions])


def a_record_has_an_address_and_an_app(expense: Expense) -> None:
    assert_type(expense.url, str)
    assert_type(Expense.app_info(), AppInfo)
    assert_type(Expense.app_info(using="other").space, int | None)
