"""The log line of a long read."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from kintone_orm.http.request_log import Tally, logger

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from kintone_orm.connection import Connection
    from kintone_orm.models.reading.page_request import ReadPage

__all__ = ["logging_long_read"]

_REQUESTS, _RECORDS = 10, 5_000  # a read beyond one of them is long


def logging_long_read(
    pages: Generator[ReadPage, None, None], connection: Connection, *, model: str, app: int
) -> Iterator[ReadPage]:
    """Yield the pages; write a line at the end if the read was long and the level is INFO.

    The seconds are those of the requests, without the time that the program takes for its records.
    """
    if not logger.isEnabledFor(logging.INFO):
        yield from pages
        return
    tally, clock = Tally(), connection.clock
    records, seconds = 0, 0.0
    try:
        while True:
            started = clock.now()
            with tally.counting():
                page = next(pages, None)
            seconds += clock.now() - started
            if page is None:
                return
            records += len(page)
            yield page
    finally:
        with tally.counting():
            pages.close()  # an abandoned read deletes its cursor
        if tally.requests > _REQUESTS or records > _RECORDS:
            logger.info(
                "%s: %s records in %s requests and %.1f s",
                model,
                f"{records:,}",
                f"{tally.requests:,}",
                seconds,
                extra={
                    "kintone_model": model,
                    "kintone_app": str(app),
                    "kintone_records": records,
                    "kintone_requests": tally.requests,
                    "kintone_seconds": seconds,
                },
            )
