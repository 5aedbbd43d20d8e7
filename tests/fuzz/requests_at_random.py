"""Requests to one route, from nearly right to nonsense, each with a word of its own in every place that takes one."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final
from urllib.parse import quote

from tests.fuzz import json_changes
from tests.fuzz.installation import Known

_METHODS: Final = (
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "CONNECT",
    "get",
    "G\x7fT",
    "M-SEARCH",
)
_TYPES: Final = (
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "application/octet-stream",
    "",
    "a/b;\xff",
)
_ODD: Final = (
    "%00",
    "%2f..%2f..%2fetc%2fpasswd",
    "%ff%fe",
    "..",
    ".",
    "%",
    "%zz",
    "\xe9",
    "%u0041",
    "'",
    "<b>",
    ";a=b",
    "//",
)
_QUERIES: Final = (
    "limit=1",
    "limit=-1",
    "limit=99999999999999999999",
    "before=",
    "after=AAAA",
    "cursor=x",
    "state=open",
    "a[]=1",
    "&&==",
)
_HOLE: Final = re.compile(r"\{[^}]+\}")


@dataclass(frozen=True)
class Sent:
    """The bytes, the word that must not come back, and whether the request is whole: else no answer may come."""

    raw: bytes
    canary: str
    is_whole: bool
    has_body: bool


def request(method: str, template: str, known: Known, random: Random) -> Sent:
    """One request to `template`, such as /receipts/{rid}.jws."""
    canary = f"kanarie{random.getrandbits(40):010x}"
    chosen = method if random.random() < 0.85 else random.choice((*_METHODS, canary.upper()))
    target = _path(template, known, canary, random)
    if random.random() < 0.25:
        target += "?" + random.choice((*_QUERIES, f"{canary}={canary}", f"q={canary}"))
    body = _body(template, known, canary, random) if method == "POST" or random.random() < 0.1 else b""
    lines = _headers(template, known, canary, body, random)
    is_whole = True
    if body or random.random() < 0.3:
        lengths = [f"Content-Length: {len(body)}"]
        if random.random() < 0.04:
            off = random.choice((-1, 1, 10**6, -(10**6)))
            lengths, is_whole = [f"Content-Length: {len(body) + off}"], False
        elif random.random() < 0.04:
            lengths, body, is_whole = ["Transfer-Encoding: chunked"], _chunked(body, random), False
        lines += lengths
    head = f"{chosen} {target} HTTP/1.{'0' if random.random() < 0.02 else '1'}\r\n" + "".join(
        f"{line}\r\n" for line in lines
    )
    raw = head.encode("latin-1", "replace") + b"\r\n" + body
    if random.random() < 0.03:
        raw, is_whole = _damaged(raw, random), False
    return Sent(raw, canary, is_whole, chosen != "HEAD")


def _path(template: str, known: Known, canary: str, random: Random) -> str:
    folder = next((part for part in reversed(template.split("/")) if part in known.ids), "")

    def filled(hole: re.Match[str]) -> str:
        named = {"{path}": "tile", "{log}": "{log}"}.get(hole[0], folder)
        right = random.choice(known.ids.get(named) or ["A" * 22, "0" * 32])
        kind = random.random()
        if kind < 0.5:
            return right
        if kind < 0.7:
            at = random.randrange(len(right) + 1)
            return right[:at] + random.choice((*_ODD, "A", "-", "=", "1")) + right[at + random.randrange(2) :]
        if kind < 0.8:
            return quote(random.randbytes(random.randrange(40)))
        if kind < 0.9:
            return canary
        return random.choice(_ODD) * random.randint(1, 3) + canary * random.choice((1, 1, 1, 100))

    path = _HOLE.sub(filled, template)
    return path if random.random() < 0.95 else path + random.choice(("/", "//", "/" + canary, "%2f", ".json"))


def _body(template: str, known: Known, canary: str, random: Random) -> bytes:
    kind = random.random()
    if kind < 0.1:
        return random.randbytes(random.choice((0, 1, 5, 300, 5000)))
    if kind < 0.15:
        return random.choice(
            (b"[" * 3000, b'{"a":' * 900, b"null", b'"' + canary.encode() + b'"', b" " * 70_000, b"\xef\xbb\xbf{}")
        )
    route = next((name for name in known.bodies if template.endswith(name)), "/door")
    whole = json.dumps(random.choice(known.bodies[route])).encode()
    if kind < 0.25:
        changed = whole[:-1] + f',"{canary}":"{canary}"}}'.encode()
    elif kind < 0.9:
        changed = json_changes.changed(whole, random)
    else:
        changed = whole
    if kind > 0.8 and random.random() < 0.3:
        changed = re.sub(rb'"[^"]{6,}"', b'"' + canary.encode() + b'"', changed, count=1)
    if route != "/drop":
        return changed
    length = len(changed) + (random.choice((-1, 1, 2**31)) if random.random() < 0.1 else 0)
    return (length % 2**32).to_bytes(4, "big") + changed + random.randbytes(random.choice((0, 1, 317, 317, 1085, 4157)))


def _headers(template: str, known: Known, canary: str, body: bytes, random: Random) -> list[str]:
    right = "application/octet-stream" if template.endswith("/drop") else "application/json"
    kind = right if random.random() < 0.9 else random.choice((*_TYPES, f"text/{canary}"))
    # Of one address only so much is taken; the program believes its proxy, which is us.
    lines = [
        "Host: localhost",
        f"X-Forwarded-For: 10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}",
    ]
    lines += [f"Content-Type: {kind}"] if body else []
    for name, values in known.headers.items():
        if random.random() < 0.6:
            value = random.choice(values)
            lines.append(
                f"{name}: {value if random.random() < 0.8 else random.choice((value[:-1], canary, '', value + 'A'))}"
            )
    lines += random.sample(_others(canary), random.choice((0, 0, 0, 1, 2)))
    return lines


def _others(canary: str) -> Sequence[str]:
    return (
        *(f"Origin: https://{canary}.example", "Sec-Fetch-Site: cross-site", f"Cookie: a={canary}", "Range: bytes=0-1"),
        *(
            f"Idempotency-Key: {canary}",
            "Idempotency-Key: " + "k" * 300,
            "Idempotency-Key: \xe9",
            f"User-Agent: {canary}",
        ),
        *(
            f"If-None-Match: {canary}",
            "Content-Encoding: gzip",
            f"Expect: {canary}",
            "Accept: text/html",
            f"Accept: {canary}",
        ),
        *(
            "Upgrade: websocket",
            "Connection: close",
            f"X-Forwarded-For: {canary}",
            f"X-{canary}: {canary}",
            "Host: evil.example",
        ),
        *(
            f"Forwarded: for={canary}",
            f"X: {'y' * 9000}",
            "Accept-Language: \xff\xfe",
            "If-Modified-Since: yesterday",
            " folded",
        ),
    )


def _chunked(body: bytes, random: Random) -> bytes:
    size = f"{len(body):x}" if random.random() < 0.7 else random.choice(("", "-1", "zz", "ffffffffffffffff"))
    return f"{size}\r\n".encode() + body + b"\r\n0\r\n\r\n"


def _damaged(raw: bytes, random: Random) -> bytes:
    at = random.randrange(len(raw))
    return raw[:at] + random.choice((b"", b"\x00", b"\n", b"\r", b"\xff", b": ")) + raw[at + random.randrange(4) :]
