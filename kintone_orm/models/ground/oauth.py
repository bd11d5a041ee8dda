"""A log message about the limits of an OAuth token, once for each connection.

kintone documents neither cursors nor bulkRequest for OAuth. Reading and writing do without them,
with narrower limits, which a program should not find out by accident.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING
from weakref import WeakSet

from kintone_orm.limits import MAX_OFFSET, RECORDS_PER_PAGE, RECORDS_PER_WRITE

if TYPE_CHECKING:
    from kintone_orm.connection import Connection

__all__ = ["log_limits_once"]

_logger = logging.getLogger("kintone_orm")
_logged: WeakSet[Connection] = WeakSet()
_lock = threading.Lock()


def log_limits_once(connection: Connection) -> None:
    """Log a warning about the limits of an OAuth token; later calls do nothing."""
    with _lock:
        if connection in _logged:
            return
        _logged.add(connection)
    _logger.warning(
        "Connection %r uses an OAuth token, for which kintone documents neither cursors nor "
        "bulkRequest. So a write is all or nothing for each %d records only, and at most %s "
        "records can be read in an order other than by id.",
        connection.alias,
        RECORDS_PER_WRITE,
        f"{MAX_OFFSET + RECORDS_PER_PAGE:,}",
    )
