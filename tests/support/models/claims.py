"""An app with a process, and models that declare its status or do not."""

from __future__ import annotations

from kintone_orm import Model, fields
from support.process_of import CREATOR, action, entity, states


class Expense(Model):
    purpose = fields.SingleLineTextField()
    amount = fields.NumberField()
    changed_by = fields.ModifierField("Updated_by")


class Claim(Model):
    """The same app with its status and assignees declared, the status as `state`."""

    amount = fields.NumberField()
    state = fields.StatusField("Status")
    assignees = fields.StatusAssigneeField("Assignee")

    class Meta:
        app = "expense"


class Memo(Model):
    """An app without a process."""

    text = fields.SingleLineTextField()


STATES = states(
    Draft=("ONE", CREATOR),
    Review=("ONE", entity("USER", "kato"), entity("USER", "mori")),
    Done=("ANY",),
)


ACTIONS = [
    action("Submit", "Draft", "Review"),
    action("Submit large", "Draft", "Review", "amount > 100"),
    action("Approve", "Review", "Done"),
    action("Reject", "Review", "Draft"),
]
