"""Comparing a model with the form of its app, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kintone_orm.apps.drift.declared import declared_settings, is_type_known
from kintone_orm.apps.drift.finding import Difference, Finding
from kintone_orm.apps.drift.links import compare_lookup, compare_reference_table
from kintone_orm.apps.drift.missing import describe_missing
from kintone_orm.apps.drift.settings import compare_settings
from kintone_orm.apps.field_classes import class_for
from kintone_orm.fields import LookupField, ReferenceTableField, SubtableField
from kintone_orm.models.ground.form_definitions import copies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeAlias

    from kintone_orm.apps.drift.links import AppId
    from kintone_orm.fields import Field
    from kintone_orm.models.base import Model
    from kintone_orm.models.ground.form_definitions import Form

    Differences: TypeAlias = Iterator[tuple[Field, Difference]]

__all__ = ["compare_model"]

_SETTING_OF: Mapping[str, Literal["process", "category"]] = {
    "STATUS": "process",
    "STATUS_ASSIGNEE": "process",
    "CATEGORY": "category",
}


def compare_model(model: type[Model], app: int, form: Form, app_id: AppId) -> Iterator[Finding]:
    """Yield the differences between the model's fields and the app's form.

    Fields of the app that the model does not declare are the subject of `find_undeclared`.
    """
    fields = model._meta.fields.values()
    for field, difference in _compare_level(fields, form, form, app_id):
        name = str(field).partition(".")[2]
        yield Finding(
            model._meta.label,
            app,
            name,
            field.code,
            difference.kind,
            difference.is_drift,
            f"{model._meta.label}.{name}: {difference.text}",
        )


def _compare_level(fields: Iterable[Field], actual: Form, form: Form, app_id: AppId) -> Differences:
    """Compare the fields of a model or of its table with `actual`, those of the form or table."""
    declared = {field.code: field for field in fields}
    for field in declared.values():
        for difference in _compare_field(field, declared, actual, form, app_id):
            yield field, difference
        if isinstance(field, SubtableField) and _is_table(actual.get(field.code)):
            columns = field.columns.values()
            yield from _compare_level(columns, actual[field.code]["fields"], form, app_id)
    yield from _find_copied(declared, actual)


def _compare_field(
    field: Field, declared: Mapping[str, Field], actual: Form, form: Form, app_id: AppId
) -> Iterator[Difference]:
    if field.built_in:
        yield from _compare_built_in(field, form)
        return
    theirs = actual.get(field.code)
    if theirs is None:
        yield describe_missing(field, declared, actual, form)
    elif is_type_known(field) and not field.is_kept_as(theirs["type"]):
        yield _other_type(field, theirs)
    else:
        ours = declared_settings(field)
        yield from compare_settings(field, ours, theirs)
        if isinstance(field, ReferenceTableField):
            yield from compare_reference_table(field, ours, theirs, app_id)
        else:
            yield from compare_lookup(field, ours, theirs, declared, app_id)


def _compare_built_in(field: Field, form: Form) -> Iterator[Difference]:
    """Compare a field that every app has. There is one of each type, under any code."""
    kind = field.kintone_type
    code = next((code for code, other in form.items() if other["type"] == kind), None)
    if code is None:
        yield describe_missing(field, {}, {}, form)
    elif form[code].get("enabled") is False:
        setting = _SETTING_OF[kind]
        feature = {"process": "process management", "category": "categories"}[setting]
        text = (
            f"the model declares a {type(field).__name__}, but the app has no {feature}, so its "
            f"records cannot be read. Take the field out of the model, or enable {feature} in the "
            "app."
        )
        yield Difference(setting, True, text)
    elif code != field.code:
        text = (
            f"the model has the code {field.code!r}, but the app's {kind} field has the code "
            f"{code!r}. Write {type(field).__name__}({code!r})."
        )
        yield Difference("code", True, text)
    else:
        yield from compare_settings(field, declared_settings(field), form[code])


def _other_type(field: Field, theirs: Mapping[str, Any]) -> Difference:
    key = f" with a {field.typed().kintone_type} key" if isinstance(field, LookupField) else ""
    text = (
        f"the model declares a {type(field).__name__}{key}, but the app's field {field.code!r} is "
        f"a {theirs['type']}. Declare a {class_for(theirs)}, or use another field of the app."
    )
    return Difference("type", True, text)


def _find_copied(declared: Mapping[str, Field], actual: Form) -> Differences:
    """Find the fields that a lookup of the app fills, although the model declares no lookup."""
    for code, theirs in actual.items():
        if isinstance(declared.get(code), LookupField):
            continue
        for filled, source in copies(theirs).items():
            field = declared.get(filled)
            if field is not None and field.writable:
                text = (
                    f"the app's lookup {code!r} copies {source!r} into this field, "
                    "so kintone ignores other values, but the model lets a program set it. "
                    "Declare the lookup with 'copies'."
                )
                yield field, Difference("lookup", False, text)


def _is_table(theirs: Mapping[str, Any] | None) -> bool:
    return theirs is not None and theirs["type"] == "SUBTABLE"
