"""The log message about an OAuth token's limits."""

from __future__ import annotations

import logging

from kintone_orm import connect, connections
from kintone_orm.models.ground.oauth import log_limits_once


def test_each_connection_has_its_message_once(caplog):
    try:
        for alias in ("a", "b"):
            connect("https://x.cybozu.com", oauth_token="t", alias=alias)
        with caplog.at_level(logging.DEBUG, "kintone_orm"):
            for alias in ("a", "b", "a", "b"):
                log_limits_once(connections[alias])
    finally:
        del connections["a"], connections["b"]

    assert [(record.name, record.levelname) for record in caplog.records] == [
        ("kintone_orm", "WARNING")
    ] * 2
    assert caplog.messages[0] == (
        "Connection 'a' uses an OAuth token, for which kintone documents neither cursors nor "
        "bulkRequest. So a write is all or nothing for each 100 records only, and at most 10,500 "
        "records can be read in an order other than by id."
    )
    assert "'b'" in caplog.messages[1]
