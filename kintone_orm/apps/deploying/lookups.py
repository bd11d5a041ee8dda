"""Comparing the lookups of a model with those of its app.

A lookup of another app, or with another key, reads wrong records. A field that a lookup fills
cannot be saved. So a difference contradicts the model. The filter, the order and the fields of
kintone's picker only help people to choose a record, so they may differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.models.ground.form_definitions import copies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.fields.base import Field
    from kintone_orm.fields.lookup import LookupField

__all__ = ["lookup_problems"]


def lookup_problems(
    field: LookupField[Any],
    existing: Mapping[str, Any],
    siblings: Iterable[Field],
    source: int | None,
) -> Iterable[str]:
    """Yield the differences from the app's lookup, each as "copies ..., but ...".

    `existing` is the app's field, as kintone's form API describes it. `siblings` are the fields
    that the model declares beside the lookup. `source` is the id of the other model's app: 0 if the
    app is not in use yet, None if it is unknown and so is not compared. The app may copy into
    fields that the model does not declare.
    """
    other, theirs = field.target.__name__, f"the app's field {field.code!r}"
    ours, actual = field.definition(), existing["lookup"]
    app = int(actual["relatedApp"]["app"])
    if source not in (None, app):
        place = f"app {source}" if source else "an app that is not in use yet"
        yield f"looks up records of {other} ({place}), but {theirs} looks up records of app {app}"
    key, actual_key = ours["lookup"]["relatedKeyField"], actual["relatedKeyField"]
    if key != actual_key:
        yield f"has the key {key!r}, but the key of {theirs} is {actual_key!r}"
    declared, in_app = copies(ours), copies(existing)
    for sibling in siblings:
        source_code, actual_code = declared.get(sibling.code), in_app.get(sibling.code)
        if source_code != actual_code:
            yield (
                f"{_copies(source_code)} into {sibling.name!r}, "
                f"but {theirs} {_copies(actual_code)} into {sibling.code!r}"
            )


def _copies(code: str | None) -> str:
    return "copies nothing" if code is None else f"copies {code!r}"
