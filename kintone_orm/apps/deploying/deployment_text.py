"""The changes of a deploy() as a text for people, who decide whether to make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kintone_orm.apps.deploying.precision import declared_precision
from kintone_orm.apps.naming import app_name, labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kintone_orm.apps.deploying.deployment import AppChanges, Deployment, NewApp
    from kintone_orm.apps.deploying.form_changes import FormChanges
    from kintone_orm.models.base import Model
    from kintone_orm.models.ground.form_definitions import Form

__all__ = ["describe"]


class _Line(NamedTuple):
    """A field: its type, its code (a column's is "明細.数量"), and a remark."""

    type: str
    code: str
    remark: str = ""


def describe(deployment: Deployment) -> str:
    """Return the changes, by app: the fields with types and codes, and the number precision.

    The text has a line for each field, and ends without a line break.
    """
    keys = {app: key for key, app in deployment.unfinished.items()}
    blocks = [
        *(_describe_new(key, new) for key, new in deployment.new_apps.items()),
        *(_describe_changes(app, keys.get(app.app.id)) for app in deployment.apps if app),
    ]
    return "\n".join(blocks) or "Nothing to do: the apps have all fields of their models."


def _describe_new(key: str, new: NewApp) -> str:
    title = f"Create the app {app_name(new.models)!r} for {labels(new.models)} (key {key!r}):"
    built_in = [
        _Line(field.kintone_type, field.code, "kintone's own field gets this code")
        for model in new.models
        for field in model._meta.fields.values()
        if field.built_in
    ]
    lines = [*_changed_fields(new.form), *dict.fromkeys(built_in)]
    return _block(title, lines, _precision_lines(new.models))


def _describe_changes(changes: AppChanges, key: str | None) -> str:
    app = changes.app
    name = f"the app {app.id} of {labels(app.models)}"
    title = f"Change {name}:" if key is None else f"Complete {name} (key {key!r}):"
    near = {code.code: code.others for code in changes.near_codes}
    lines = [
        line._replace(remark=f"a typo of {' or '.join(map(repr, near[line.code]))}?")
        if line.code in near
        else line
        for line in _changed_fields(changes.form)
    ]
    others = _precision_lines(app.models) if changes.sets_precision else []
    if app.live is None:
        others.append("It was never in use, and is put into use.")
    elif not app.is_live:
        pending = [*_new_fields(app.live["properties"], app.preview["properties"])]
        lines += pending
        if not pending:
            others.append("The number precision of an interrupted deploy is put into use.")
    return _block(title, lines, others)


def _block(title: str, lines: Sequence[_Line], others: Iterable[str]) -> str:
    width = max((len(line.type) for line in lines), default=0)
    fields = [
        f"  {line.type:<{width}}  {line.code}{line.remark and f'  ({line.remark})'}"
        for line in lines
    ]
    return "\n".join([title, *fields, *(f"  {other}" for other in others)])


def _changed_fields(form: FormChanges) -> Iterator[_Line]:
    """Yield the fields in the order in which they are added."""
    for changes in [form.now, *(form.later[number] for number in sorted(form.later))]:
        for code, definition in changes.added.items():
            yield _Line(_type_of(definition), code)
            yield from _columns(code, definition.get("fields", {}))
        for code, definition in changes.changed.items():
            if "fields" in definition:
                yield from _columns(code, definition["fields"])
            else:
                yield _Line(definition["type"], definition["code"], f"its code is {code!r} now")


def _new_fields(live: Form, preview: Form) -> Iterator[_Line]:
    """Yield the fields that an interrupted deploy() has added to the preview."""
    remark = "from an interrupted deploy"
    for code, definition in preview.items():
        columns = definition.get("fields", {})
        if code not in live:
            yield _Line(_type_of(definition), code, remark)
        else:
            columns = {
                name: column
                for name, column in columns.items()
                if name not in live[code].get("fields", {})
            }
        yield from _columns(code, columns, remark)


def _columns(table: str, columns: Form, remark: str = "") -> Iterator[_Line]:
    for code, definition in columns.items():
        yield _Line(_type_of(definition), f"{table}.{code}", remark)


def _type_of(definition: Mapping[str, object]) -> str:
    return f"{definition['type']}{', lookup' if 'lookup' in definition else ''}"


def _precision_lines(models: Sequence[type[Model]]) -> list[str]:
    precision = declared_precision(models)
    if precision is None:
        return []
    places = f"{precision.decimal_places} decimal places, rounding {precision.rounding_mode}"
    return [f"Number precision: {precision.digits} digits, {places}."]
