"""The page at `/`: what there is in an emulator, in plain HTML, for a person with a browser."""

from __future__ import annotations

import base64
import hashlib
from datetime import timezone
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

if TYPE_CHECKING:
    from .journal import Exchange
    from .overview import AppOverview, Overview

__all__ = ["HEADERS", "front_page"]

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
  color: #222; background: #fff; }
h1, h2 { line-height: 1.2; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #ddd;
  overflow-wrap: anywhere; vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; }
summary { cursor: pointer; padding: .25rem 0; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
.failed { color: #b00020; }
.quiet { color: #666; }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #1b1b1b; } th, td { border-color: #444; }
  .failed { color: #ff8a80; } .quiet { color: #999; }
}
"""

_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final = {
    "Content-Type": "text/html;charset=utf-8",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What goes with the page: a browser runs nothing on it and loads nothing for it."""

# Every {} below is escaped by Markup.format.
_PAGE = Markup(
    "<!DOCTYPE html>\n"
    '<html lang="en"><head><meta charset="utf-8"><title>kintone emulator</title>\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<style>{style}</style></head>\n"
    "<body>\n<h1>kintone emulator</h1>\n"
    "<p>A local kintone, for tests and for trying things out. "
    "Clients talk to <code>/k/v1/</code>; this page is for people.</p>\n"
    "<h2>Apps</h2>\n{apps}\n"
    "<h2>Latest requests</h2>\n{exchanges}\n"
    "</body></html>\n"
)
_APP = Markup(
    "<details{opened}><summary><strong>{name}</strong> "
    '<span class="quiet">app {id}, {records}{state}</span></summary>\n'
    "<table><thead><tr><th>Field code</th><th>Type</th><th>Label</th></tr></thead>\n"
    "<tbody>\n{fields}\n</tbody></table></details>"
)
_FIELD = Markup("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>")
_EXCHANGES = Markup(
    '<table><thead><tr><th>Time (UTC)</th><th>Method</th><th>Path</th><th class="number">Status'
    '</th><th class="number">ms</th></tr></thead>\n<tbody>\n{}\n</tbody></table>'
)
_EXCHANGE = Markup(
    "<tr{failed}><td>{time}</td><td>{method}</td><td><code>{path}</code></td>"
    '<td class="number">{status}</td><td class="number">{milliseconds}</td></tr>'
)
_NOTHING = Markup('<p class="quiet">{}</p>')
_LINE = Markup("\n")
_OPEN = Markup(" open")
_FAILED = Markup(' class="failed"')

# With more apps than these, their fields are shown on a click.
_OPENED = 3


def front_page(overview: Overview) -> str:
    """The page as a whole; go with HEADERS. Nothing in it is markup but our own."""
    opened = len(overview.apps) <= _OPENED
    apps = _LINE.join(_app(app, opened=opened) for app in overview.apps)
    exchanges = _LINE.join(map(_exchange, overview.exchanges))
    return _PAGE.format(
        style=Markup(_STYLE),  # noqa: S704 - ours
        apps=apps or _NOTHING.format("There is no app yet."),
        exchanges=_EXCHANGES.format(exchanges) if exchanges else _NOTHING.format("None yet."),
    )


def _app(app: AppOverview, *, opened: bool) -> Markup:
    return _APP.format(
        opened=_OPEN if opened else "",
        name=app.name,
        id=app.id,
        records=f"{app.records:,} record{'' if app.records == 1 else 's'}",
        state="" if app.deployed else ", not deployed yet",
        fields=_LINE.join(_FIELD.format(*field) for field in app.fields),
    )


def _exchange(exchange: Exchange) -> Markup:
    failed = exchange.status is None or exchange.status >= 400
    return _EXCHANGE.format(
        failed=_FAILED if failed else "",
        time=f"{exchange.at.astimezone(timezone.utc):%H:%M:%S}",
        method=exchange.method,
        path=exchange.path,
        status="no answer" if exchange.status is None else exchange.status,
        milliseconds=f"{exchange.milliseconds:.1f}",
    )
