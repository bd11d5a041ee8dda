"""Texts of strangers: a terminal obeys no character of them, and they show no secret."""

from __future__ import annotations

from base64 import b64encode

import pytest

from kintone_orm.cli.safe_text import escape_controls, without_secrets
from kintone_orm.connection import Connection, connections
from kintone_orm.settings import parse_settings


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31m", "\\x9b31m"),
        ("title\x07", "title\\x07"),
        ("a\rb", "a\\rb"),
        ("exe\u202egnp", "exe\\u202egnp"),
        ("受注\tA\nB", "受注\tA\nB"),
    ],
)
def test_control_characters_are_escapes(text, shown):
    assert escape_controls(text) == shown


def encoded(login):
    return b64encode(login.encode()).decode()


def test_a_header_of_the_environment_s_login_is_masked(monkeypatch):
    monkeypatch.setenv("KINTONE_USERNAME", "sato")
    monkeypatch.setenv("KINTONE_PASSWORD", "hush,hush")
    monkeypatch.setenv("KINTONE_BASIC_AUTH_USERNAME", "proxy")
    monkeypatch.setenv("KINTONE_BASIC_AUTH_PASSWORD", "quiet")
    text = f"{encoded('sato:hush,hush')} {encoded('proxy:quiet')} hush,hush quiet"
    assert without_secrets(text) == "******** ******** ******** ********"


def test_a_token_that_begins_like_another_is_masked_whole(monkeypatch):
    monkeypatch.setenv("KINTONE_API_TOKEN", "token, token-of-12")
    assert without_secrets("token-of-12") == "********"


@pytest.mark.parametrize(
    ("login", "secret"),
    [
        ({"username": "sato", "password": "hush"}, encoded("sato:hush")),
        ({"api_token": {"orders": "token-of-12"}}, "token-of-12"),
        ({"oauth_token": "token-of-sato"}, "token-of-sato"),
        ({"api_token": "t", "basic_auth": ("proxy", "quiet")}, encoded("proxy:quiet")),
    ],
)
def test_the_secrets_of_a_program_s_connection_are_masked(login, secret):
    settings = parse_settings(base_url="https://example.cybozu.com", **login)
    connection = Connection(settings, alias="of the program")
    with connections.override(connection):
        connections.add(connection)
        try:
            assert connection.settings
            assert without_secrets(f"<{secret}>") == "<********>"
        finally:
            del connections["of the program"]
