"""A model's fields beside the form of its app: what is missing, and what contradicts it.

Pure: it is given the form as kintone describes it and says what to send.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from kintone_orm.exceptions import DeployError
from kintone_orm.fields.lookup import LookupField
from kintone_orm.query.comparable import require_no_keyword

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model

__all__ = ["Missing", "Properties", "missing", "require_ours"]

Properties: TypeAlias = "dict[str, dict[str, Any]]"


@dataclass(slots=True)
class Missing:
    """What a form lacks: fields by code, lookups by code, and new codes of built-in fields."""

    plain: Properties = field(default_factory=dict)
    lookups: Properties = field(default_factory=dict)
    renamed: Properties = field(default_factory=dict)


def missing(
    models: Iterable[type[Model]],
    form: Mapping[str, Mapping[str, Any]],
    *,
    is_new: bool,
    app_id: Callable[[type[Model]], int],
) -> Missing:
    """What the app with `form` lacks for `models`, which all live in it.

    kintone's built-in fields are there from the start; in a new app they get the codes that the
    models declare. DeployError for a field that has another type, or a built-in field that
    has another code in an app that others may use already.
    """
    found = Missing()
    for model in models:
        for each in model._meta.fields.values():
            if each.read_only:
                _match_built_in(each, form, found, is_new)
            elif each.code in form:
                _require_same_type(each, form[each.code])
            elif isinstance(each, LookupField):
                definition = each.definition()
                definition["lookup"]["relatedApp"] = {"app": app_id(each.target)}
                found.lookups[each.code] = definition
            else:
                _add(each, found)
    return found


def require_ours(
    app: int,
    models: Iterable[type[Model]],
    live: Mapping[str, Any],
    preview: Mapping[str, Any],
) -> None:
    """DeployError if what is not in service yet is more than fields that the models declare.

    Such fields are what an interrupted deploy() leaves behind.
    """
    declared = {field.code for model in models for field in model._meta.fields.values()}
    different = {code for code in {*live, *preview} if live.get(code) != preview.get(code)}
    others = sorted(code for code in different if code not in declared or code in live)
    if others or not different:
        what = f"of {', '.join(map(repr, others))}" if others else "of its settings"
        raise DeployError(
            f"App {app} has changes {what} that are not in service yet, and deploy() would put "
            "them into service: do so in the app's settings, or discard them there."
        )


def _add(wanted: Field[Any, Any], found: Missing) -> None:
    require_no_keyword(wanted)
    definition = wanted.definition()
    other = found.plain.setdefault(wanted.code, definition)
    if other["type"] != definition["type"]:
        raise DeployError(
            f"{wanted} is a {definition['type']}, but another model of the app declares "
            f"{wanted.code!r} as a {other['type']}."
        )


def _match_built_in(
    wanted: Field[Any, Any],
    form: Mapping[str, Mapping[str, Any]],
    found: Missing,
    is_new: bool,
) -> None:
    code = next((code for code, it in form.items() if it["type"] == wanted.kintone_type), None)
    if code == wanted.code:
        return
    if code is None or not is_new:
        raise DeployError(
            f"{wanted} is {wanted.code!r}, but the app's {wanted.kintone_type} field is {code!r}: "
            f"declare {wanted.name} = {type(wanted).__name__}({code!r})."
        )
    found.renamed[code] = {"type": wanted.kintone_type, "code": wanted.code}


def _require_same_type(wanted: Field[Any, Any], there: Mapping[str, Any]) -> None:
    if there["type"] != wanted.typed().kintone_type:
        raise DeployError(
            f"{wanted} is a {wanted.typed().kintone_type}, but the app's field {wanted.code!r} is "
            f"a {there['type']}. deploy() never changes a type: change the model, or the app."
        )
    if wanted.unique and not there.get("unique"):
        raise DeployError(
            f"{wanted} is unique, but the app's field {wanted.code!r} allows duplicates. deploy() "
            "never changes a field: change the model, or the app."
        )
    if isinstance(wanted, LookupField) and "lookup" not in there:
        raise DeployError(
            f"{wanted} is a lookup, but the app's field {wanted.code!r} is none. deploy() never "
            "changes a field: change the model, or the app."
        )
