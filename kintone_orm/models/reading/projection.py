"""The names of fields that `only`, `defer`, `values` and `values_list` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError, NotSupportedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kintone_orm.models.ground.protocols import Meta

__all__ = ["stored_fields"]


def stored_fields(meta: Meta, method: str, names: Iterable[Any]) -> list[str]:
    """Return the names as a list. Each must be a stored field of the model itself, or "revision".

    FieldError for any other name; NotSupportedError for a path into a field or a related record.
    `method` is named in the error.
    """
    listed = list(names)
    for name in listed:
        if not isinstance(name, str):
            raise FieldError(f"{method}() takes field names, not {name!r:.80}.")
        outer, separator, inner = name.partition("__")
        if separator and outer in meta.relations:
            raise NotSupportedError(
                f"{method}() takes fields of {meta.label} itself, and {name!r} belongs to a "
                f"related record. Read instances with select_related({outer!r})."
            )
        if separator:
            raise NotSupportedError(
                f"{method}() takes whole fields, and {name!r} is a part of the field {outer!r}. "
                f"Name {outer!r}, and take {inner!r} from the value."
            )
        if name != "revision" and not meta.get_field(name).has_value:
            raise FieldError(
                f"{name!r} is a relation, not a stored field; {method}() cannot include it."
            )
    return listed
