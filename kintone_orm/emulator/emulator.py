"""The local kintone: one core, reached in process (`adapter`) or over HTTP (`wsgi`)."""

from __future__ import annotations

import copy
import os
import time
from datetime import datetime, timezone, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from .domain_file import Made, load_domain
from .ground.delivery import Delivery
from .ground.http import HTTPResponse
from .requests.authentication import authenticate
from .requests.endpoint import Call, Download
from .serving.adapter import EmulatorAdapter
from .serving.faults import Fault, Faults
from .serving.notifications import Webhooks
from .serving.overview import Overview, overview_of
from .serving.proxy import Gate
from .serving.router import route
from .settings.app_codes import change_app_code
from .settings.apps import new_app, timestamp
from .settings.domain import Domain
from .settings.tokens import add_token
from .store.people import User
from .store.record_text import dump
from .store.spaces import create_space

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from .domain_file import DomainFile
    from .ground.http import HTTPRequest
    from .serving.journal import Journal
    from .serving.proxy import Answered
    from .store.spaces import Space

__all__ = ["Emulator"]


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Internals(NamedTuple):
    """The domain of an emulator, and the journal of its requests."""

    domain: Domain
    journal: Journal


class Emulator:
    """A kintone domain on this machine: apps, records and queries, with kintone's limits.

    `data` is an SQLite file that keeps apps and records, or ":memory:"; DataInUse when another
    emulator has it open, in whatever process. `domain` is a domain file, as for `from_domain`.
    `users` are passwords by login name, of accounts of their own or of those of the domain file;
    where nobody has a password there is one user, "Administrator", with a random one. In any case
    `credentials` are those of the first. `environ` is where a domain file finds passwords, and
    `webhook_hosts` are hosts besides this computer that notifications may go to. With
    `extra_fields`, data that is there already may have fields that the domain file has not.
    `clock` gives the time, aware; `sleep` lets so many seconds pass, where a fault takes its time.

    Nothing is secured beyond what kintone's protocol asks for: it is made for tests. Passwords
    and tokens are kept in memory only.
    """

    def __init__(
        self,
        data: str | os.PathLike[str] = ":memory:",
        *,
        domain: DomainFile | None = None,
        users: Mapping[str, str] | None = None,
        environ: Mapping[str, str] = os.environ,
        webhook_hosts: Collection[str] = (),
        extra_fields: bool = False,
        clock: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._domain = Domain(data, clock)
        self.sleep = sleep
        self._gate = self._open_gate()
        self._closed = False
        self.webhooks = self._open_webhooks(webhook_hosts)
        self.made = Made()
        if domain is not None:
            try:
                self.made = load_domain(
                    domain,
                    self._domain,
                    environ=environ,
                    webhook_hosts=webhook_hosts,
                    extra_fields=extra_fields,
                )
            except BaseException:
                self._domain.store.close()
                raise
        directory = self._domain.directory
        self.password_is_random = not (users or directory.codes_with_password())
        self._first_user = directory.admit(users or {}).code

    @classmethod
    def from_domain(
        cls,
        domain: DomainFile,
        *,
        data: str | os.PathLike[str] = ":memory:",
        users: Mapping[str, str] | None = None,
        environ: Mapping[str, str] = os.environ,
        webhook_hosts: Collection[str] = (),
        extra_fields: bool = False,
        clock: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Emulator:
        """An emulator that is set up by a domain file: its path, or what is in it as Python has it.

        `made` has the ids and the tokens that it was given. New data gets all that the file says;
        data that is there already must agree with it. DomainFileError, with lines, for what is
        wrong or differs. The other arguments are the class's.
        """
        return cls(
            data,
            domain=domain,
            users=users,
            environ=environ,
            webhook_hosts=webhook_hosts,
            extra_fields=extra_fields,
            clock=clock,
            sleep=sleep,
        )

    @property
    def credentials(self) -> tuple[str, str]:
        """Login name and password of the first user."""
        user = self._domain.directory.users[self._first_user]
        return user.code, user.password or ""

    @property
    def clock(self) -> Callable[[], datetime]:
        """What gives the time. Put another one in its place, and time goes as that one says."""
        return self._domain.clock

    @clock.setter
    def clock(self, clock: Callable[[], datetime]) -> None:
        self._domain.clock = clock

    def copy(self) -> Emulator:
        """Another emulator, in memory, with this one's apps, records, people, tokens and clock.

        From then on, neither sees what happens to the other. Open cursors stay behind, and so do
        the faults that are still to happen.
        """
        twin = copy.copy(self)
        with self._domain.lock:
            twin._domain = self._domain.copy()
        twin._gate = twin._open_gate()
        twin.webhooks = twin._open_webhooks(self.webhooks.hosts)
        return twin

    def add_user(
        self,
        code: str,
        password: str,
        *,
        name: str | None = None,
        organization: str | None = None,
        organizations: Iterable[str] = (),
        groups: Iterable[str] = (),
        timezone: tzinfo = timezone.utc,
    ) -> None:
        """Add an account, or replace it: it may do everything that no permission setting refuses.

        `organization` is the code of its primary one, `organizations` are the others that it is
        in, and `groups` its groups; `timezone` decides when its days begin.
        """
        homes = frozenset(organizations) | ({organization} if organization else set())
        user = User(code, name or code, password, organization, timezone, homes, frozenset(groups))
        with self._domain.lock:
            self._domain.directory.users[code] = user

    def add_organization(
        self, code: str, *, name: str | None = None, parent: str | None = None
    ) -> None:
        """Add an organization; `parent` is the code of the one that it is part of."""
        with self._domain.lock:
            self._domain.directory.organizations[code] = name or code
            if parent is not None:
                self._domain.directory.parents[code] = parent

    def add_group(self, code: str, *, name: str | None = None) -> None:
        """Add a group. "everyone" is there from the beginning."""
        with self._domain.lock:
            self._domain.directory.add_group(code, name or code)

    def add_space(self, name: str = "", *, id: int | None = None) -> Space:  # noqa: A002
        """A new space and its thread: Add App makes apps in it. Every account may enter it.

        `id` is yours to choose, the next one without; ValueError if it is taken.
        """
        with self._domain.lock, self._domain.store.transaction():
            return create_space(self._domain.store, name=name, guest=False, number=id)

    def add_guest_space(self, name: str = "", *, id: int | None = None) -> Space:  # noqa: A002
        """A new guest space and its thread: Add App makes apps in it, on its path.

        Every account may enter it; guests, if it is one of theirs. `id` as for `add_space`.
        """
        with self._domain.lock, self._domain.store.transaction():
            return create_space(self._domain.store, name=name, guest=True, number=id)

    def add_guest(
        self, mail: str, password: str, *, spaces: Iterable[int], name: str | None = None
    ) -> str:
        """The login name, "guest/" and the mail address, of a guest of these guest spaces."""
        code = f"guest/{mail}"
        user = User(code, name or mail, password, guest_of=frozenset(spaces))
        with self._domain.lock:
            self._domain.directory.users[code] = user
        return code

    def forget_requests(self) -> None:
        """Count the requests that each app has had today from none again."""
        with self._domain.lock:
            self._domain.quota.reset()

    def add_app(self, app: int, *, name: str) -> None:
        """Add an app whose id is yours to choose; over the API, it is always the next one.

        It is as "Add App" makes it: to be deployed before it has records. ValueError if the id is
        taken.
        """
        domain = self._domain
        with domain.lock, domain.store.transaction():
            if domain.app(app) is not None:
                raise ValueError(f"there is an app {app} already")
            domain.store.pass_number("app", app)
            creator = domain.directory.users[self._first_user]
            created = timestamp(domain.clock())
            domain.save_app(new_app(app, name, creator, created, language=domain.language))

    def set_app_code(self, app: int, code: str) -> None:
        """Give an app a code, or take it away with "". Its record numbers follow at once.

        A code has 1 to 64 letters (a to z), digits and underscores, and no other app has it.
        kintone has no API for this: there, it is set on a page of the app's settings.
        """
        with self._domain.lock, self._domain.store.transaction():
            change_app_code(self._domain, app, code)

    def add_api_token(
        self, app: int, *, permissions: Collection[str] = ("view",), token: str | None = None
    ) -> str:
        """A new API token of an app, valid at once, as long as this emulator lives.

        `permissions` are of "view", "add", "edit", "delete" and "manage". `token` is one of your
        own choice; everybody who reads it there has it, so `serve` then serves this computer only.
        ValueError for an unknown app or permission, and for a twenty-first token of an app.
        """
        with self._domain.lock:
            return add_token(self._domain, app, permissions, token)

    @property
    def has_fixed_tokens(self) -> bool:
        """Whether somebody chose an API token: such a one is good on this computer only."""
        return bool(self._domain.fixed_tokens)

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose, for tests of what a program does then."""
        return self._gate.faults

    def handle(self, request: HTTPRequest) -> HTTPResponse:
        """The answer to one request. Safe to call from many threads; requests run one by one.

        A closed emulator answers nobody, like a server that is gone.
        """
        try:
            if self._closed:
                return HTTPResponse(503, b"", delivery=Delivery(lost=True))
            return self._gate.handle(request)
        finally:
            self.webhooks.release()

    def adapter(self) -> EmulatorAdapter:
        """An adapter for a `requests.Session` to mount: every host is this emulator."""
        emulation = self._domain.store.identity
        return EmulatorAdapter(self.handle, sleep=self.sleep, emulation=emulation)

    def overview(self) -> Overview:
        """The apps, and the latest requests: what the page at `/` shows to a person."""
        with self._domain.lock:
            return overview_of(self._domain, self._gate.journal)

    @property
    def internals(self) -> Internals:
        """The parts that the emulator's own pages read. They change without notice."""
        return Internals(self._domain, self._gate.journal)

    def close(self) -> None:
        """Close the data. With a file, everything written is in it."""
        self._closed = True
        with self._domain.lock:
            self._domain.store.close()

    def _open_gate(self) -> Gate:
        return Gate(self._answer, clock=lambda: self._domain.clock(), sleep=self.sleep)

    def _open_webhooks(self, hosts: Collection[str]) -> Webhooks:
        return Webhooks(
            self._domain.hooks,
            lock=self._domain.lock,
            clock=lambda: self._domain.clock(),
            journal=self._gate.journal,
            hosts=hosts,
        )

    def _answer(self, request: HTTPRequest, happening: Fault | None) -> Answered:
        """The body of the answer to a request, the headers that describe it, and what it wrote."""
        endpoint = route(request)
        domain = self._domain
        with domain.lock:
            caller = authenticate(request, domain)
        # Read without the lock: a client may take its time to send a file.
        with endpoint.read(request) as sent, domain.lock:
            host = request.header("host") or "localhost"
            call = Call(domain, caller, domain.clock(), request.space, host)
            if happening is Fault.EXPIRED_CURSOR:
                domain.cursors.expire(str(sent.get("id")))
            domain.quota.spend(
                request,
                sent,
                now=call.now,
                app_of_cursor=domain.cursors.app_of,
                limit=self.faults.daily_quota(request),
            )
            with domain.store.transaction():
                answer = endpoint.answer(call, sent)
            self.webhooks.prepare(call.events or ())
        if isinstance(answer, Download):
            return answer.pieces, answer.headers, ()
        body = (answer if isinstance(answer, str) else dump(answer)).encode()
        return body, {}, frozenset(call.written)
