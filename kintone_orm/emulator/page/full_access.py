"""Access to apps regardless of their permissions, for the emulator's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..requests.authentication import Caller
from ..requests.endpoint import Call
from ..settings.apps import LiveApp
from ..settings.permissions import open_to_all

if TYPE_CHECKING:
    from ..settings.domain import Domain

__all__ = ["administrator_call", "open_app"]


def open_app(domain: Domain, number: int) -> LiveApp | None:
    """Return a deployed app without its permissions; None if there is no such app."""
    app = domain.app(number)
    if app is None or app["live"] is None:
        return None
    return LiveApp(app, {**app["live"], "permissions": open_to_all()})


def administrator_call(domain: Domain) -> Call:
    """Return a call by the Administrator. On the pages, LOGINUSER() is this user."""
    return Call(domain, Caller(domain.directory.administrator, "page"), domain.clock())
