from __future__ import annotations

import json

from support.domain_files import app, shop
from support.plain_kintone import Kintone, password


def sato(emulator):
    directory = emulator._domain.directory
    directory.admit({"sato": "secret"})
    return Kintone(emulator, password("sato", "secret"))


def test_records_come_on_request(export, opened):
    source = opened(shop())
    domain = json.loads(export(source, "URL", "--records").stdout)
    again = opened(domain)
    for number in (1, 7):
        before, after = sato(source).read(12, number), sato(again).read(12, number)
        del before["lines"], after["lines"]
        assert before == after
    row = sato(again).read(12, 1)["lines"][0]["value"]
    assert {code: cell["value"] for code, cell in row.items()} == {"item": "pen", "qty": "2"}


def test_more_records_than_a_page_come_out(export):
    records = [{"$id": number} for number in range(1, 502)]
    domain = json.loads(export(app(records=records), "URL", "--records").stdout)
    assert len(domain["apps"]["orders"]["records"]) == 501


def test_states_and_attachments_of_records_are_said_to_be_left_out(export, opened):
    result = export(shop(), "URL/k/12", "--records")
    assert "App 12: the records are exported without statuses." in result.stderr


def test_a_state_of_a_record_is_the_first_one_again(export, opened):
    source = opened(shop())
    action = {"app": 12, "id": 1, "action": "Finish"}
    sato(source).ok("PUT", "record/status.json", action)
    again = opened(json.loads(export(source, "URL", "--records").stdout))
    assert sato(again).read(12, 1)["Status"] == "Open"
