"""The state that all steps of setting up a domain share.

Each step reads a section of the file and sends it to an endpoint of the emulator's own API, as the
built-in Administrator. So the rules of the API check the file too. In an error, the parameter path
becomes a place in the file, with a line (see refusals.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..requests.authentication import Caller
from ..requests.endpoint import Call
from ..serving.router import ENDPOINTS
from .refusals import translating_refusals

if TYPE_CHECKING:
    from datetime import datetime

    from ..settings.domain import Domain
    from .document import Document
    from .file_problems import Path

__all__ = ["Setup"]


class Setup(NamedTuple):
    """A domain file, the domain to set up from it, and the time of the setup."""

    document: Document
    domain: Domain
    now: datetime

    def section(self, *path: str) -> dict[str, Any]:
        """Return the object at a path of the file, or an empty object if the file has none."""
        section: dict[str, Any] = self.document.data
        for key in path:
            section = section.get(key) or {}
        return section

    def call(self, space: int | None) -> Call:
        """Return a call by the Administrator, on the path of this guest space or the plain path."""
        administrator = self.domain.directory.administrator
        caller = Caller(administrator, ("user", administrator.code))
        return Call(self.domain, caller, self.now, space, events=None)

    def put(
        self, path: str, app: int, where: Path, sent: dict[str, Any], *, prefix: str = ""
    ) -> None:
        """Send a section of the file to an endpoint of the API, for an app.

        `where` is the path of the section. `sent` holds the section as the parameter `prefix`, or
        as several parameters if there is no `prefix`. Raises DomainFileError, with lines, if the
        endpoint refuses the section.
        """
        app_document = self.domain.app(app)
        space = self.domain.guest_space(app_document["space"] if app_document else None)
        with translating_refusals(self.document, where, lambda: self.names(app), prefix=prefix):
            call = self.call(space.path if space else None)
            ENDPOINTS[path]["PUT"].answer(call, {"app": app, **sent})

    def names(self, *apps: int) -> set[str]:
        """Return the names that the settings of these apps may refer to: fields and people."""
        directory = self.domain.directory
        names = {*directory.users, *directory.groups, *directory.organizations}
        return names.union(*(app["origins"] for app in map(self.domain.app, apps) if app))
