"""Each story is run twice: in process, and over HTTP."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["kintone", "live_kintone"], ids=["in process", "over HTTP"])
def office_kintone(request):
    return request.getfixturevalue(request.param)
