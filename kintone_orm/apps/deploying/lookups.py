"""Comparing the lookups of a model with those of its app.

A lookup of another app, or with another key, reads wrong records. A field that a lookup fills
cannot be saved. So a difference contradicts the model. The filter, the order and the fields of
kintone's picker only help people to choose a record, so they may differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

    `existing` is the `lookup` of the app's field, as kintone's form API describes it. `siblings`
    are the fields that the model declares beside the lookup. `source` is the id of the other
    model's app: 0 if the app is not in use yet, None if it is unknown and so is not compared. The
    app may copy into fields that the model does not declare.
    """
    other, theirs = field.target.__name__, f"the app's field {field.code!r}"
    app = int(existing["relatedApp"]["app"])
    if source not in (None, app):
        place = f"app {source}" if source else "an app that is not in use yet"
        yield f"looks up records of {other} ({place}), but {theirs} looks up records of app {app}"
    key = field.definition()["lookup"]["relatedKeyField"]
    if key != existing["relatedKeyField"]:
        yield f"has the key {key!r}, but the key of {theirs} is {existing['relatedKeyField']!r}"
    copies = _copies(field.definition()["lookup"])
    in_app = _copies(existing)
    for sibling in siblings:
        ours, actual = copies.get(sibling.code), in_app.get(sibling.code)
        if ours != actual:
            yield (
                f"{_says('copies', ours)} into {sibling.name!r}, "
                f"but {theirs} {_says('copies', actual)} into {sibling.code!r}"
            )


def _copies(lookup: Mapping[str, Any]) -> dict[str, str]:
    """Return the copied codes of the source app by the codes that they are copied into."""
    return {mapping["field"]: mapping["relatedField"] for mapping in lookup["fieldMappings"]}


def _says(verb: str, code: str | None) -> str:
    return f"{verb} {code!r}" if code is not None else f"{verb} nothing"
