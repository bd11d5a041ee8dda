"""A program gets a webhook for each change of an expense report, and reads the report from it."""

from __future__ import annotations

import json

from support.local_server import reply, serving
from support.models.expenses import Expense, office

from kintone_orm.fields import User

SATO, KATO = User("sato"), User("kato")


def test_each_notification_is_read_as_what_happened(office_kintone):
    sato, kato = office(office_kintone)
    received = []

    def keep(handler):
        received.append(json.loads(handler.rfile.read(int(handler.headers["Content-Length"]))))
        reply(handler, b"")

    with serving(keep) as url:
        emulator = office_kintone.emulator
        emulator.webhooks.add(office_kintone.apps["expense"], f"{url}/hook")
        report = Expense.objects.using(sato).create(purpose="Visit to Osaka")
        report.purpose = "Visit to Kobe"
        report.save()
        report.comments.create("Please look.", mentions=[KATO])
        report.transition("Submit", assignee=KATO)
        Expense.objects.using(kato).get().transition("Reject", assignee=SATO)
        number, page = report.id, report.url
        report.delete(check_revision=False)
        emulator.webhooks.wait()
    happened = [Expense.from_webhook(each) for each in received]
    added, edited, comment, moved, rejected, deleted = happened

    assert (added.type, added.instance.purpose) == ("ADD_RECORD", "Visit to Osaka")
    assert (edited.type, edited.instance.purpose) == ("UPDATE_RECORD", "Visit to Kobe")
    assert (moved.type, moved.instance.purpose) == ("UPDATE_STATUS", "Visit to Kobe")
    assert (moved.instance.status, rejected.instance.status) == ("Review", "Draft")
    assert {each.record_id for each in happened} == {number}
    assert comment.type == "ADD_RECORD_COMMENT"
    assert comment.comment.creator.code == "sato"
    assert [person.code for person in comment.comment.mentions] == ["kato"]
    assert comment.comment.text.rstrip().endswith("Please look.")
    assert page.endswith(added.url.rpartition("/k/")[2])
    assert (deleted.type, deleted.deleted_by.code) == ("DELETE_RECORD", "sato")
    assert deleted.instance is deleted.url is None
