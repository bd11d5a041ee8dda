"""Reading one record by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ground.errors import fault
from ..store.record_text import StoredRecord

if TYPE_CHECKING:
    from ..requests.access import Access
    from ..requests.endpoint import Call
    from ..settings.apps import LiveApp

__all__ = ["viewable_record"]


def viewable_record(call: Call, app: LiveApp, number: int) -> tuple[Access, StoredRecord]:
    """Return a record, and the caller's access to the app.

    Raises GAIA_RE01 if the record does not exist, and CB_NO02 if the caller may not view it.
    """
    text = call.domain.store.record(app.id, number)
    if text is None:
        raise fault("GAIA_RE01", id=number)
    access, record = call.access(app), StoredRecord(number, text)
    if not access.may_view(record):
        raise fault("CB_NO02")
    return access, record
