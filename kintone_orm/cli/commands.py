"""The table of the commands. The module of a command is imported when it runs.

A new command is an entry here, and a row of docs/command-line.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["COMMANDS", "Command"]


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its place, its line in the list of commands, and examples for its help.

    `module` is a module of `kintone_orm.cli`. `name` is a function of it, or a Typer with commands
    of its own. `extra` is the extra of the package with the libraries of the command.
    """

    module: str
    name: str
    summary: str
    examples: tuple[str, ...]
    extra: str = "cli"


# In the order of the list that `kintone-orm --help` prints.
COMMANDS: Final = {
    "inspect": Command(
        "inspect",
        "inspect",
        "Write models of apps that exist.",
        (
            "kintone-orm inspect 12 15 --output models.py",
            "kintone-orm inspect --space 3 --enums --keys --output models.py",
            "kintone-orm inspect 12 --names names.toml --output models.py",
            "kintone-orm inspect --form customers.json",
        ),
    ),
    "check": Command(
        "check",
        "check",
        "Compare models with their apps, which may have changed.",
        (
            "kintone-orm check shop.models",
            "kintone-orm check shop.models:Order,Customer --json",
            "kintone-orm check --github",
        ),
    ),
    "deploy": Command(
        "deploy",
        "deploy",
        "Create the apps of models, or add their missing fields.",
        (
            "kintone-orm deploy shop.models --dry-run",
            "kintone-orm deploy shop.models:Order --yes",
        ),
    ),
    "query": Command(
        "query",
        "query",
        "Read records with the words of Django's filter().",
        (
            "kintone-orm query shop.models:Order \"rank='A', due__lt=Today()\"",
            "kintone-orm query shop.models:Order --order -due --fields number,due --limit 5",
            "kintone-orm query shop.models:Order --exclude \"rank='A'\" --format csv > rest.csv",
            "kintone-orm query shop.models:Order --format json | jq 'map(.amount) | add'",
            'kintone-orm query shop.models:Order "lines__qty__gt=10" --format query --explain',
        ),
    ),
    "shell": Command(
        "shell",
        "shell",
        "Start Python with the models and a connection.",
        (
            "kintone-orm shell shop.models",
            "kintone-orm shell shop.models < lines.py",
        ),
    ),
    "diagram": Command(
        "diagram",
        "diagram",
        "Draw models and their relations for Mermaid.",
        (
            "kintone-orm diagram shop.models",
            "kintone-orm diagram shop.models --output apps.mmd",
        ),
    ),
    "demo": Command(
        "demo",
        "demo",
        "Show the ORM at work on real data.",
        ("kintone-orm demo", "kintone-orm demo --limit 1000 --serve"),
        extra="demo",
    ),
    "emulator": Command(
        "emulator",
        "commands",
        "Serve a local kintone over HTTP.",
        (
            "kintone-orm emulator",
            "kintone-orm emulator --port 0 --data kintone.db --domain domain.toml",
            "kintone-orm emulator export https://example.cybozu.com/k/12/ --output domain.json",
        ),
    ),
}
