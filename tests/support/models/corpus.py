"""Records of an ordinary app, 26 fields with a subtable of three rows, the same at every run.

A tenth of all cells are blank: an eighth of those that may be, because the fields that kintone
fills never are.
"""

from __future__ import annotations

import random
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any

from kintone_orm import Model, Row, fields

STAGES = ["見込み", "提案中", "見積提出", "受注", "失注"]
PRIORITIES = ["高", "中", "低"]
TAGS = ["新規", "重要", "VIP", "要フォロー", "海外", "紹介"]
REGIONS = ["東京", "大阪", "名古屋", "福岡", "札幌", "仙台"]
KINDS = ["本体", "部品", "保守"]
WORDS = [
    "quick",
    "review",
    "pending",
    "order",
    "shipment",
    "invoice",
    "contract",
    "renewal",
    "customer",
    "support",
]
SENTENCES = [
    "見積書を送付しました。",
    "先方の都合により延期。",
    "部長の承認待ち",
    "納期を確認してください。",
]
COMPANIES = ["株式会社あおぞら", "合同会社みなと", "東京計測株式会社", "Acme K.K.", "Globex Japan"]
PEOPLE = ["佐藤 昇", "鈴木 花子", "高橋 健一", "John Smith", "田中 美咲", "伊藤 翔"]

# The share of blank cells among those that may be blank, and what kintone sends for them, by type.
BLANK_SHARE = 0.125
BLANKS: dict[str, Any] = {
    **dict.fromkeys(("SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "LINK"), ""),
    **dict.fromkeys(("NUMBER", "CALC", "DATETIME"), ""),
    **dict.fromkeys(("DATE", "TIME", "DROP_DOWN", "RADIO_BUTTON"), None),
    **{kind: [] for kind in ("CHECK_BOX", "MULTI_SELECT", "USER_SELECT", "FILE", "SUBTABLE")},
}


class DealItem(Row):
    product = fields.SingleLineTextField()
    price = fields.NumberField()
    ship_on = fields.DateField()
    kind = fields.DropDownField(choices=KINDS)


class Deal(Model):
    record_number = fields.RecordNumberField("レコード番号")
    creator = fields.CreatorField("作成者")
    created_time = fields.CreatedTimeField("作成日時")
    modifier = fields.ModifierField("更新者")
    updated_time = fields.UpdatedTimeField("更新日時")
    title = fields.SingleLineTextField()
    company = fields.SingleLineTextField("会社名")
    email = fields.LinkField(protocol="MAIL")
    note = fields.MultiLineTextField()
    body = fields.RichTextField()
    amount = fields.NumberField()
    quantity = fields.NumberField()
    total = fields.CalcField(expression="quantity * 1250")
    due = fields.DateField()
    closed = fields.DateField()
    start = fields.TimeField()
    meeting_at = fields.DateTimeField()
    stage = fields.DropDownField(choices=STAGES)
    priority = fields.RadioButtonField(choices=PRIORITIES)
    tags = fields.CheckBoxField(choices=TAGS)
    regions = fields.MultiSelectField(choices=REGIONS)
    assignees = fields.UserSelectField()
    attachments = fields.FileField()
    items = fields.SubtableField(DealItem)

    class Meta:
        app = 1


def records(count: int) -> list[dict[str, Any]]:
    """This number of records, as kintone sends them."""
    source = random.Random(20240607)
    return [_record(number, source) for number in range(1, count + 1)]


def _record(number: int, source: random.Random) -> dict[str, Any]:
    created = datetime(2021, 1, 1) + timedelta(minutes=source.randrange(2_000_000))
    updated = created + timedelta(minutes=source.randrange(300_000))
    due = (created + timedelta(days=source.randrange(700))).date()
    quantity = source.randrange(1, 500)
    words = " ".join(source.choices(WORDS, k=5))
    values = {
        "record_number": str(number),
        "creator": _person(source),
        "created_time": f"{created:%Y-%m-%dT%H:%M}:00Z",
        "modifier": _person(source),
        "updated_time": f"{updated:%Y-%m-%dT%H:%M}:00Z",
        "title": f"Deal #{number:05} {words[:24]}",
        "company": source.choice(COMPANIES),
        "email": f"contact{number}@example.com",
        "note": "\n".join([*source.choices(SENTENCES, k=4), words]),
        "body": f"<div>{source.choice(SENTENCES)}<br /><b>{words}</b></div>",
        "amount": f"{source.randrange(100, 9_999_999)}.{source.randrange(10, 100)}",
        "quantity": str(quantity),
        "total": str(quantity * 1250),
        "due": due.isoformat(),
        "closed": due.isoformat(),
        "start": f"{source.randrange(24):02}:{source.randrange(60):02}",
        "meeting_at": f"{updated:%Y-%m-%dT%H:%M}:00Z",
        "stage": source.choice(STAGES),
        "priority": source.choice(PRIORITIES),
        "tags": source.sample(TAGS, source.randrange(1, 4)),
        "regions": source.sample(REGIONS, source.randrange(1, 4)),
        "assignees": [_person(source) for _ in range(source.randrange(1, 3))],
        "attachments": [_file(number, source) for _ in range(source.randrange(1, 3))],
        "items": [
            {
                "id": str(number * 10 + row),
                "value": _cells(DealItem._fields, _item(due, source), source),
            }
            for row in range(3)
        ],
    }
    own = {"$id": _cell("__ID__", str(number)), "$revision": _cell("__REVISION__", "3")}
    return own | _cells(Deal._meta.fields, values, source)


def _item(due: date, source: random.Random) -> dict[str, Any]:
    return {
        "product": f"製品-{source.randrange(10_000):04}",
        "price": f"{source.randrange(10, 99_999)}.5",
        "ship_on": due.isoformat(),
        "kind": source.choice(KINDS),
    }


def _file(number: int, source: random.Random) -> dict[str, str]:
    return {
        "contentType": "application/pdf",
        "fileKey": f"{source.getrandbits(128):032x}",
        "name": f"見積書_{number}.pdf",
        "size": str(source.randrange(1000, 5_000_000)),
    }


def _person(source: random.Random) -> dict[str, str]:
    number = source.randrange(len(PEOPLE))
    return {"code": f"user{number}", "name": PEOPLE[number]}


def _cells(declared: Any, values: dict[str, Any], source: random.Random) -> dict[str, Any]:
    cells = {}
    for name, value in values.items():
        kind = declared[name].kintone_type
        is_blank = kind in BLANKS and source.random() < BLANK_SHARE
        cells[declared[name].code] = _cell(kind, copy(BLANKS[kind]) if is_blank else value)
    return cells


def _cell(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value}
