"""The attributes `status` and `assignees` of models that do not declare them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.protocols import Meta

__all__ = ["Undeclared", "field_of_type"]


class Undeclared:
    """The placeholder of `status` and `assignees` in a model that does not declare them.

    Every access through a record raises an AttributeError that says what to write instead.
    """

    def __init__(self, field_class: str, kintone_type: str, *, way_out: str) -> None:
        self._field_class = field_class
        self._kintone_type = kintone_type
        self._way_out = way_out
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object | None, owner: Any) -> Undeclared:
        if instance is None:
            return self
        declared = field_of_type(owner._meta, self._kintone_type)
        if declared is not None:
            raise AttributeError(
                f"{owner.__name__} declares this field under another name: use {declared}."
            )
        raise AttributeError(
            f"{owner.__name__} does not declare its {self._name}, so it is not read. Declare "
            f"{self._name} = fields.{self._field_class}(<the field's code>)."
        )

    def __set__(self, instance: object, value: object) -> NoReturn:
        raise AttributeError(
            f"{type(instance).__name__}.{self._name} cannot be set. Use {self._way_out}."
        )


def field_of_type(meta: Meta, kintone_type: str) -> Field | None:
    """Return the model's only field of a type such as "STATUS"; None without such a field."""
    fields = meta.fields.values()
    return next((field for field in fields if field.kintone_type == kintone_type), None)
