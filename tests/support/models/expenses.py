"""An expense report and its process: its status decides who may do what with it.

Sato hands in, Kato approves or rejects.
"""

from __future__ import annotations

from kintone_orm import Model, Row, fields
from support.process_of import CREATOR, action, entity, states
from support.workflows import put_into_service, set_process, signed_in

STATES = states(Draft=("ONE", CREATOR), Review=("ONE", entity("USER", "kato")), Done=("ANY",))
ACTIONS = [
    action("Submit", "Draft", "Review"),
    action("Approve", "Review", "Done"),
    action("Reject", "Review", "Draft"),
]


class Item(Row):
    what = fields.SingleLineTextField()
    cost = fields.NumberField()


class Expense(Model):
    purpose = fields.SingleLineTextField(required=True)
    items = fields.SubtableField(Item)
    paid = fields.CheckBoxField(choices=["paid"])
    status = fields.StatusField("Status")
    assignees = fields.StatusAssigneeField("Assignee")
    handed_in_by = fields.CreatorField("Created_by")
    changed_by = fields.ModifierField("Updated_by")


def office(kintone):
    """The connections of Sato and Kato to a kintone with the process and its permissions."""
    sato = signed_in(kintone, "sato", name="Sato")
    kato = signed_in(kintone, "kato", name="Kato")
    app = kintone.apps["expense"]
    set_process(kintone, app, states=STATES, actions=ACTIONS)
    rights = [
        rule('Status in ("Draft")', may(CREATOR, "edit", "delete")),
        rule(
            'Status in ("Review")',
            may(CREATOR, "edit"),
            may(entity("USER", "kato"), "edit"),
            may(entity("USER", "Administrator"), "edit"),
        ),
        rule(""),
    ]
    kintone.request("PUT", "preview/record/acl", {"app": app, "rights": rights})
    approver = {**entity("USER", "kato"), "accessibility": "WRITE"}
    others = {**entity("GROUP", "everyone"), "accessibility": "READ"}
    paid = {"code": "paid", "entities": [approver, others]}
    kintone.request("PUT", "preview/field/acl", {"app": app, "rights": [paid]})
    put_into_service(kintone, app)
    return sato, kato


def rule(condition, *grantees):
    """The permissions of people on records that satisfy a condition; all others may view them."""
    everyone = may(entity("GROUP", "everyone"))
    return {"filterCond": condition, "entities": [*grantees, everyone]}


def may(who, *rights):
    granted = {"viewable": True, "editable": "edit" in rights, "deletable": "delete" in rights}
    return {**who, **granted}
