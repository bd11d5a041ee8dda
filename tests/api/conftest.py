from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.recording_adapter import RecordingAdapter

from kintone_orm.connection import Connection
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def adapter() -> RecordingAdapter:
    return RecordingAdapter()


@pytest.fixture
def connection(adapter: RecordingAdapter) -> Connection:
    said = parse_settings(base_url="https://example.cybozu.com", api_token="t")
    return Connection(said, adapter=adapter)


@pytest.fixture
def sent(connection: Connection, adapter: RecordingAdapter) -> Callable[..., Any]:
    """Call a function and return its request: (method, path, the query's pairs or the body)."""

    def call(function: Callable[..., Any], **arguments: Any) -> tuple[str, str, Any]:
        function(connection, **arguments)
        return adapter.call()

    return call
