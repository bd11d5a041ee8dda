"""Tools for testing programs that use kintone_orm: an emulated kintone, and checks of requests."""

from kintone_orm.testing.clock import FrozenClock, freeze
from kintone_orm.testing.emulation import EmulatedConnection, Snapshot, emulate
from kintone_orm.testing.network import NetworkBlocked, block_network
from kintone_orm.testing.requests import assert_requests, capture_requests
from kintone_orm.testing.seeds import load

__all__ = [
    "EmulatedConnection",
    "FrozenClock",
    "NetworkBlocked",
    "Snapshot",
    "assert_requests",
    "block_network",
    "capture_requests",
    "emulate",
    "freeze",
    "load",
]
