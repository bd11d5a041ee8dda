"""For people who test programs that use kintone_orm: a kintone of their own, and what was sent."""

from kintone_orm.testing.emulation import emulate
from kintone_orm.testing.requests import capture_requests

__all__ = ["capture_requests", "emulate"]
