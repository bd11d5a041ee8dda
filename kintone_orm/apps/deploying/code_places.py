"""Codes that would be in two places of an app: in the form and in a subtable, or in two subtables.

kintone refuses the second field of a code, wherever the first one is. deploy() says so before it
changes anything. Source: kintone REST API, "Add Form Fields".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.exceptions import DeployError
from kintone_orm.fields.subtable import SubtableField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kintone_orm.models.base import Model
    from kintone_orm.models.ground.form_definitions import Form

__all__ = ["require_one_place"]


def require_one_place(models: Iterable[type[Model]], form: Form) -> None:
    """Raise DeployError if a model declares a code in another place than the app or another model.

    The models share the app, which has `form`.
    """
    places: dict[str, tuple[str, str]] = {}  # each with the app or the model that has the code
    for code, definition in form.items():
        places[code] = (_place(None), "the app")
        for column in definition.get("fields", ()):
            places[column] = (_place(code), "the app")
    for model in models:
        for own in model._meta.fields.values():
            columns = own.columns.values() if isinstance(own, SubtableField) else ()
            for declared in (own, *columns):
                ours = _place(declared.table)
                theirs, owner = places.setdefault(declared.code, (ours, model.__name__))
                if ours != theirs:
                    raise DeployError(
                        f"{declared} declares the code {declared.code!r} in {ours}, but {owner} "
                        f"has it in {theirs}. An app can have a code only once. Declare the field "
                        "there, or give it another code."
                    )


def _place(table: str | None) -> str:
    return "the form" if table is None else f"the subtable {table!r}"
