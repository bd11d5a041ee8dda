"""The network of a company, where real host names lead to servers on this computer."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from kintone_orm.testing import block_network
from support.network.certificates import Certificates
from support.network.proxy import serving_proxy
from support.network.tls import serving_tls

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kintone_orm.emulator import Emulator
    from support.network.proxy import Proxy

HOST = "example.cybozu.com"
SECURE_HOST = "example.s.cybozu.com"
PROXY = "proxy.example.com"
VARIABLES = ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Company:
    """A network with a private certificate authority and a proxy.

    `proxy` knows the user "sato" with the password "p@ss/word". `certificates` are in a folder.
    """

    def __init__(self, certificates: Certificates, proxy: Proxy) -> None:
        self.certificates = certificates
        self.proxy = proxy


@contextmanager
def company_network(emulator: Emulator, folder: Path) -> Iterator[Company]:
    """Serve the emulator as example.cybozu.com, and with client certificates as its `.s` host.

    Both have certificates of the company's authority. proxy.example.com:8080 is its proxy. The
    environment's proxies and certificates are removed, and restored at the end.
    """
    certificates = Certificates(folder)
    with ExitStack() as stack:
        plain = stack.enter_context(serving_tls(emulator, certificates.server(HOST)))
        asking = certificates.server(SECURE_HOST, asks_for_certificate=True)
        secure = stack.enter_context(serving_tls(emulator, asking))
        servers = {f"{HOST}:443": plain, f"{SECURE_HOST}:443": secure}
        proxy = stack.enter_context(
            serving_proxy("sato", "p@ss/word", lambda place: ("127.0.0.1", servers[place]))
        )
        stack.enter_context(names_leading_to({**servers, f"{PROXY}:8080": proxy.port}))
        stack.enter_context(block_network(allow=[HOST, SECURE_HOST]))
        stack.enter_context(environment_without(*VARIABLES))
        yield Company(certificates, proxy)


@contextmanager
def names_leading_to(ports: Mapping[str, int]) -> Iterator[None]:
    """Let each "host:port" lead to a port of this computer, for all threads."""
    find = socket.getaddrinfo

    def find_here(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if str(host).endswith(".invalid"):  # without asking the machine's own resolver
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        here = ports.get(f"{host}:{port}")
        if here is None:
            return find(host, port, *args, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", here))]

    socket.getaddrinfo = find_here
    try:
        yield
    finally:
        socket.getaddrinfo = find


@contextmanager
def environment_without(*names: str) -> Iterator[None]:
    """Remove these variables, also in small letters, and restore the environment at the end."""
    before = dict(os.environ)
    for name in names:
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
