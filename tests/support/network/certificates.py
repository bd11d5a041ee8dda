"""A private certificate authority, and the files that it issues."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from pathlib import Path


class Certificates:
    """The certificates of a company, as PEM files in a folder.

    - `authority`: the file that clients must trust.
    - `both`: a client certificate and its key in one file.
    - `certificate`, `key`: the same in two files.
    - `stranger`: the client certificate of another company, with its key.
    """

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA(organization_name="The company")
        self.authority = folder / "company-ca.pem"
        self._authority.cert_pem.write_to_path(str(self.authority))
        self.both, self.certificate = folder / "sato.pem", folder / "sato.crt"
        self.key, self.stranger = folder / "sato.key", folder / "stranger.pem"
        issued = self._authority.issue_cert("sato@example.com")
        issued.private_key_and_cert_chain_pem.write_to_path(str(self.both))
        issued.private_key_pem.write_to_path(str(self.key))
        self.certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        other = trustme.CA(organization_name="Another company").issue_cert("kato@example.org")
        other.private_key_and_cert_chain_pem.write_to_path(str(self.stranger))

    def server(self, *names: str, asks_for_certificate: bool = False) -> ssl.SSLContext:
        """Return the settings of a server with these names, or IP addresses."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*names).configure_cert(context)
        if asks_for_certificate:
            self._authority.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        return context
