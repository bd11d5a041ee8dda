"""Fields of an app that none of its models declares.

kintone refuses every new record that lacks a required value. So a required field that no model
declares makes every create fail, unless the app fills it in. A minimum length is enforced even for
a text that was not sent. Source: kintone REST API, "Add Record".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.apps.drift.finding import Finding
from kintone_orm.apps.field_classes import class_for
from kintone_orm.fields import SubtableField
from kintone_orm.models.ground.form_definitions import (
    BUILT_IN_TYPES,
    FEATURE_TYPES,
    copied_fields,
    field_rules,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from kintone_orm.models.base import Model
    from kintone_orm.models.ground.form_definitions import Form

__all__ = ["find_undeclared"]

# Every app has the built-in fields, and a group only holds other fields.
_NO_SUBJECT = {*BUILT_IN_TYPES, "GROUP"} - {*FEATURE_TYPES}


def find_undeclared(models: Sequence[type[Model]], app: int, form: Form) -> Iterator[Finding]:
    """Yield a finding for each field of the app that none of its `models` declares.

    The findings name the first of the models.
    """
    label = models[0]._meta.label
    fields = [field for model in models for field in model._meta.fields.values()]
    built_in = {field.kintone_type for field in fields if field.built_in}
    declared = {field.code for field in fields}
    declared |= {code for code, theirs in form.items() if theirs["type"] in built_in}
    yield from _compare_level(label, app, declared, form, place=f"app {app}")
    tables: dict[str, set[str]] = {}
    for field in fields:
        if isinstance(field, SubtableField):
            codes = {column.code for column in field.columns.values()}
            tables.setdefault(field.code, set()).update(codes)
    for code, columns in tables.items():
        below = form.get(code, {}).get("fields", {})
        yield from _compare_level(label, app, columns, below, place=f"the subtable {code!r}")


def _compare_level(
    label: str, app: int, declared: Collection[str], actual: Form, *, place: str
) -> Iterator[Finding]:
    # A lookup fills its copies, if a program can give it a key.
    copied = copied_fields({code: actual[code] for code in actual.keys() & declared})
    for code, theirs in actual.items():
        if code in declared or theirs["type"] in _NO_SUBJECT or theirs.get("enabled") is False:
            continue
        name = class_for(theirs)
        is_filled = code in copied or theirs.get("expression")
        if field_rules(theirs).refuses_missing and not is_filled:
            is_drift = True
            text = (
                f"{label}: {place} requires a value for {code!r}, which no model declares and "
                "which has no default, so kintone refuses new records. "
                f"Declare a {name}({code!r}), or give it a default in the app."
            )
        else:
            is_drift = False
            text = (
                f"{label}: {place} has the field {code!r}, which no model declares. "
                f"Declare a {name}({code!r}) to use it."
            )
        yield Finding(label, app, "", code, "undeclared field", is_drift, text)
