"""The web site of the emulator's pages: paths, access checks and HTTP headers."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug import Response
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import IntegerConverter, Map, Rule

from ..ground.errors import KintoneError
from ..serving.loopback import is_loopback
from ..serving.overview import overview_of
from .exchanges import exchange_line, exchange_view, exchanges_view
from .fault_form import INITIAL_VALUES, fault_arguments, fault_choices, pending_faults
from .listing import listing_view
from .record import record_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Request

    from ..emulator import Emulator

__all__ = ["Page"]

_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\[\]:]+)(?::[0-9]{1,5})?")
# The largest accepted form, in bytes.
_FORM_SIZE_MAX = 16_384
# The number of requests that the first page shows.
_LATEST = 10

_HEADERS: Final = {
    "Cache-Control": "no-store",
    # With "no-referrer", a browser would send "Origin: null" with the form, which is then refused.
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
    """An id or the number of a request, short enough for SQLite's integers."""

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
    """The pages of one emulator, for browsers on this computer only.

    The pages show everything, regardless of the apps' permissions. If `faults` is true, a person
    can add faults on the pages.
    """

    def __init__(self, emulator: Emulator, *, faults: bool) -> None:
        self._emulator = emulator
        self._domain, self._journal = emulator.internals
        self._orders = faults
        self._token = secrets.token_urlsafe(32)

    def answer(self, incoming: Request) -> Response:
        """Return the page that a browser asks for."""
        # The Host header is checked too, because of DNS rebinding: a web page from the internet
        # could make its host name an alias of this computer.
        host, client = incoming.headers.get("Host") or "", incoming.remote_addr or ""
        if not (_is_local(host) and is_loopback(client)):
            return Response("These pages are for http://localhost only.\n", 403, _HEADERS)
        try:
            name, arguments = _PATHS.bind("localhost").match(incoming.path)
            if name == "faults" and incoming.method == "POST" and self._orders:
                return self._order(incoming)
            if incoming.method not in ("GET", "HEAD"):
                return self._refusal(405, "This page is read-only.", Allow="GET, HEAD")
            if name == "style":
                return _style_sheet(_source("style.css"))
            with self._domain.lock:
                return self._read_page(name, arguments, incoming.args)
        except KintoneError as error:
            return self._refusal(error.status, error.en)
        except HTTPException as error:
            return self._refusal(error.code or 500, error.description or "")

    def _read_page(
        self, name: str, arguments: Mapping[str, int], parameters: Mapping[str, str]
    ) -> Response:
        """Return a page that changes nothing. The caller must hold the domain's lock."""
        if name == "apps":
            overview = overview_of(self._domain, self._journal)
            latest = [exchange_line(exchange) for exchange in overview.exchanges[:_LATEST]]
            return self._render("apps.html", apps=overview.apps, exchanges=latest)
        if name == "listing":
            view = listing_view(self._domain, **arguments, parameters=parameters)
            return self._render("listing.html", 400 if view and view["refusal"] else 200, view)
        if name == "record":
            return self._render(
                "record.html", 200, record_view(self._domain, self._journal, **arguments)
            )
        if name == "exchanges":
            return self._render("exchanges.html", 200, exchanges_view(self._journal))
        if name == "exchange":
            return self._render(
                "exchange.html", 200, exchange_view(self._domain, self._journal, **arguments)
            )
        return self._faults(200, None, INITIAL_VALUES)

    def _order(self, incoming: Request) -> Response:
        """Carry out a submitted form, which adds a fault or deletes all faults.

        The form must come from this page: its origin and its token are checked.
        """
        incoming.max_content_length = _FORM_SIZE_MAX
        origin = f"{incoming.scheme}://{incoming.headers.get('Host', '')}"
        if incoming.headers.get("Origin") != origin:
            return self._refusal(403, "Faults can be ordered on this page only.")
        form = incoming.form
        if not hmac.compare_digest(form.get("token", "").encode(), self._token.encode()):
            return self._refusal(
                403, "This form belongs to an emulator that has ended. Open the page again."
            )
        if "forget" in form:
            self._emulator.faults.clear()
        else:
            try:
                self._emulator.faults.add(**fault_arguments(form))
            except ValueError as error:
                return self._faults(400, str(error), {**INITIAL_VALUES, **form.to_dict()})
        return Response("", 303, {**_HEADERS, "Location": "/faults"})

    def _faults(self, status: int, refusal: str | None, typed: Mapping[str, str]) -> Response:
        return self._render(
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

    def _render(
        self,
        template: str,
        status: int = 200,
        view: Mapping[str, object] | None = None,
        **more: object,
    ) -> Response:
        """Return a page from its template. Raises NotFound if there are no values for it."""
        if view is None and not more:
            raise NotFound("There is no such page, or its content no longer exists.")
        text = _TEMPLATES.get_template(template).render(
            {**(view or {}), **more}, orders=self._orders
        )
        # A JSON text can hold half a surrogate pair, which UTF-8 cannot encode.
        body = text.encode(errors="backslashreplace")
        return Response(body, status, _HEADERS, content_type="text/html;charset=utf-8")

    def _refusal(self, status: int, sentence: str, **headers: str) -> Response:
        view = {"sentence": sentence, "status": status}
        response = self._render("refusal.html", status, view)
        response.headers.update(headers)
        return response


def _style_sheet(source: str) -> Response:
    return Response(source, 200, _HEADERS, content_type="text/css;charset=utf-8")


def _source(name: str) -> str:
    """Return the text of a file beside the templates."""
    loader = _TEMPLATES.loader
    assert loader is not None  # noqa: S101 - _TEMPLATES has one
    return loader.get_source(_TEMPLATES, name)[0]


def _is_local(host: str) -> bool:
    """Return True if a Host header names this computer, with or without a port."""
    match = _HOST.fullmatch(host)
    return match is not None and is_loopback(match[1])
