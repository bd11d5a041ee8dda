"""An app as the pages see it: whole, whatever its permissions say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..apps import LiveApp
from ..authentication import Caller
from ..endpoint import Call
from ..permissions import open_to_all

if TYPE_CHECKING:
    from ..domain import Domain

__all__ = ["call_of_page", "whole_app"]


def whole_app(domain: Domain, number: int) -> LiveApp | None:
    """A deployed app as if it were open to everybody; None when there is none."""
    app = domain.app(number)
    if app is None or app["live"] is None:
        return None
    return LiveApp(app, {**app["live"], "permissions": open_to_all()})


def call_of_page(domain: Domain) -> Call:
    """A call of the built-in Administrator, who is whom LOGINUSER() means on the pages."""
    return Call(domain, Caller(domain.directory.administrator, "page"), domain.clock())
