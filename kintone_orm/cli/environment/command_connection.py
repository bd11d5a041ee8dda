"""The connection of a command, which asks a person for what it cannot know."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kintone_orm.cli.environment.variables import BASE_URL, LOGINS, SECRETS, variable
from kintone_orm.cli.terminal import ask, ask_secret, fail, is_interactive
from kintone_orm.connection import Connection
from kintone_orm.settings import PartialSettings, parse_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.configuration import Configuration
    from kintone_orm.settings import Settings

__all__ = ["CommandConnection"]


class CommandConnection(Connection):
    """A connection that looks for its settings at its first request, and asks a person for some."""

    def __init__(self, configuration: Configuration, apps: Mapping[str, int]) -> None:
        super().__init__(PartialSettings(), apps={**configuration.apps, **apps})
        self._configuration = configuration
        self._is_complete = False

    @property
    def settings(self) -> Settings:
        """The settings of the environment, which is completed by the configuration."""
        if not self._is_complete:
            with self._lock:
                if not self._is_complete:
                    _complete_environment(self._configuration)
                    self._is_complete = True
        return super().settings


def _complete_environment(configuration: Configuration) -> None:
    """Add the base URL of the configuration, and passwords that a person gives."""
    if not variable(BASE_URL):
        os.environ[BASE_URL] = _base_url_of(configuration)
    host = parse_settings(base_url=variable(BASE_URL)).base_url
    for user, password in (
        ("KINTONE_USERNAME", "KINTONE_PASSWORD"),
        ("KINTONE_BASIC_AUTH_USERNAME", "KINTONE_BASIC_AUTH_PASSWORD"),
    ):
        if variable(user) and not variable(password):
            question = f"The password of {variable(user)} at {host}"
            os.environ[password] = ask_secret(question, otherwise=f"Set {password}.")
    if not any(variable(name) for kind in LOGINS for name in kind):
        fail(
            f"There are no credentials for {host}. Set KINTONE_USERNAME and KINTONE_PASSWORD, or "
            "KINTONE_API_TOKEN, in the environment or in a file for --env-file."
        )


def _base_url_of(configuration: Configuration) -> str:
    """Return the base URL of the file, if the secrets of the environment may be sent there.

    A file that comes with a program must not draw them to a stranger.
    """
    url = configuration.base_url
    if url is None:
        fail("No kintone is named. Use --base-url https://example.cybozu.com, or KINTONE_BASE_URL.")
    if any(variable(name) for name in (*SECRETS, "KINTONE_CLIENT_CERT")):
        question = f"{configuration.path} names the kintone {_with_ascii(url)}."
        if not is_interactive():
            fail(
                f"{question} Secrets of the environment are not sent to it because of a file: "
                f"use --base-url {url}, or set KINTONE_BASE_URL."
            )
        if not ask(f"{question} Send the credentials of the environment to it?"):
            raise SystemExit(1)
    return url


def _with_ascii(url: str) -> str:
    """Return the URL; with its name in ASCII, too, if it has letters that look like others."""
    host = urlsplit(url).hostname or ""
    return url if host.isascii() else f"{url} ({host.encode('idna').decode()})"
