"""Law: an upsert leaves the values in kintone and on its objects that a plain model predicts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm import Model, fields
from kintone_orm.testing import emulate

CODES = ["a", "b", "c", "d"]
TEXTS = st.sampled_from(["", "x", "y"])
NAMES = ["name", "state", "note", "number"]


class Source(Model):
    code = fields.SingleLineTextField(unique=True)


class Client(Model):
    code = fields.SingleLineTextField(unique=True)
    name = fields.SingleLineTextField()
    state = fields.SingleLineTextField(default="active")
    note = fields.SingleLineTextField(default=lambda: "made")
    number = fields.LookupField(Source, key="code")


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXTS,
        "state": TEXTS,
        "note": TEXTS,
        "number": st.sampled_from(["s", "t"]),
    },
)
EMPTY = {"name": "", "state": "", "note": "", "number": ""}
DEFAULTS = {"state": "active", "note": "made"}


@pytest.fixture(scope="module")
def connection():
    with emulate(Client) as connection:
        Source.objects.bulk_create([Source(code="s"), Source(code="t")])
        yield connection


def predicted(
    before: dict[str, dict[str, str]],
    objects: dict[str, dict[str, str]],
    update_fields: list[str] | None,
) -> dict[str, dict[str, str]]:
    after = {code: dict(values) for code, values in before.items()}
    for code, assigned in objects.items():
        held = DEFAULTS | assigned
        if code not in before:
            after[code] = EMPTY | held
        elif update_fields is None:
            after[code] |= assigned
        else:
            after[code] |= {name: held.get(name, "") for name in update_fields}
    return after


def stored() -> dict[str, dict[str, str]]:
    return {client.code: values_of(client) for client in Client.objects.all()}


def values_of(client: Client) -> dict[str, Any]:
    return {name: getattr(client, name) for name in NAMES}


@given(
    before=st.dictionaries(st.sampled_from(CODES), VALUES),
    objects=st.dictionaries(st.sampled_from(CODES), VALUES, min_size=1),
    update_fields=st.none() | st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
    size=st.sampled_from([1, 2, 100]),
)
@examples(100)
def test_a_record_gets_what_it_is_to_get(connection, before, objects, update_fields, size):
    Client.objects.exclude(code="").delete()
    whole = {code: EMPTY | values for code, values in before.items()}
    Client.objects.bulk_create([Client(code=code, **values) for code, values in whole.items()])
    clients = [Client(code=code, **values) for code, values in objects.items()]
    Client.objects.bulk_create(
        clients,
        size,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=update_fields,
    )

    expected = predicted(whole, objects, update_fields)
    assert stored() == expected
    assert {each.code: values_of(each) for each in clients} == {c: expected[c] for c in objects}
    assert not any(each.changed_fields() for each in clients)
