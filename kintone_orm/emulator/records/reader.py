"""One record that a caller asks for by its id."""

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
    """A record, and what the caller may do with it.

    GAIA_RE01 when it does not exist, CB_NO02 when the caller may not view it.
    """
    text = call.domain.store.record(app.id, number)
    if text is None:
        raise fault("GAIA_RE01", id=number)
    access, record = call.access(app), StoredRecord(number, text)
    if not access.may_view(record):
        raise fault("CB_NO02")
    return access, record
