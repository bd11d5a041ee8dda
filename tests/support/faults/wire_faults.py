"""The faults of the proxy, in groups of the same meaning.

In a group whose name ends in "before", the server does not get the request. In a group whose name
ends in "after", it carries the request out. The groups without either word are of one kind only:
refusals are not carried out, and a slow or odd answer is the server's own.
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from support.faults.proxy import Exchange, render

if TYPE_CHECKING:
    from collections.abc import Callable

    Fault = Callable[[Exchange], None]

__all__ = ["FAULTS", "GROUPS", "REFUSED", "SLOW"]

BETWEEN_DRIPS = 0.02  # seconds
MOST_BYTES = 500_000  # more than an answer may have, in tests of answers that are too long


def after(end: Fault) -> Fault:
    """The request is carried out, then `end`."""

    def fault(exchange: Exchange) -> None:
        exchange.carry_out()
        end(exchange)

    return fault


def before(end: Fault) -> Fault:
    """The request is read, then `end`."""

    def fault(exchange: Exchange) -> None:
        exchange.read()
        end(exchange)

    return fault


# ---------------------------------------------------------------- answers that break off


def headers_cut(exchange: Exchange) -> None:
    exchange.send(exchange.whole().partition(b"\r\n\r\n")[0][:-3])
    exchange.drop()


def body_cut(exchange: Exchange) -> None:
    exchange.send(exchange.whole()[: -(len(exchange.carry_out().body) + 1) // 2])
    exchange.drop()


def last_byte_cut(exchange: Exchange) -> None:
    exchange.send(exchange.whole()[:-1])
    exchange.drop()


def length_too_long(exchange: Exchange) -> None:
    exchange.send(exchange.whole(length=len(exchange.carry_out().body) + 7))
    exchange.drop()


def length_too_short(exchange: Exchange) -> None:
    """The rest of the body is the beginning of the next answer, for who does not look."""
    exchange.send(exchange.whole(length=len(exchange.carry_out().body) - 1))
    exchange.stays_open = True


def chunked(chunks: Callable[[bytes], bytes]) -> Fault:
    def fault(exchange: Exchange) -> None:
        body = chunks(exchange.carry_out().body)
        exchange.send(exchange.whole(body=body, Transfer_Encoding="chunked"))
        exchange.drop()

    return fault


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def half(body: bytes) -> bytes:
    return body[: len(body) // 2]


def encoded(encoding: str, encode: Callable[[bytes], bytes]) -> Fault:
    def fault(exchange: Exchange) -> None:
        body = encode(exchange.carry_out().body)
        exchange.send(exchange.whole(body=body, Content_Encoding=encoding))
        exchange.stays_open = True

    return fault


def flipped(data: bytes) -> bytes:
    """Compressed bytes, with the first of the content changed: no decoder takes this block."""
    return data[:10] + b"\xff" * 8 + data[18:]


# ---------------------------------------------------------------- answers that are somebody else's


def answering(*answers: bytes) -> Fault:
    """The answer, whatever the request."""

    def fault(exchange: Exchange) -> None:
        exchange.send(b"".join(answers))
        exchange.stays_open = True

    return fault


def page(status: int, reason: str = "Page") -> Fault:
    text = f"<html><head><title>{status}</title></head><body>Something is wrong.</body></html>"
    return answering(render(text.encode(), status, reason, Content_Type="text/html"))


def redirect(status: int) -> Fault:
    location = "http://elsewhere.invalid/login"
    return answering(render(b"", status, "Moved", Location=location))


def body(data: bytes, status: int = 200) -> Fault:
    return answering(render(data, status, Content_Type="application/json;charset=utf-8"))


def nan(exchange: Exchange) -> None:
    """The answer with NaN for every value, which Python's JSON takes."""
    answer = json.loads(exchange.carry_out().body)
    data = json.dumps({**dict.fromkeys(answer, float("nan")), "x": float("nan")})
    body(data.encode())(exchange)


def junk(data: bytes) -> Fault:
    def fault(exchange: Exchange) -> None:
        exchange.send(data)
        exchange.drop()

    return fault


def with_headers(lines: bytes) -> Fault:
    def fault(exchange: Exchange) -> None:
        head, end, rest = exchange.whole().partition(b"\r\n\r\n")
        exchange.send(head + b"\r\n" + lines + end + rest)
        exchange.stays_open = True

    return fault


def too_long(exchange: Exchange) -> None:
    exchange.send(exchange.whole(body=exchange.carry_out().body + b" " * MOST_BYTES))
    exchange.stays_open = True


# ---------------------------------------------------------------- refusals of kintone


def refusal(status: int, code: str, **headers: str) -> Fault:
    """kintone's refusal; in a bulkRequest, of its first request, unless it is one at the door."""

    def fault(exchange: Exchange) -> None:
        request = exchange.read()
        error: dict[str, Any] = {"id": "A1b2C3d4", "message": "Not now."}
        if code:
            error["code"] = code
        if b"/bulkRequest.json" in request.partition(b"\r\n")[0] and status != 429:
            number = len(json.loads(request.partition(b"\r\n\r\n")[2])["requests"])
            error = {"results": [error, *[{} for _ in range(number - 1)]]}
        headers.setdefault("Content_Type", "application/json;charset=utf-8")
        exchange.send(render(json.dumps(error).encode(), status, "Refused", **headers))
        exchange.stays_open = True

    return fault


# ---------------------------------------------------------------- slow and odd answers


def stalled_in_headers(exchange: Exchange) -> None:
    exchange.send(exchange.whole()[:25])
    exchange.stall()


def stalled_in_body(exchange: Exchange) -> None:
    exchange.send(exchange.whole()[:-1])
    exchange.stall()


def drips_headers(exchange: Exchange) -> None:
    exchange.send(exchange.whole().partition(b"\r\n")[0] + b"\r\nX-Long: ")
    exchange.drip(b"x" * 10_000, BETWEEN_DRIPS)


def drips_body(exchange: Exchange) -> None:
    answer = exchange.carry_out()
    exchange.send(exchange.whole(length=len(answer.body) + 10_000))
    exchange.drip(b" " * 10_000, BETWEEN_DRIPS)


def drips_chunks(exchange: Exchange) -> None:
    exchange.send(exchange.whole(body=b"", Transfer_Encoding="chunked"))
    exchange.drip(chunk(b" ") * 10_000, BETWEEN_DRIPS)


def drips_compressed(exchange: Exchange) -> None:
    compressed = gzip.compress(exchange.carry_out().body + bytes(range(256)) * 40, 0)
    exchange.send(exchange.whole(body=b"", length=len(compressed), Content_Encoding="gzip"))
    exchange.drip(compressed, BETWEEN_DRIPS)


def in_pieces(exchange: Exchange) -> None:
    whole = exchange.whole()
    exchange.drip(whole, 0.001, size=len(whole) // 6 + 1)
    exchange.stays_open = True


def slow_body(exchange: Exchange) -> None:
    head, end, rest = exchange.whole().partition(b"\r\n\r\n")
    exchange.send(head + end)
    exchange.drip(rest, 0.001, size=len(rest) // 5 + 1)
    exchange.stays_open = True


def noise_before(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + exchange.whole())
    exchange.stays_open = True


def twice(exchange: Exchange) -> None:
    exchange.send(exchange.whole() * 2)
    exchange.stays_open = True


def byte_order_mark(exchange: Exchange) -> None:
    exchange.send(exchange.whole(body=b"\xef\xbb\xbf" + exchange.carry_out().body))
    exchange.stays_open = True


def closing(exchange: Exchange) -> None:
    """The whole answer, then the end of the connection, which the answer did not announce."""
    exchange.send_and_close(exchange.whole())


def without_length(exchange: Exchange) -> None:
    """An answer that ends with the connection, as in HTTP/1.0."""
    answer = exchange.carry_out()
    exchange.send_and_close(
        b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + answer.body
    )


_DEEP = b'{"records": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
_STRANGERS = {
    "HTML with 200": page(200, "OK"),
    "empty with 200": body(b""),
    "204": answering(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "[]": body(b"[]"),
    "null": body(b"null"),
    "number": body(b"17"),
    "string": body(b'"text"'),
    "deep JSON": body(_DEEP),
    "no UTF-8": body(b'{"id": "\xff\xfe"}'),
    "another request's answer": body(b'{"rights": []}'),
}

# The name of the fault for refused connections, which is no function: it happens to no request.
REFUSED = "refused"

GROUPS: dict[str, dict[str, Fault]] = {
    "lost before": {
        "dropped unread": Exchange.drop,
        "reset unread": Exchange.reset,
        "dropped before": before(Exchange.drop),
        "reset before": before(Exchange.reset),
    },
    "lost after": {
        "dropped after": after(Exchange.drop),
        "reset after": after(Exchange.reset),
        "headers cut": headers_cut,
        "body cut": body_cut,
        "last byte cut": last_byte_cut,
        "length too long": length_too_long,
        "chunk size no number": chunked(lambda data: b"zz\r\n" + data),
        "chunk cut": chunked(lambda data: chunk(data)[:-3]),
        "chunks without end": chunked(
            lambda data: chunk(half(data)) + chunk(data[len(data) // 2 :])
        ),
    },
    "damaged after": {
        "length too short": length_too_short,
        "gzip damaged": encoded("gzip", lambda data: flipped(gzip.compress(data))),
        "gzip cut": encoded("gzip", lambda data: half(gzip.compress(data))),
        "no gzip": encoded("gzip", bytes),
        "no deflate": encoded("deflate", lambda _: b"\xff\x00 no deflate"),
        "unknown encoding": encoded("x-none", lambda _: b"\x28\xb5\x2f\xfd\x00\x01"),
        "HTTP/0.9": after(junk(b"<html>no status line</html>\r\n")),
        "header too long": with_headers(b"X-Long: " + b"x" * 70_000),
        "too many headers": with_headers(b"\r\n".join([b"X-Many: x"] * 120)),
        "body too long": too_long,
    },
    "stalled before": {"stalled before": before(Exchange.stall)},
    "stalled after": {
        "stalled after": after(Exchange.stall),
        "stalled in headers": stalled_in_headers,
        "stalled in body": stalled_in_body,
    },
    "drips after": {
        "drips headers": drips_headers,
        "drips body": drips_body,
        "drips chunks": drips_chunks,
        "drips compressed": drips_compressed,
    },
    "5xx before": {
        f"{status} page before": before(page(status)) for status in (500, 502, 503, 504, 520)
    },
    "5xx after": {
        **{f"{status} page after": after(page(status)) for status in (500, 502, 503, 504, 520)},
        "520 JSON after": after(body(b"{}", 520)),
    },
    "4xx": {f"{status} page": before(page(status)) for status in (401, 403, 404, 407, 413, 414)},
    "redirected": {f"{status}": before(redirect(status)) for status in (301, 302, 307, 308)},
    "stranger before": {
        f"{name} before": before(_STRANGERS[name])
        for name in ("HTML with 200", "empty with 200", "204", "[]", "another request's answer")
    },
    "stranger after": {
        **{f"{name} after": after(fault) for name, fault in _STRANGERS.items()},
        "NaN": nan,
        "103 first": lambda exchange: answering(
            b"HTTP/1.1 103 Early Hints\r\n\r\n", exchange.whole()
        )(exchange),
    },
    "{} before": {"{} before": before(body(b"{}"))},
    "{} after": {"{} after": after(body(b"{}"))},
    "busy": {
        "429 page": before(page(429)),
        "429 JSON": refusal(429, ""),
        "429 unknown code": refusal(429, "GAIA_XX99"),
        "GAIA_TO04": refusal(429, "GAIA_TO04", X_Cybozu_Error="GAIA_TO04"),
        "Retry-After seconds": refusal(429, "GAIA_TO04", Retry_After="2"),
        "Retry-After date": refusal(429, "GAIA_TO04", Retry_After="Fri, 01 Jan 2021 00:00:00 GMT"),
        "GAIA_DA02": refusal(400, "GAIA_DA02"),
        "GAIA_RE18": refusal(409, "GAIA_RE18"),
        "GAIA_LT01": refusal(400, "GAIA_LT01"),
        "GAIA_NO02": refusal(403, "GAIA_NO02"),
    },
    "no cursor": {"GAIA_TM12": refusal(429, "GAIA_TM12")},
    "odd": {
        "in pieces": in_pieces,
        "slow body": slow_body,
        "100 first": noise_before,
        "answered twice": twice,
        "byte order mark": byte_order_mark,
        "closed after the answer": closing,
        "without length": without_length,
    },
}
SLOW = ("stalled before", "stalled after", "drips after")
FAULTS: dict[str, Fault] = {
    name: fault for group in GROUPS.values() for name, fault in group.items()
}
