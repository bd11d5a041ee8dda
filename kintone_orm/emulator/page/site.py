"""Which page answers which path, for whom, and with what headers."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug import Response
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import IntegerConverter, Map, Rule

from ..ground.errors import KintoneError
from ..serving.loopback import is_loopback
from .exchanges import exchange_shown, exchange_view, exchanges_view
from .fault_form import NOTHING_TYPED, fault_choices, ordered, pending_faults
from .listing import listing_view
from .record import record_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Request

    from ..emulator import Emulator

__all__ = ["Page"]

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\[\]:]+)(?::[0-9]{1,5})?")
_FORM_MOST = 16_384  # bytes
_LATEST = 10

_HEADERS: Final = {
    "Cache-Control": "no-store",
    # Not "no-referrer": a browser would say that a form on the page comes from nowhere.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}


class _Number(IntegerConverter):
    """An id, or the number of a request: none is longer than SQLite can hold, or Python reads."""

    regex = "[0-9]{1,18}"


_PATHS = Map(
    [
        Rule("/", endpoint="apps"),
        Rule("/style.css", endpoint="style"),
        Rule("/apps/<number:app>", endpoint="listing"),
        Rule("/apps/<number:app>/records/<number:record>", endpoint="record"),
        Rule("/requests", endpoint="exchanges"),
        Rule("/requests/<number:number>", endpoint="exchange"),
        Rule("/faults", endpoint="faults"),
    ],
    converters={"number": _Number},
)

_TEMPLATES = Environment(
    loader=PackageLoader("kintone_orm.emulator.page"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Page:
    """The pages of one emulator, for browsers of this computer only.

    They show all that there is, whatever the apps' permissions say. `faults` is false where
    nothing can be ordered on them.
    """

    def __init__(self, emulator: Emulator, *, faults: bool) -> None:
        self._emulator = emulator
        self._domain = emulator._domain
        self._journal = emulator._gate.journal
        self._orders = faults
        self._token = secrets.token_urlsafe(32)

    def answer(self, incoming: Request) -> Response:
        """The page that a browser asks for."""
        # A page of the internet may reach this computer under a name of its own.
        asked, asking = incoming.headers.get("Host") or "", incoming.remote_addr or ""
        if not (_is_local(asked) and is_loopback(asking)):
            return Response("These pages are for http://localhost only.\n", 403, _HEADERS)
        try:
            name, arguments = _PATHS.bind("localhost").match(incoming.path)
            if name == "faults" and incoming.method == "POST" and self._orders:
                return self._order(incoming)
            if incoming.method not in ("GET", "HEAD"):
                return self._refusal(405, "This page can only be looked at.", Allow="GET, HEAD")
            if name == "style":
                return _styled(_source("style.css"))
            with self._domain.lock:
                return self._shown(name, arguments, incoming.args)
        except KintoneError as error:
            return self._refusal(error.status, error.en)
        except HTTPException as error:
            return self._refusal(error.code or 500, error.description or "")

    def _shown(self, name: str, arguments: Mapping[str, Any], asked: Mapping[str, str]) -> Response:
        """One of the pages that are only looked at. Its caller holds the domain's lock."""
        if name == "apps":
            overview = self._emulator._overview()
            latest = [exchange_shown(each) for each in overview.exchanges[:_LATEST]]
            return self._rendered("apps.html", apps=overview.apps, exchanges=latest)
        if name == "listing":
            view = listing_view(self._domain, **arguments, asked=asked)
            return self._rendered("listing.html", 400 if view and view["refusal"] else 200, view)
        if name == "record":
            return self._rendered(
                "record.html", 200, record_view(self._domain, self._journal, **arguments)
            )
        if name == "exchanges":
            return self._rendered("exchanges.html", 200, exchanges_view(self._journal))
        if name == "exchange":
            return self._rendered(
                "exchange.html", 200, exchange_view(self._domain, self._journal, **arguments)
            )
        return self._faults(200, None, NOTHING_TYPED)

    def _order(self, incoming: Request) -> Response:
        """What a form asks for: only one of this very page, sent by this very page."""
        incoming.max_content_length = _FORM_MOST
        origin = f"{incoming.scheme}://{incoming.headers.get('Host', '')}"
        if incoming.headers.get("Origin") != origin:
            return self._refusal(403, "A fault is ordered on this page, not from another one.")
        form = incoming.form
        if not hmac.compare_digest(form.get("token", "").encode(), self._token.encode()):
            return self._refusal(
                403, "This form is of an emulator that is gone. Open the page again."
            )
        if "forget" in form:
            self._emulator.faults.clear()
        else:
            try:
                self._emulator.faults.add(**ordered(form))
            except ValueError as error:
                return self._faults(400, str(error), {**NOTHING_TYPED, **form.to_dict()})
        return Response("", 303, {**_HEADERS, "Location": "/faults"})

    def _faults(self, status: int, refusal: str | None, typed: Mapping[str, str]) -> Response:
        return self._rendered(
            "faults.html",
            status,
            {
                "pending": pending_faults(self._emulator.faults),
                "choices": fault_choices(),
                "typed": typed,
                "refusal": refusal,
                "token": self._token,
            },
        )

    def _rendered(
        self,
        template: str,
        status: int = 200,
        view: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Response:
        """A page from its template; not found where there is nothing to show on it."""
        if view is None and not more:
            raise NotFound("There is no such page, or what it showed is gone.")
        text = _TEMPLATES.get_template(template).render(
            {**(view or {}), **more}, orders=self._orders
        )
        # JSON can hold half a character, which UTF-8 cannot.
        body = text.encode(errors="backslashreplace")
        return Response(body, status, _HEADERS, content_type="text/html;charset=utf-8")

    def _refusal(self, status: int, sentence: str, **headers: str) -> Response:
        view = {"sentence": sentence, "status": status}
        response = self._rendered("refusal.html", status, view)
        response.headers.update(headers)
        return response


def _styled(source: str) -> Response:
    return Response(source, 200, _HEADERS, content_type="text/css;charset=utf-8")


def _source(name: str) -> str:
    """The text of a file beside the templates."""
    loader = _TEMPLATES.loader
    assert loader is not None  # noqa: S101 - given above
    return loader.get_source(_TEMPLATES, name)[0]


def _is_local(host: str) -> bool:
    """Whether a Host header names this computer, with a port or without."""
    found = _HOST.fullmatch(host)
    return found is not None and is_loopback(found[1])
