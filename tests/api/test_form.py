from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.form import (
    add_form_fields,
    delete_form_fields,
    get_form_fields,
    get_form_layout,
    update_form_fields,
    update_form_layout,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.connection import Connection

    Sent = Callable[..., Any]

FIELDS = "/k/v1/preview/app/form/fields.json"
LAYOUT = "/k/v1/preview/app/form/layout.json"
PROPERTIES = {"name": {"type": "SINGLE_LINE_TEXT", "code": "name", "label": "Name"}}


def test_getting_the_fields_in_service(sent: Sent) -> None:
    expected = ("GET", "/k/v1/app/form/fields.json", {"app": "7", "lang": "en"})
    assert sent(get_form_fields, app=7, lang="en") == expected


def test_getting_the_fields_of_the_preview(sent: Sent) -> None:
    assert sent(get_form_fields, app=7, preview=True) == ("GET", FIELDS, {"app": "7"})


@pytest.mark.parametrize(
    ("function", "method"), [(add_form_fields, "POST"), (update_form_fields, "PUT")]
)
def test_writing_fields(sent: Sent, function: Callable[..., Any], method: str) -> None:
    arguments = {"app": 7, "properties": PROPERTIES, "revision": 2}
    assert sent(function, **arguments) == (method, FIELDS, arguments)


def test_deleting_fields(sent: Sent) -> None:
    expected = ("DELETE", FIELDS, {"app": "7", "fields[0]": "name", "revision": "2"})
    assert sent(delete_form_fields, app=7, fields=["name"], revision=2) == expected


@pytest.mark.parametrize(
    ("preview", "path"), [(False, "/k/v1/app/form/layout.json"), (True, LAYOUT)]
)
def test_getting_the_layout(sent: Sent, preview: bool, path: str) -> None:
    assert sent(get_form_layout, app=7, preview=preview) == ("GET", path, {"app": "7"})


def test_updating_the_layout(sent: Sent) -> None:
    arguments = {"app": 7, "layout": [{"type": "ROW", "fields": []}]}
    assert sent(update_form_layout, **arguments) == ("PUT", LAYOUT, arguments)


def test_a_hundred_fields_are_deleted_at_most(connection: Connection) -> None:
    with pytest.raises(ValueError, match="'fields' has 101 items"):
        delete_form_fields(connection, app=7, fields=["a"] * 101)
