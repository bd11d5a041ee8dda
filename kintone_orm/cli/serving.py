"""Serving an emulator over HTTP: print how to connect, then serve until a signal."""

from __future__ import annotations

import json
import signal
import sys
from typing import TYPE_CHECKING

from kintone_orm.cli.terminal import fail
from kintone_orm.emulator.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console

    from kintone_orm.emulator import Emulator

__all__ = ["serve_until_stopped"]


def serve_until_stopped(
    emulator: Emulator,
    *,
    port: int,
    console: Console,
    apps: Mapping[str, int] | None = None,
    admin_token: str | None = None,
    page_orders: bool = True,
    as_json: bool = False,
) -> None:
    """Print how to connect, as text or as JSON, and serve until Ctrl-C or SIGTERM.

    The output has the ids and tokens of a domain file, and the password if it is random. Raise
    SystemExit with code 2 after a message if the port cannot be opened.
    """
    try:
        server = serve(emulator, port=port, admin_token=admin_token, page_orders=page_orders)
    except OSError:
        fail(f"Port {port} is in use or not allowed. Choose another port, or --port 0.")
    try:
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, signal.default_int_handler)
        if as_json:
            sys.stdout.write(_as_json(server.url, emulator, apps or {}))
            sys.stdout.flush()
        else:
            for line in _greeting(server.url, emulator, apps or {}):
                console.print(line, soft_wrap=True)
        server.serve_forever()
    except KeyboardInterrupt:
        # The signal came before serve_forever(), which handles all later signals.
        server.stop()
    if not as_json:
        console.print("Stopped.")


def _greeting(url: str, emulator: Emulator, apps: Mapping[str, int]) -> Iterator[str]:
    """Yield the lines that tell a person how to connect."""
    username, password = emulator.credentials
    yield f"A kintone emulator runs at {url}. Connect as {username}:"
    shown = password if emulator.password_is_random else "..."
    yield f"    {_connect_line(url, username, shown, apps)}"
    made = emulator.made
    for key, number in made.apps.items():
        yield f"App {key}: {number}"
        for name, token in made.tokens.get(key, {}).items():
            yield f"    API token {name}: {token}"
    for key, space in made.spaces.items():
        yield f"{'Guest space' if space.guest else 'Space'} {key}: {space.id}"
    for code, number in made.groups.items():
        yield f"Group {code}: {number}"
    yield "Open the address in a browser to see its apps. Press Ctrl-C to stop the emulator."


def _as_json(url: str, emulator: Emulator, apps: Mapping[str, int]) -> str:
    """Return one line of JSON that tells a program how to connect."""
    username, password = emulator.credentials
    answer = {"url": url, "username": username}
    if emulator.password_is_random:
        answer["password"] = password
    made = emulator.made.as_dict()
    for key, number in apps.items():
        made["apps"].setdefault(key, {"id": number, "tokens": {}})
    return json.dumps({**answer, **made}, ensure_ascii=False) + "\n"


def _connect_line(url: str, username: str, password: str, apps: Mapping[str, int]) -> str:
    arguments = {"username": username, "password": password, "apps": dict(apps)}
    named = [f"{name}={json.dumps(v, ensure_ascii=False)}" for name, v in arguments.items() if v]
    return f"connect({', '.join([json.dumps(url), *named])})"
