from __future__ import annotations

import pytest

from kintone_orm.emulator.serving.loopback import is_loopback


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LOCALHOST"]
)
def test_a_name_of_this_computer(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "0.0.0.0", "192.168.0.1", "example.com", "localhost.example.com"],
)
def test_another_name_may_lead_anywhere(host):
    assert not is_loopback(host)
