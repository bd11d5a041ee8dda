"""Fields of a model that its app lacks, and where they may have gone."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from kintone_orm.apps.drift.declared import is_type_known
from kintone_orm.apps.drift.finding import Difference

if TYPE_CHECKING:
    from collections.abc import Collection

    from kintone_orm.fields import Field
    from kintone_orm.models.ground.form_definitions import Form

__all__ = ["describe_missing"]


def describe_missing(
    field: Field, declared: Collection[str], actual: Form, form: Form
) -> Difference:
    """Return the difference for a field that is not among the app's fields of its level.

    `declared` has the codes of the model's fields beside it, `actual` the app's fields beside it,
    and `form` all fields of the app.
    """
    code = field.code
    home = "the form" if field.table is None else f"the subtable {field.table!r}"
    if places := [place for place in _places(code, form) if place != home]:
        text = (
            f"the model declares the field {code!r} in {home}, but the app has it in {places[0]}. "
            f"Declare it there, or move it in the app."
        )
        return Difference("table", True, text)
    new = {other: theirs for other, theirs in actual.items() if other not in declared}
    renamed = _likely_new_code(field, code, new)
    advice = (
        f"If {renamed!r} is its new code, write {type(field).__name__}({renamed!r}, ...)."
        if renamed
        else "Take it out of the model, or add it to the app with 'kintone-orm deploy'."
    )
    text = (
        f"the model declares the field {code!r}, but the app has no such field in {home}, or you "
        f"may not view it. {advice}"
    )
    return Difference("missing field", True, text)


def _places(code: str, form: Form) -> list[str]:
    """Return the places of the app that have a field of this code."""
    places = ["the form"] if code in form else []
    return places + [
        f"the subtable {table!r}"
        for table, definition in form.items()
        if code in definition.get("fields", ())
    ]


def _likely_new_code(field: Field, code: str, new: Form) -> str | None:
    """Return the code of a field of the same type with the same label, or else a similar code."""
    if not is_type_known(field):
        return None
    same_type = {other: theirs for other, theirs in new.items() if field.is_kept_as(theirs["type"])}
    labels = (field.verbose_name or code, code)
    same_label = [other for other, theirs in same_type.items() if theirs["label"] in labels]
    similar = same_label or difflib.get_close_matches(code, same_type, n=1)
    return similar[0] if len(similar) == 1 else None
