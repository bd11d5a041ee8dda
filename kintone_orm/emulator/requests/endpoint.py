"""Endpoints, and the calls that their handlers receive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..ground.decoding import sent_parameters
from ..ground.errors import fault, invalid
from ..ground.parameters import check_parameters
from ..ground.problems import Problems
from ..query import Context
from ..settings.apps import timestamp
from ..settings.webhooks import Event
from .access import Access, grants
from .guest_paths import check_entry, check_place

if TYPE_CHECKING:
    from datetime import datetime

    from ..ground.http import HTTPRequest
    from ..ground.parameters import Parameters
    from ..settings.apps import App, LiveApp
    from ..settings.domain import Domain
    from .authentication import Caller

__all__ = ["Answer", "Call", "Download", "Endpoint", "endpoint"]


@dataclass(frozen=True, slots=True)
class Download:
    """An answer that is a file. The file's pieces are read after the handler has returned."""

    pieces: Iterable[bytes]
    headers: Mapping[str, str]


Answer = Mapping[str, Any] | str | Download
"""The result of a handler: a JSON object, the text of a JSON object, or a file."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request in a handler: the domain, the caller and the time.

    `space` is the guest space in the path, and `host` the host name that the client uses. `events`
    collects the events for webhooks, or is None if the request sends no notification. `written`
    collects the records that the request writes, as (app, record).
    """

    domain: Domain
    caller: Caller
    now: datetime
    space: int | None = None
    host: str = "localhost"
    events: list[Event] | None = field(default_factory=list)
    written: list[tuple[int, int]] = field(default_factory=list)

    @property
    def query_context(self) -> Context:
        """The time and the user of this call, for the functions of a query."""
        user, directory = self.caller.user, self.domain.directory
        return Context(
            now=self.now,
            timezone=user.timezone,
            user=user.code,
            organization=user.organization,
            accounts=tuple(directory.users),
            exists=directory.knows,
        )

    def live_app(self, number: int, *rights: str) -> LiveApp:
        """Return a deployed app on which the caller has one of these rights.

        Raises GAIA_AP01 if there is no such app, GAIA_IA02 or GAIA_NO01 for the wrong token,
        CB_NO02 if the user lacks all these rights, and GAIA_IL23 or CB_NO02 for the wrong space.
        """
        self.caller.check(number, rights)
        app = self.domain.live_app(number)
        if app is None:
            raise fault("GAIA_AP01", id=number)
        self._check_place(app.space)
        if not any(self.may(app, right) for right in rights):
            raise fault("CB_NO02")
        return app

    def may(self, app: LiveApp, right: str) -> bool:
        """Return True if the caller's token, or the user, has this right on the app."""
        if self.caller.rights is not None:
            return right in self.caller.rights.get(app.id, ())
        guest_of = self.caller.user.guest_of
        if guest_of is not None and app.space not in guest_of:
            return False
        return grants(app, right, self.caller.user, self.domain.directory)

    def access(self, app: LiveApp) -> Access:
        """Return the caller's rights on the records of an app, and on their fields."""
        directory = self.domain.directory
        return Access(app, self.caller, directory=directory, context=self.query_context)

    def app(self, number: int) -> App:
        """Return an app, deployed or not, that the caller may manage.

        Raises the errors of `live_app`.
        """
        self.caller.check(number, ("manage",))
        app = self.domain.app(number)
        if app is None:
            raise fault("GAIA_AP01", id=number)
        self._check_place(app["space"])
        live = self.domain.live_app(number)
        if live and not self.may(live, "manage"):
            raise fault("CB_NO02")
        return app

    def editable_app(self, number: int, revision: int | None) -> App:
        """Return an app whose preview settings the caller may change.

        `revision` is the revision that the client has read. Raises GAIA_CO03 if the current
        revision differs; None and -1 are not compared. Raises CB_VA01 during a deploy, and
        the errors of `app`.
        """
        app = self.app(number)
        if app["deployment"] and app["deployment"]["status"] == "PROCESSING":
            raise invalid({"app": ["deploying"]})
        if revision not in (None, -1, app["preview"]["revision"]):
            raise fault("GAIA_CO03", id=number)
        return app

    def save_settings(self, app: App) -> dict[str, str]:
        """Store changed preview settings, and return the answer with the settings' new revision."""
        app["preview"]["revision"] += 1
        app["modifiedAt"] = timestamp(self.now)
        app["modifier"] = self.caller.user.entity
        self.domain.save_app(app)
        return {"revision": str(app["preview"]["revision"])}

    def notify(
        self, kind: str, app: LiveApp, number: int, comment: dict[str, Any] | None = None
    ) -> None:
        """Add an event for the app's webhooks, with the current values of the record."""
        if self.events is None or not self.domain.hooks.of(app.id, kind):
            return
        event = Event(
            kind=kind,
            app=app,
            number=number,
            record=self.domain.store.record(app.id, number),
            user=self.caller.user,
            now=self.now,
            host=self.host,
            guest_space=app.space if self.domain.guest_space(app.space) else None,
            comment=comment,
        )
        self.events.append(event)

    def _check_place(self, space: int | None) -> None:
        guest_space = self.domain.guest_space(space)
        check_place(guest_space.path if guest_space else None, self.space)


Handler = Callable[[Call, dict[str, Any]], Answer]
Reader = Callable[["HTTPRequest"], AbstractContextManager[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A handler and the table of its parameters. `tokens` is true if API tokens may call it.

    `read` takes a request, and returns a context manager that gives the sent parameters.
    """

    handle: Handler
    parameters: Parameters
    tokens: bool
    read: Reader

    def answer(self, call: Call, sent: Mapping[str, object]) -> Answer:
        """Check the parameters, call the handler, and return its result.

        Raises CB_VA01 with every invalid parameter, and GAIA_NO01 if API tokens may not call it.
        """
        check_entry(call.domain.guest_space(call.space), call.space, call.caller)
        if call.caller.rights is not None and not self.tokens:
            raise fault("GAIA_NO01")
        problems = Problems()
        parameters = check_parameters(sent, self.parameters, "", problems)
        problems.check()
        return self.handle(call, parameters)


def endpoint(
    parameters: Parameters, *, tokens: bool = True, read: Reader = sent_parameters
) -> Callable[[Handler], Endpoint]:
    """Return a decorator that turns a handler into an Endpoint with these parameters."""

    def declare(handle: Handler) -> Endpoint:
        return Endpoint(handle, parameters, tokens, read)

    return declare
