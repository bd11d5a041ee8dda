"""An emulator with its own clock, its callers, and fixtures to write and read a field."""

from __future__ import annotations

from contextlib import closing

import pytest
from support.plain_kintone import Clock, Kintone, password
from support.receiver import Receiver

from kintone_orm.emulator import Emulator


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def emulator(clock):
    emulator = Emulator(users={"sato": "secret", "kato": "other"}, clock=clock)
    yield emulator
    emulator.close()


@pytest.fixture
def kintone(emulator):
    """The first user."""
    return Kintone(emulator, password("sato", "secret"))


@pytest.fixture
def caller(emulator):
    """Return a function that makes another caller from its headers."""
    return lambda **headers: Kintone(
        emulator, {name.replace("_", "-"): value for name, value in headers.items()}
    )


@pytest.fixture
def read_back(kintone, emulator):
    """Return a function that writes a value to a new and to an old record, and reads both."""
    emulator.add_organization("dev", name="開発")
    emulator.add_group("staff")

    def read_back(definition, sent):
        app = kintone.new_app({"field": definition})
        added = kintone.read(app, kintone.add(app, field=sent))["field"]
        number = kintone.add(app)
        kintone.put(app, number, field=sent)
        return [added, kintone.read(app, number)["field"]]

    return read_back


@pytest.fixture
def refused_shape(kintone):
    """Return True if every request refuses JSON of this shape for a field.

    Forma's help page; monosashi, August 2026 (fact sheet "fields", section 1).
    """

    def refused_shape(definition, sent):
        app = kintone.new_app({"field": definition})
        body = {"app": app, "record": {"field": {"value": sent}}}
        errors = [kintone.error("POST", "record.json", body)]
        body["id"] = kintone.add(app)
        errors.append(kintone.error("PUT", "record.json", body))
        body["record"] = {"field": sent if not isinstance(sent, dict) else [sent]}
        errors.append(kintone.error("PUT", "record.json", body))
        codes = [code for _status, code, _message in errors]
        return errors[0][0::2] == (400, "Invalid JSON string.") and codes == ["CB_IJ01"] * 3

    return refused_shape


@pytest.fixture
def default_of(kintone):
    """Return the value of a field in a new record that was sent without it.

    It also checks that a blanked field stays blank when another field is written.
    """

    def default_of(definition):
        app = kintone.new_app({"field": definition, "other": {"type": "SINGLE_LINE_TEXT"}})
        number = kintone.add(app)
        value = kintone.read(app, number)["field"]
        if definition["type"] != "RADIO_BUTTON":
            kintone.put(app, number, field=[] if isinstance(value, list) else "")
            kintone.put(app, number, other="changed")
            assert not kintone.read(app, number)["field"]
        return value

    return default_of


@pytest.fixture
def receiver():
    with closing(Receiver()) as receiver:
        yield receiver


@pytest.fixture
def posted(emulator, receiver):
    """Wait for all posts, and return those since the last call."""

    def posted():
        emulator.webhooks.wait()
        latest, receiver.bodies = receiver.bodies, []
        return latest

    return posted
