"""A server that answers as kintone does, after a delay, with the records of the benchmarks.

It runs as a process of its own (`stub_process.py`), serves the endpoints for reading, and counts.
Conditions on other fields than $id, and orders by them, change nothing: the records come by id.
Answers that were sent once are kept, compressed too, so that little of the server's own time is
measured.

`/settings?latency=0.05&first=0.1&gzip=1` sets the seconds between the last byte of a request and
the answer, the seconds by which the first answer of a connection is later, and the compression. It
also sets the counts of `/counts` to zero.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import re
import ssl
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from corpus import CODES, answer, compact, record_text, record_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RUN = 1_000  # ids between two holes
_RANGE = re.compile(r'\$id (>=?|<=?|=) "?(\d+)"?')
_COUNTED = re.compile(r"\b(limit|offset) (\d+)")


@dataclass(frozen=True)
class Ids:
    """The ids of records: runs of a thousand without a gap, each followed by a hole."""

    hole: int

    def at(self, position: int) -> int:
        """The id of the record at this position, counted from 0; 0 for the position -1."""
        return position + 1 + max(0, position) // _RUN * self.hole

    def up_to(self, id_: int) -> int:
        """The number of records whose ids are at most this."""
        runs, rest = divmod(max(0, id_), _RUN + self.hole)
        return runs * _RUN + min(rest, _RUN)


class Answers:
    """The answers about records; those of an app of at most 10,000 are kept."""

    def __init__(self, count: int, ids: Ids) -> None:
        self.count = count
        self._ids = ids
        self._kept: dict[object, bytes] = {}
        self._zipped: dict[bytes, bytes] = {}

    def page(self, positions: range, codes: Iterable[str], rest: bytes) -> bytes:
        """The records at these positions, with the fields asked for, and the members of `rest`."""
        chosen = frozenset(codes)
        key = positions, chosen, rest
        if key in self._kept:
            return self._kept[key]
        body = answer(self._texts(positions, chosen), rest)
        if self.count <= 10_000:
            self._kept[key] = body
        return body

    def _texts(self, positions: range, codes: frozenset[str]) -> Iterator[bytes]:
        for position in positions:
            id_ = self._ids.at(position)
            if not codes or codes >= CODES:
                yield record_text(position, id_)
            else:
                yield record_with(codes, position, id_)

    def query(self, query: str, codes: Iterable[str], *, total: bool) -> bytes:
        """The records of a range of ids, as a query asks for them."""
        counted = {word: int(number) for word, number in _COUNTED.findall(query)}
        limit, offset = counted.get("limit", 100), counted.get("offset", 0)
        first, last = 0, self.count
        for sign, id_ in _RANGE.findall(query):
            below, up_to = self._ids.up_to(int(id_) - 1), self._ids.up_to(int(id_))
            if sign in (">", ">=", "="):
                first = max(first, up_to if sign == ">" else below)
            if sign in ("<", "<=", "="):
                last = min(last, below if sign == "<" else up_to)
        rest = b'"totalCount":"%d"' % max(0, last - first) if total else b'"totalCount":null'
        found = range(first, last)
        if "$id desc" in query:
            found = found[::-1]
        return self.page(found[offset : offset + limit], codes, rest)

    def zipped(self, body: bytes) -> bytes:
        """The body, compressed."""
        if self.count > 10_000:
            return gzip.compress(body, 1)
        if body not in self._zipped:
            self._zipped[body] = gzip.compress(body, 6)
        return self._zipped[body]


class Cursors:
    """The cursors that are open, by id: the positions that are still to come, size and fields."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._open: dict[str, tuple[int, int, list[str]]] = {}
        self._made = 0

    def create(self, sent: dict[str, Any]) -> bytes:
        self._made += 1
        id_ = f"cursor-{self._made}"
        self._open[id_] = 0, int(sent.get("size") or 100), sent.get("fields") or []
        return compact({"id": id_, "totalCount": str(self._answers.count)})

    def next_page(self, id_: str) -> bytes:
        first, size, codes = self._open.pop(id_)
        positions = range(first, min(first + size, self._answers.count))
        if positions.stop == self._answers.count:
            return self._answers.page(positions, codes, b'"next":false')
        self._open[id_] = positions.stop, size, codes
        return self._answers.page(positions, codes, b'"next":true')

    def delete(self, id_: str) -> bytes:
        self._open.pop(id_, None)
        return b"{}"


@dataclass
class State:
    """The settings of the server, and what it has counted since they were set."""

    answers: Answers
    cursors: Cursors
    latency: float = 0.0
    first: float = 0.0
    gzip: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def set(self, sent: dict[str, str]) -> None:
        self.latency, self.first = float(sent["latency"]), float(sent["first"])
        self.gzip = sent["gzip"] == "1"
        self.counts.clear()

    def answer(self, method: str, path: str, sent: dict[str, Any]) -> bytes | None:
        """The body of an answer, or None if there is no such endpoint."""
        match method, path.rpartition("/v1/")[2]:
            case "GET", "records.json":
                total = str(sent.get("totalCount")).lower() == "true"
                query = sent.get("query") or ""
                return self.answers.query(query, sent.get("fields") or [], total=total)
            case "POST", "records/cursor.json":
                return self.cursors.create(sent)
            case "GET", "records/cursor.json":
                return self.cursors.next_page(sent["id"])
            case "DELETE", "records/cursor.json":
                return self.cursors.delete(sent["id"])
        return None


class Exchange(asyncio.Protocol):
    """A connection: reads requests, and answers each after the delay."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._came = bytearray()
        self._is_new = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._is_counted = False

    def data_received(self, data: bytes) -> None:
        self._came += data
        while (end := self._came.find(b"\r\n\r\n")) >= 0:
            line, *lines = self._came[:end].decode("latin-1").split("\r\n")
            split = (each.partition(":") for each in lines)
            headers = {name.lower(): value.strip() for name, _, value in split}
            whole = end + 4 + int(headers.get("content-length", 0))
            if len(self._came) < whole:
                return
            body = bytes(self._came[end + 4 : whole])
            del self._came[:whole]
            self._handle(line, headers, body)

    def _handle(self, line: str, headers: dict[str, str], body: bytes) -> None:
        method, target, _ = line.split(" ")
        url = urlsplit(target)
        sent = json.loads(body) if body else _parameters(url.query)
        if url.path == "/settings":
            self._state.set(sent)
            self._send(b"{}", close=True)
            return
        if url.path == "/counts":
            self._send(compact(self._state.counts), close=True)
            return
        counts = self._state.counts
        counts["requests"] += 1
        counts["connections"] += not self._is_counted
        self._is_counted = True
        found = self._state.answer(headers.get("x-http-method-override", method), url.path, sent)
        status = 404 if found is None else 200
        body = found or b'{"code":"STUB","id":"-","message":"The stub has no such endpoint."}'
        zipped = self._state.gzip and "gzip" in headers.get("accept-encoding", "")
        if zipped:
            body = self._state.answers.zipped(body)
        counts["bytes"] += len(body)
        delay = self._state.latency + (self._state.first if self._is_new else 0)
        self._is_new = False
        send = partial(self._send, body, status=status, zipped=zipped)
        if delay:
            asyncio.get_running_loop().call_later(delay, send)
        else:
            send()

    def _send(
        self, body: bytes, *, status: int = 200, zipped: bool = False, close: bool = False
    ) -> None:
        head = [
            f"HTTP/1.1 {status} -",
            "Content-Type: application/json;charset=utf-8",
            f"Content-Length: {len(body)}",
            *(["Content-Encoding: gzip"] if zipped else []),
            *(["Connection: close"] if close else []),
        ]
        self._transport.write("\r\n".join([*head, "", ""]).encode() + body)
        if close:
            self._transport.close()


def _parameters(query: str) -> dict[str, Any]:
    """The parameters of an address; those of fields, which are `fields[0]` ..., as one list."""
    parsed = parse_qs(query)
    codes = [
        value for name, values in parsed.items() if name.startswith("fields") for value in values
    ]
    return {**{name: values[0] for name, values in parsed.items()}, "fields": codes}


async def serve(options: argparse.Namespace) -> None:
    """Print the port, and serve until standard input ends, as it does when the parent ends."""
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
    answers = Answers(options.records, Ids(options.hole))
    state = State(answers, Cursors(answers))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Exchange(state), "127.0.0.1", 0, ssl=context)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--hole", type=int, default=0, help="missing ids after each thousand")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
