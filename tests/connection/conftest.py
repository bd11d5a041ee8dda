"""A test of connections sees no environment, and leaves no connection behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.recording_adapter import RecordingAdapter

from kintone_orm.connection import connections

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _no_connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("BASE_URL", "API_TOKEN", "USERNAME", "PASSWORD", "GUEST_SPACE_ID"):
        monkeypatch.delenv(f"KINTONE_{name}", raising=False)
    before = set(connections)
    yield
    for alias in set(connections) - before:
        del connections[alias]


@pytest.fixture
def adapter() -> RecordingAdapter:
    return RecordingAdapter()
