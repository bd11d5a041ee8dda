from __future__ import annotations

import pytest

from kintone_orm.emulator.settings.record_title import record_title
from kintone_orm.emulator.store.record_text import parse


@pytest.fixture
def title(kintone, emulator):
    """The title of a record with these values, where the settings choose this field."""

    def title(code="", **values):
        fields = {"n": {"type": "NUMBER"}, "name": {"type": "SINGLE_LINE_TEXT"}}
        app = kintone.new_app({**fields, "other": {"type": "SINGLE_LINE_TEXT"}})
        if code:
            chosen = {"selectionMode": "MANUAL", "code": code}
            kintone.ok("PUT", "preview/app/settings.json", {"app": app, "titleField": chosen})
            kintone.deploy(app)
        number = kintone.add(app, **values)
        live = emulator._domain.live_app(app)
        return record_title(live, parse(emulator._domain.store.record(app, number)))

    return title


def test_it_is_the_first_text_of_the_form(title):
    assert title(n=5, name="a", other="b") == "a"


def test_it_is_the_field_that_the_settings_choose(title):
    assert title("n", n=5, name="a") == "5"
    assert title("Created_by", name="a") == "sato"


def test_a_blank_is_replaced_by_the_record_number(title):
    assert title(n=5) == "1"
