"""A Redis server of the tests' own, on a socket in a directory of its own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_SERVER = "redis-server is not installed (Debian: apt-get install redis-server)"
NO_LIBRARY = "the library redis is not installed (pip install 'kintone-orm[redis]')"


class RedisServer:
    """A server that can be killed and started again. It forgets its data with its process."""

    def __init__(self, program: str, directory: Path) -> None:
        self._program = program
        self._socket = directory / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._program, "--port", "0", "--unixsocket", str(self._socket)]
            + ["--save", "", "--appendonly", "no", "--dir", str(self._socket.parent)],
            stdout=subprocess.DEVNULL,
        )
        redis = pytest.importorskip("redis", reason=NO_LIBRARY)
        end = time.monotonic() + 20
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    assert time.monotonic() < end
                    time.sleep(0.01)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Provide a running server; skip the test if there is none on this machine."""
    pytest.importorskip("redis", reason=NO_LIBRARY)
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip(NO_SERVER)
    # The path of a socket has at most 107 characters; pytest's own directories have longer ones.
    with tempfile.TemporaryDirectory() as directory:
        server = RedisServer(program, Path(directory))
        server.start()
        try:
            yield server
        finally:
            server.kill()
