"""Records of an ordinary app, 26 fields with a subtable of three rows, the same at every run."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
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
PEOPLE = ["佐藤 昇", "鈴木 花子", "高橋 健一", "John Smith", "田中 美咲", "伊藤 翔"]


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
        "company": f"株式会社{source.choice(PEOPLE)}",
        "email": f"contact{number}@example.com",
        "note": "\n".join([*source.choices(SENTENCES, k=4), words]),
        "body": f"<div>{source.choice(SENTENCES)}<br /><b>{words}</b></div>",
        "amount": f"{source.randrange(100, 9_999_999)}.{source.randrange(10, 100)}",
        "quantity": str(quantity),
        "total": str(quantity * 1250),
        "due": due.isoformat(),
        "closed": due.isoformat() if number % 5 < 3 else None,
        "start": f"{source.randrange(24):02}:{source.randrange(60):02}",
        "meeting_at": f"{updated:%Y-%m-%dT%H:%M}:00Z",
        "stage": source.choice(STAGES),
        "priority": source.choice(PRIORITIES),
        "tags": source.sample(TAGS, source.randrange(4)),
        "regions": source.sample(REGIONS, source.randrange(1, 4)),
        "assignees": [_person(source) for _ in range(source.randrange(1, 3))],
        "attachments": [
            {
                "contentType": "application/pdf",
                "fileKey": f"{source.getrandbits(128):032x}",
                "name": f"見積書_{number}.pdf",
                "size": str(source.randrange(1000, 5_000_000)),
            }
        ][: number % 3],
        "items": [
            {
                "id": str(number * 10 + row),
                "value": {
                    "product": _cell("SINGLE_LINE_TEXT", f"製品-{source.randrange(10_000):04}"),
                    "price": _cell("NUMBER", f"{source.randrange(10, 99_999)}.5"),
                    "ship_on": _cell("DATE", due.isoformat()),
                    "kind": _cell("DROP_DOWN", source.choice(KINDS)),
                },
            }
            for row in range(3)
        ],
    }
    own = {"$id": _cell("__ID__", str(number)), "$revision": _cell("__REVISION__", "3")}
    declared = Deal._meta.fields
    return own | {
        declared[name].code: _cell(declared[name].kintone_type, value)
        for name, value in values.items()
    }


def _person(source: random.Random) -> dict[str, str]:
    number = source.randrange(len(PEOPLE))
    return {"code": f"user{number}", "name": PEOPLE[number]}


def _cell(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value}
