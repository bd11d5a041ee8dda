"""The causes on the page about corporate networks are the causes that programs meet."""

from __future__ import annotations

import os
import re
from contextlib import closing
from pathlib import Path

import pytest
from support.network.company import HOST, PROXY, SECURE_HOST, company_network

from kintone_orm import CarriedOut, connect, connections
from kintone_orm.api.apps import add_app, get_apps
from kintone_orm.emulator import Emulator
from kintone_orm.exceptions import TransportError
from kintone_orm.http.foreign_errors import linked_errors

PAGE = (Path(__file__).parents[2] / "docs" / "corporate-networks.md").read_text("utf-8")
CAUSES = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)

PLAIN, SECURE = f"https://{HOST}", f"https://{SECURE_HOST}"
GOOD_PROXY = f"http://sato:p%40ss%2Fword@{PROXY}:8080"

# What the environment and the connection have, in the order of the page's table.
MISTAKES = {
    "unable to get local issuer certificate": (PLAIN, {"REQUESTS_CA_BUNDLE": ""}, None),
    "Could not find a suitable TLS CA certificate bundle": (
        PLAIN,
        {"REQUESTS_CA_BUNDLE": "/nowhere/ca.pem"},
        None,
    ),
    "certificate required": (SECURE, {}, None),
    "alert unknown ca": (SECURE, {}, "stranger"),
    "key values mismatch": (SECURE, {}, ("certificate", "stranger")),
    "PEM lib": (SECURE, {}, "certificate"),
    "Could not find the TLS certificate file": (SECURE, {}, "/nowhere/sato.pem"),
    "407": (PLAIN, {"HTTPS_PROXY": f"http://sato:wrong@{PROXY}:8080"}, None),
    "Name or service not known": (PLAIN, {"HTTPS_PROXY": "http://proxy.invalid:8080"}, None),
    "Connection refused": (PLAIN, {"HTTPS_PROXY": "http://127.0.0.1:9"}, None),
    "appears to only use HTTP": (PLAIN, {"HTTPS_PROXY": f"https://{PROXY}:8080"}, None),
    "Missing dependencies for SOCKS support": (
        PLAIN,
        {"HTTPS_PROXY": "socks5h://127.0.0.1:9"},
        None,
    ),
}


@pytest.fixture
def company(tmp_path, monkeypatch):
    with (
        closing(Emulator(users={"sato": "secret"})) as emulator,
        company_network(emulator, tmp_path) as network,
    ):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(network.certificates.authority))
        yield network
        connections.close()


def connect_to(base_url, company, certificate=None):
    def path(name):
        return getattr(company.certificates, name, name)

    if certificate is not None:
        pair = isinstance(certificate, tuple)
        certificate = tuple(map(path, certificate)) if pair else path(certificate)
    return connect(
        base_url,
        username="sato",
        password="secret",
        client_cert=certificate,
        timeout=30,
        retry=False,
        alias="x",
    )


def test_every_cause_on_the_page_is_tried():
    assert list(MISTAKES) == CAUSES


@pytest.mark.parametrize("cause", MISTAKES)
def test_a_mistake_has_the_cause_on_the_page(company, monkeypatch, cause):
    base_url, variables, certificate = MISTAKES[cause]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    connection = connect_to(base_url, company, certificate)

    with pytest.raises(TransportError) as raised:
        add_app(connection, name="Orders")

    chain = " ".join(map(str, linked_errors(raised.value, None))).replace("_", " ").lower()
    assert cause.lower() in chain
    assert raised.value.carried_out is CarriedOut.NO
    assert "secret" not in chain


@pytest.mark.parametrize("certificate", ["both", ("certificate", "key")])
def test_a_client_certificate_opens_the_secure_host_through_the_proxy(
    company, monkeypatch, certificate
):
    monkeypatch.setenv("HTTPS_PROXY", GOOD_PROXY)

    assert get_apps(connect_to(SECURE, company, certificate))["apps"] == []
    assert company.proxy.asked == [f"{SECURE_HOST}:443"]


def test_the_proxy_sees_one_tunnel_for_many_requests(company, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", GOOD_PROXY)
    connection = connect_to(PLAIN, company)

    for _ in range(5):
        get_apps(connection)

    assert company.proxy.asked == [f"{HOST}:443"]


def test_a_host_in_no_proxy_is_reached_directly(company, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", GOOD_PROXY)
    monkeypatch.setenv("NO_PROXY", ".cybozu.com")

    assert get_apps(connect_to(PLAIN, company))["apps"] == []
    assert company.proxy.asked == []


def test_the_variables_are_read_at_each_request(company, monkeypatch):
    connection = connect_to(PLAIN, company)
    get_apps(connection)
    monkeypatch.setenv("HTTPS_PROXY", GOOD_PROXY)

    get_apps(connection)

    assert company.proxy.asked == [f"{HOST}:443"]


def test_ssl_cert_file_has_no_effect(company, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", os.environ["REQUESTS_CA_BUNDLE"])
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")

    with pytest.raises(TransportError):
        get_apps(connect_to(PLAIN, company))


def test_curl_ca_bundle_is_used_where_there_is_no_other(company, monkeypatch):
    monkeypatch.setenv("CURL_CA_BUNDLE", os.environ["REQUESTS_CA_BUNDLE"])
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")

    assert get_apps(connect_to(PLAIN, company))["apps"] == []
