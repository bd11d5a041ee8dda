"""Lost values: the record was deleted before they were read.

The instance can be saved again as a new record, but not with blanks in place of the lost values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.fields.base import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kintone_orm.models.record.instance import Instance

__all__ = ["require_not_lost"]


def require_not_lost(instance: Instance, names: Iterable[str]) -> None:
    """Raise DoesNotExist if the value of one of the fields `names` is lost."""
    fields, lost = instance._meta.fields, instance._state.lost or ()
    missing = [name for name in names if name in lost and fields[name].peek(instance) is UNSET]
    if missing:
        raise type(instance).DoesNotExist(
            f"{instance!r} was deleted before the value of {', '.join(missing)} was read. Assign a "
            "value, or read the whole record before you delete it."
        )
