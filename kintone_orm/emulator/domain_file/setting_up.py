"""What the steps of setting a domain up share: the file, the domain, and who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..requests.authentication import Caller
from ..requests.endpoint import Call
from ..serving.router import ENDPOINTS
from .refusals import refusals

if TYPE_CHECKING:
    from datetime import datetime

    from ..settings.domain import Domain
    from .complaints import Path
    from .document import Document

__all__ = ["SettingUp"]


class SettingUp(NamedTuple):
    """A domain that is set up from a file, at one moment, by its built-in Administrator."""

    document: Document
    domain: Domain
    now: datetime

    def section(self, *path: str) -> dict[str, Any]:
        """The object at a path of the file; an empty one where the file has none."""
        found: dict[str, Any] = self.document.data
        for key in path:
            found = found.get(key) or {}
        return found

    def call(self, space: int | None) -> Call:
        """A request of the Administrator's, on the path of this guest space or of none."""
        administrator = self.domain.directory.administrator
        caller = Caller(administrator, ("user", administrator.code))
        return Call(self.domain, caller, self.now, space, events=None)

    def put(
        self, path: str, app: int, where: Path, sent: dict[str, Any], *, prefix: str = ""
    ) -> None:
        """Have an endpoint of the API take what the file has at `where`, for an app.

        It is sent as the parameter `prefix`, or as several. DomainFileError, with the lines, for
        what the endpoint refuses.
        """
        found = self.domain.app(app)
        space = self.domain.guest_space(found["space"] if found else None)
        with refusals(self.document, where, lambda: self.names(app), prefix=prefix):
            call = self.call(space.path if space else None)
            ENDPOINTS[path]["PUT"].answer(call, {"app": app, **sent})

    def names(self, *apps: int) -> set[str]:
        """What a reference in the settings of these apps may mean: their fields, and people."""
        directory = self.domain.directory
        names = {*directory.users, *directory.groups, *directory.organizations}
        return names.union(*(app["origins"] for app in map(self.domain.app, apps) if app))
