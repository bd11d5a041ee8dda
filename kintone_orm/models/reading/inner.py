"""Which values of its records ``filter(field__in=queryset)`` compares with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError
from kintone_orm.fields.related_record import Refers
from kintone_orm.models.record.row_shapes import Instances, Values

if TYPE_CHECKING:
    from kintone_orm.fields.base import Field
    from kintone_orm.models.record.row_shapes import Shape

__all__ = ["name_to_compare"]


def name_to_compare(model: Any, shape: Shape, field: Field[Any, Any]) -> str:
    """The name of the field of `model`, of a queryset of this shape, to compare `field` with.

    Ids are compared with ids, and a lookup with the keys of the model that it looks up; anything
    else with the one field that `values_list` or `values` picks. FieldError if there is none.
    """
    if isinstance(shape, Values) and len(shape.names) == 1:
        return shape.names[0]
    if isinstance(shape, Instances):
        if field.kintone_type == "__ID__":
            return "pk"
        refers_to = field.refers_to
        if isinstance(refers_to, Refers) and refers_to.target is model:
            return refers_to.name_of_key(field.kintone_type)
    raise FieldError(
        f"{field}__in takes one value of each {model.__name__}: give the queryset with "
        '.values_list("name", flat=True), the name being that of the field to compare with.'
    )
