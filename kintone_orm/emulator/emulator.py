"""The local kintone, used in the same process (`adapter`) or over HTTP (`wsgi`)."""

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
from .serving.proxy import Proxy
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
    from .serving.proxy import Answer
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

    `data` is an SQLite file for apps and records, or ":memory:". Raises DataInUse if the file is
    open in another emulator, in this process or in another one.

    `domain` is a domain file, as for `from_domain`. Passwords in this file come from `environ`.
    With `extra_fields`, existing data may have fields that the domain file lacks.

    `users` are passwords by login name, for new accounts or for accounts of the domain file. If
    no account has a password, "Administrator" gets a random one. `credentials` are the login name
    and the password of the first user.

    Notifications of webhooks go to this computer and to the hosts in `webhook_hosts`. `clock`
    returns the current time, as an aware datetime. Faults call `sleep` to wait for some seconds.

    The emulator is made for tests. It checks passwords and tokens as kintone's protocol requires,
    and has no other protection. Passwords and tokens are in memory only.
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
        self._proxy = self._new_proxy()
        self._closed = False
        self.webhooks = self._new_webhooks(webhook_hosts)
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
        """Return an emulator that is set up by a domain file: its path, or its content as a dict.

        Empty data is filled with everything in the file. Existing data must agree with the file.
        The emulator's `made` holds the resulting ids and tokens. Raises DomainFileError, with line
        numbers, for errors in the file and for differences. The other arguments have the
        same meaning as in the class.
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
        """The login name and the password of the first user."""
        user = self._domain.directory.users[self._first_user]
        return user.code, user.password or ""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The function that returns the current time. A program can replace it at any moment."""
        return self._domain.clock

    @clock.setter
    def clock(self, clock: Callable[[], datetime]) -> None:
        self._domain.clock = clock

    def copy(self) -> Emulator:
        """Return an independent copy in memory: apps, records, people, tokens and the clock.

        Open cursors and pending faults are not copied.
        """
        twin: Emulator = copy.copy(self)
        with self._domain.lock:
            twin._domain = self._domain.copy()
        twin._proxy = twin._new_proxy()
        twin.webhooks = twin._new_webhooks(self.webhooks.hosts)
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
        """Add an account, or replace it. Only permission settings limit the account's rights.

        `organization` is the code of the primary organization. `organizations` are the codes of
        other organizations, and `groups` the codes of groups. `timezone` decides when the user's
        day begins.
        """
        codes = frozenset(organizations) | ({organization} if organization else set())
        user = User(code, name or code, password, organization, timezone, codes, frozenset(groups))
        with self._domain.lock:
            self._domain.directory.users[code] = user

    def add_organization(
        self, code: str, *, name: str | None = None, parent: str | None = None
    ) -> None:
        """Add an organization. `parent` is the code of the next higher organization."""
        with self._domain.lock:
            self._domain.directory.organizations[code] = name or code
            if parent is not None:
                self._domain.directory.parents[code] = parent

    def add_group(self, code: str, *, name: str | None = None) -> None:
        """Add a group. The group "everyone" always exists."""
        with self._domain.lock:
            self._domain.directory.add_group(code, name or code)

    def add_space(self, name: str = "", *, id: int | None = None) -> Space:  # noqa: A002
        """Add a space with a thread, and return the space. Add App can create apps in it.

        Every account may enter the space. By default, `id` is the next free id. Raises ValueError
        if another space has the id.
        """
        with self._domain.lock, self._domain.store.transaction():
            return create_space(self._domain.store, name=name, guest=False, number=id)

    def add_guest_space(self, name: str = "", *, id: int | None = None) -> Space:  # noqa: A002
        """Add a guest space with a thread, and return the space.

        Add App creates apps in the space if the request has the path of the space. Every account
        may enter; a guest must be a member. By default, `id` is the next free id.
        Raises ValueError if another space has the id.
        """
        with self._domain.lock, self._domain.store.transaction():
            return create_space(self._domain.store, name=name, guest=True, number=id)

    def add_guest(
        self, mail: str, password: str, *, spaces: Iterable[int], name: str | None = None
    ) -> str:
        """Add a guest of guest spaces, and return the login name: "guest/" and the mail address."""
        code = f"guest/{mail}"
        user = User(code, name or mail, password, guest_of=frozenset(spaces))
        with self._domain.lock:
            self._domain.directory.users[code] = user
        return code

    def forget_requests(self) -> None:
        """Reset the count of today's requests to zero for each app."""
        with self._domain.lock:
            self._domain.quota.reset()

    def add_app(self, app: int, *, name: str) -> None:
        """Add an app with a chosen id.

        With the REST API, a program cannot choose an id: the app gets the next free id.

        Like an app made by "Add App", the new app must be deployed before it can have records.
        Raises ValueError if another app has the id.
        """
        domain = self._domain
        with domain.lock, domain.store.transaction():
            if domain.app(app) is not None:
                raise ValueError(f"There is already an app {app}. Choose another id.")
            domain.store.pass_number("app", app)
            creator = domain.directory.users[self._first_user]
            created = timestamp(domain.clock())
            domain.save_app(new_app(app, name, creator, created, language=domain.language))

    def set_app_code(self, app: int, code: str) -> None:
        """Set the code of an app; "" deletes it. The app's record numbers change at once.

        A code is unique, and has 1 to 64 letters (a to z), digits and underscores. On kintone,
        a code is set on a page of the app's settings; the API cannot set it. Raises ValueError for
        an invalid code.
        """
        with self._domain.lock, self._domain.store.transaction():
            change_app_code(self._domain, app, code)

    def add_api_token(
        self, app: int, *, permissions: Collection[str] = ("view",), token: str | None = None
    ) -> str:
        """Add an API token to an app, and return the token. It is valid while this emulator exists.

        `permissions` are "view", "add", "edit", "delete" or "manage". The token is random, unless
        `token` fixes it. Fixed tokens are not secret. So if an app has a fixed token, `serve`
        serves this computer only.
        Raises ValueError for an unknown app or permission, and for more than 20 tokens of an app.
        """
        with self._domain.lock:
            return add_token(self._domain, app, permissions, token)

    @property
    def has_fixed_tokens(self) -> bool:
        """True if an app has a fixed API token. In this case, `serve` serves this computer only."""
        return bool(self._domain.fixed_tokens)

    @property
    def faults(self) -> Faults:
        """The faults, for tests of how a program reacts to errors."""
        return self._proxy.faults

    def handle(self, request: HTTPRequest) -> HTTPResponse:
        """Return the answer to one request. Thread-safe; requests run one by one.

        After `close`, the client gets no answer, as from a server that has stopped.
        """
        try:
            if self._closed:
                return HTTPResponse(503, b"", delivery=Delivery(lost=True))
            return self._proxy.handle(request)
        finally:
            self.webhooks.release()

    def adapter(self) -> EmulatorAdapter:
        """Return an adapter to mount in a `requests.Session`. Every host is this emulator."""
        emulation = self._domain.store.identity
        return EmulatorAdapter(self.handle, sleep=self.sleep, emulation=emulation)

    def overview(self) -> Overview:
        """Return the apps and the latest requests, as the page at `/` shows them."""
        with self._domain.lock:
            return overview_of(self._domain, self._proxy.journal)

    @property
    def internals(self) -> Internals:
        """The objects that the emulator's own pages read. They may change without notice."""
        return Internals(self._domain, self._proxy.journal)

    def close(self) -> None:
        """Close the database. A data file keeps everything that was written."""
        self._closed = True
        with self._domain.lock:
            self._domain.store.close()

    def _new_proxy(self) -> Proxy:
        return Proxy(self._answer, clock=lambda: self._domain.clock(), sleep=self.sleep)

    def _new_webhooks(self, hosts: Collection[str]) -> Webhooks:
        return Webhooks(
            self._domain.hooks,
            lock=self._domain.lock,
            clock=lambda: self._domain.clock(),
            journal=self._proxy.journal,
            hosts=hosts,
        )

    def _answer(self, request: HTTPRequest, active_fault: Fault | None) -> Answer:
        """Return the answer: the body, the headers, and the records that the request wrote."""
        endpoint = route(request)
        domain = self._domain
        with domain.lock:
            caller = authenticate(request, domain)
        # Read the request without holding the lock, because a client may send a file slowly.
        with endpoint.read(request) as sent, domain.lock:
            host = request.header("host") or "localhost"
            call = Call(domain, caller, domain.clock(), request.space, host)
            if active_fault is Fault.EXPIRED_CURSOR:
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
