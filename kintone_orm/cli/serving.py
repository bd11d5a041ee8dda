"""An emulator over HTTP, from the line that says how to connect to the signal that ends it."""

from __future__ import annotations

import json
import signal
import sys
from typing import TYPE_CHECKING

from kintone_orm.emulator.server import serve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from kintone_orm.emulator import Emulator

__all__ = ["serve_until_stopped"]


def serve_until_stopped(
    emulator: Emulator,
    *,
    port: int,
    console: Console,
    show_password: bool,
    apps: Mapping[str, int] | None = None,
    admin_token: str | None = None,
) -> None:
    """Serve until ^C or SIGTERM, after printing the line of Python that connects.

    `show_password` is for a password that nobody chose: one that was typed is not repeated.
    SystemExit with a sentence if the port is taken.
    """
    try:
        server = serve(emulator, port=port, admin_token=admin_token)
    except OSError:
        sys.exit(f"Port {port} is taken, or not yours to take: choose another one, or --port 0.")
    username, password = emulator.credentials
    line = _connect_line(server.url, username, password if show_password else "...", apps)
    try:
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, signal.default_int_handler)
        greeting = f"A kintone emulator is at {server.url}, and lets {username} in:"
        console.print(greeting, soft_wrap=True)
        console.print(f"    {line}", soft_wrap=True)
        console.print("A browser shows what is in it. Press Ctrl-C to stop it.")
        server.serve_forever()
    except KeyboardInterrupt:  # it came before serve_forever, which sees to its own
        server.stop()
    console.print("Stopped.")


def _connect_line(url: str, username: str, password: str, apps: Mapping[str, int] | None) -> str:
    arguments = {"username": username, "password": password, "apps": dict(apps or {})}
    named = [f"{name}={json.dumps(v, ensure_ascii=False)}" for name, v in arguments.items() if v]
    return f"connect({', '.join([json.dumps(url), *named])})"
