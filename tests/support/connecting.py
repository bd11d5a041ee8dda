"""Connections to a server that only records the requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.connection import Connection, connect

if TYPE_CHECKING:
    from support.recording_adapter import RecordingAdapter

URL = "https://example.cybozu.com"


def made(adapter: RecordingAdapter | None = None, **arguments: Any) -> Connection:
    """Register and return a connection with an API token."""
    return connect(URL, **{"api_token": "hush", "adapter": adapter, **arguments})
