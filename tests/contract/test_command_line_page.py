"""docs/command-line.md lists the commands, the options of a connection and the settings."""

from __future__ import annotations

import re
from pathlib import Path

from kintone_orm.cli.commands import COMMANDS
from kintone_orm.cli.connecting import connected
from kintone_orm.configuration import parse_configuration
from kintone_orm.connection import Connection

PAGE = Path(__file__).parents[2] / "docs" / "command-line.md"
TEXT = PAGE.read_text("utf-8")


def test_the_commands_are_those_of_the_table():
    rows = re.findall(r"^\| `kintone-orm (\S+)` \| (.+) \|$", TEXT, re.MULTILINE)
    registered = [row for row in rows if row[0] in COMMANDS]
    assert registered == [(name, command.summary) for name, command in COMMANDS.items()]


def test_the_options_of_a_connection_are_named():
    @connected
    def command(connection: Connection) -> None:
        """Do nothing."""

    options = [f"--{name.replace('_', '-')}" for name in command.__annotations__]
    assert [option for option in options if f"`{option}`" not in TEXT] == []


def test_the_example_of_a_configuration_is_one():
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    configuration = parse_configuration(Path("kintone.toml"), example.encode())
    assert configuration.base_url == "https://example.cybozu.com"
    assert configuration.models == ("shop.models",)
    assert configuration.apps == {"orders": 12, "customers": 13}
