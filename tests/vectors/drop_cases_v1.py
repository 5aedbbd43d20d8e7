"""Whole sealed drops: good ones with every intermediate value, bad ones that fail one opening step each.

A bad drop is sealed properly around its one fault (a bad header is bound as associated data, bad padding is
encrypted under the right key), so a program that leaves out one check opens it and is found out.
"""

import hashlib
from dataclasses import dataclass

from tests.vectors import by_the_letter as v1

Json = dict[str, object]


def octets(name: str, length: int) -> bytes:
    """Stand-in for random bytes: always the same for a name."""
    return hashlib.shake_256(name.encode()).digest(length)


@dataclass(frozen=True)
class Drop:
    """One link with its passphrase and header; `name` seeds its id, key and nonce."""

    name: str
    mode: str = "n"
    form: str = "free"
    typed: str | None = None
    canonical: bytes | None = None
    kind: str = "text"

    @property
    def id(self) -> bytes:
        return octets(f"id {self.name}", 16)

    @property
    def key(self) -> bytes:
        return octets(f"key {self.name}", 32)

    @property
    def nonce(self) -> bytes:
        return octets(f"nonce {self.name}", 12)

    def keys(self) -> v1.Derived:
        return v1.derived(self.id, self.key, self.mode, self.canonical)

    def header(self, label: str = "Stripe restricted key", **other: object) -> str:
        return v1.header_text(self.id, self.mode, self.form, self.kind, label, **other)

    def link(self) -> Json:
        return {"id_text": v1.b64(self.id), "fragment": v1.fragment(self.id, self.key, self.mode)}


def good(drop: Drop, payload: bytes, content: Json, header: str | None = None) -> Json:
    header = header or drop.header()
    keys, pepper, drop_key = drop.keys(), octets("pepper", 32), octets(f"drop key {drop.name}", 32)
    sealed = v1.envelope(keys, drop.nonce, header.encode(), v1.padded(payload))
    return {
        "name": drop.name,
        **drop.link(),
        "id": drop.id.hex(),
        "key": drop.key.hex(),
        "mode": drop.mode,
        "form": drop.form,
        "typed": drop.typed,
        "passphrase": drop.canonical.hex() if drop.canonical is not None else None,
        **{name: value.hex() for name, value in vars(keys).items()},
        "nonce": drop.nonce.hex(),
        "header": header,
        "content": content,
        "payload": payload.hex(),
        "envelope": sealed.hex(),
        "stored": {
            "pepper": pepper.hex(),
            "drop_key": drop_key.hex(),
            "nonce": octets("wrap", 12).hex(),
            "v1": v1.extract(pepper, b"lp" + drop.id + keys.link_proof).hex(),
            "v2": v1.extract(v1.expand(drop_key, b"verify" + drop.id, 32), keys.auth_token).hex(),
            "wrapped_sha256": hashlib.sha256(v1.stored(drop_key, drop.id, octets("wrap", 12), sealed)).hexdigest(),
        },
    }


def good_text(drop: Drop, text: str, header: str | None = None) -> Json:
    return good(drop, v1.text_payload(text), {"text": text}, header)


def good_file(name: str, file_name: str, kind: str, body: bytes) -> Json:
    content: Json = {"file": {"name": file_name, "type": kind, "body": body.hex()}}
    return good(Drop(name, kind="file"), v1.file_payload(file_name, kind, body), content)


def good_drops() -> list[Json]:
    free = "\u202fpa\ufb01\U0001f511\u05e9\u05dc\u05d5\u05dd\u00a0"
    largest, foreign = Drop("header of 4096 bytes"), Drop("header by a stranger")
    room = 4096 - len(largest.header("").encode())
    stranger = (
        f'{{ "label" : "\\u00e9\\ud83d\\ude00", "sender":"Dana \\/ Ops",\n\t"v":1,'
        f'"expires_at":9007199254740991,"created_at":0,'
        f'"kind":"text","mode":"n","form":"words","id":"{v1.b64(foreign.id)}" }}\r\n'
    )
    return [
        good_text(Drop("digits", "p", "digits", "\uff11\uff12 34-5678", b"12345678"), "sk_live_51Hx", None),
        good_text(Drop("words", "p", "words", " Amber Canoe\u2014VIOLET", b"amber-canoe-violet"), "hunter2\n"),
        good_text(
            Drop("free", "p", "free", free, "pafi\U0001f511\u05e9\u05dc\u05d5\u05dd".encode()),
            "postgres://a:b@c/d",
        ),
        good_text(Drop("passphrase of 256 bytes", "p", "free", "\u00e9" * 128, b"\xc3\xa9" * 128), "x"),
        good_text(Drop("no passphrase"), "AKIAIOSFODNN7EXAMPLE"),
        good_text(Drop("empty text"), ""),
        good_text(Drop("line break at the end"), "token\n"),
        good_text(Drop("white space all around"), " \t\r\n\u00a0token\u3000\u2028\r\n"),
        good_text(Drop("dotenv"), 'A="1"\r\nB=\\n\r\n'),
        good_text(Drop("emoji"), "\U0001f468\u200d\U0001f469\u200d\U0001f467\u2764\ufe0f"),
        good_text(Drop("right to left"), "\u202e\u05e1\u05d9\u05e1\u05de\u05d4 123 \u0643\u0644\u0645\u0629"),
        good_text(Drop("not normalised"), "e\u0301 \ufb01 \u212b"),
        good_text(Drop("byte order mark in front"), "\ufefftoken"),
        good_text(Drop("control characters"), "\u0000\u0001\u001b[31m\u007f\u0085"),
        good_text(Drop("noncharacters"), "\uffff\U0010ffff"),
        good_text(largest, "x", largest.header("\u00e9" * (room // 2) + "e" * (room % 2))),
        good_text(foreign, "x", stranger),
        good(Drop("head by a stranger"), b'{\n "t\\u0065xt" : "\\ud83d\\ude00\\/" }\x00', {"text": "\U0001f600/"}),
        good_file("file", "id_ed25519", "application/octet-stream", bytes(range(256))),
        good_file("file without bytes", "empty.txt", "", b""),
        good_file("file of zeros", "zeros", "x/y", bytes(300)),
        good_file("file with a name that is no path", "../../etc/pass\u202ewd\\C:\u0000", "<b>", b"\x00\n"),
        *(
            good_text(Drop(f"payload of {length} bytes"), "k" * (length - len(v1.text_payload(""))))
            for length in (252, 253, 1020, 1021, 4092, 4093, 8189)
        ),
    ]
