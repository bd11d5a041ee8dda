"""Access to apps without regard to their permissions, for the emulator's pages."""

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
    """Return a deployed app as if everybody had all rights on it, or None if there is none."""
    app = domain.app(number)
    if app is None or app["live"] is None:
        return None
    return LiveApp(app, {**app["live"], "permissions": open_to_all()})


def administrator_call(domain: Domain) -> Call:
    """Return a call by the built-in Administrator, who is LOGINUSER() on the pages."""
    return Call(domain, Caller(domain.directory.administrator, "page"), domain.clock())
