"""Clients with defaults, and their upserts by a key."""

from __future__ import annotations

from itertools import count
from typing import Any

from kintone_orm import Model, fields

serial = count(1)


class Client(Model):
    code = fields.SingleLineTextField(unique=True)
    number = fields.NumberField(unique=True)
    name = fields.SingleLineTextField()
    state = fields.SingleLineTextField(default=lambda: "active")  # not the default of the app
    tags = fields.CheckBoxField(choices=["new", "old"], default=lambda: ["new"])
    serial = fields.NumberField(default=lambda: next(serial))

    class Meta:
        app = "client"


class Plain(Model):
    """Clients without the defaults."""

    code = fields.SingleLineTextField(unique=True)
    number = fields.NumberField(unique=True)
    name = fields.SingleLineTextField()
    state = fields.SingleLineTextField()

    class Meta:
        app = "client"


def upsert(objects, by="code", using=None, **more: Any):
    records = type(objects[0]).objects.using(using)
    return records.bulk_create(objects, update_conflicts=True, unique_fields=[by], **more)


def paths(requests) -> list[str]:
    return [f"{sent.method} {sent.path.removeprefix('/k/v1/')}" for sent in requests]


def stored(code="1"):
    client = Client.objects.get(code=code)
    return client.name, client.state, client.tags, client.serial
