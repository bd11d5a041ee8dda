"""An app as the pages see it: whole, whatever its permissions say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..requests.authentication import Caller
from ..requests.endpoint import Call
from ..settings.apps import LiveApp
from ..settings.permissions import open_to_all

if TYPE_CHECKING:
    from ..settings.domain import Domain

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
