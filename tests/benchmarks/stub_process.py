"""Starts the stub server in a process of its own, and sets its latency."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

if TYPE_CHECKING:
    from types import TracebackType

SERVER = Path(__file__).with_name("stub_kintone.py")


class Stub:
    """A stub server that runs until the `with` block ends.

    `hole` is the number of missing ids after each thousand. With `tls`, it has a certificate that
    the openssl program has just made, in the file `certificate`.
    """

    def __init__(self, records: int, *, hole: int = 0, tls: bool = False) -> None:
        self._folder = tempfile.TemporaryDirectory()
        command = [sys.executable, str(SERVER), "--records", str(records), "--hole", str(hole)]
        self.certificate = Path(self._folder.name) / "certificate.pem"
        if tls:
            command += ["--tls", *map(str, self._make_certificate())]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._is_tls = tls
        assert self._process.stdout is not None
        port = int(self._process.stdout.readline())
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"

    def set(self, *, latency: float = 0.0, first: float = 0.0, gzip: bool = False) -> None:
        """Set the delays, in seconds, and the compression, and count from zero."""
        self._ask(f"settings?latency={latency}&first={first}&gzip={int(gzip)}")

    def counts(self) -> dict[str, int]:
        """The requests, connections, and bytes of answers since the last `set()`."""
        counts: dict[str, int] = self._ask("counts")
        return counts

    def __enter__(self) -> Stub:
        self.set()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()  # closes its standard input, which ends it
        self._folder.cleanup()

    def _ask(self, target: str) -> Any:
        context = ssl.create_default_context(cafile=self.certificate) if self._is_tls else None
        with urlopen(f"{self.url}/{target}", context=context) as answer:
            return json.load(answer)

    def _make_certificate(self) -> tuple[Path, Path]:
        if shutil.which("openssl") is None:
            raise SystemExit("TLS needs the openssl program, which makes a certificate.")
        key = self.certificate.with_name("key.pem")
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        command += [
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ]
        command += ["-keyout", str(key), "-out", str(self.certificate)]
        subprocess.run(command, check=True, capture_output=True)
        return self.certificate, key
