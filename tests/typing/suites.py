"""Types of the test tools."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from typing_extensions import assert_type

from kintone_orm import Model, fields
from kintone_orm.http.messages import Request
from kintone_orm.testing import (
    EmulatedConnection,
    FrozenClock,
    Snapshot,
    assert_requests,
    emulate,
    freeze,
    load,
)


class Book(Model):
    title = fields.SingleLineTextField()


with emulate(Book) as connection:
    assert_type(connection, EmulatedConnection)
    assert_type(load(Book, Path("books.csv")), list[Book])
    assert_type(connection.snapshot(), Snapshot)

with assert_requests(1, using=connection) as requests:
    assert_type(requests, list[Request])

with freeze(datetime(2024, 2, 29, tzinfo=timezone.utc)) as clock:
    assert_type(clock, FrozenClock)

emulate(like="snapshot")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
emulate(Book.objects)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
