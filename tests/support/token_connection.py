"""Connections to an emulated kintone by an API token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.connection import Connection
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from kintone_orm.testing import EmulatedConnection


def connect_by_token(kintone: EmulatedConnection, app: int, *permissions: str) -> Connection:
    """A connection with a new token of the app that has these permissions."""
    token = kintone.emulator.add_api_token(app, permissions=permissions)
    settings = parse_settings(base_url=kintone.base_url, api_token=token)
    return Connection(settings, alias="token", adapter=kintone.emulator.adapter())
