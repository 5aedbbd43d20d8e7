"""Records with a page, sealed by the letter: good ones with each value on the way, bad ones, links that are none."""

import hashlib

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vectors import by_the_letter as v1
from tests.vectors.drop_cases_v1 import Json, octets

PREFIX = b"sendsecret/record/v1"


class Page:
    """One record, one version of it, all that is random taken from its name."""

    def __init__(self, name: str, typed: str, canonical: bytes, form: str, value: bytes, version: int = 1) -> None:
        self.name, self.typed, self.canonical, self.value, self.version = name, typed, canonical, value, version
        self.id, self.key = octets(f"{name} id", 16), octets(f"{name} key", 32)
        self.data_key, self.ring_key = octets(f"{name} data key", 32), octets(f"{name} ring key", 32)
        self.header = v1.header_text(self.id, "p", form, "text", "Stripe restricted key")
        self.fragment = v1.fragment(self.id, self.key, "p", PREFIX + b"/chk")
        self.keys = v1.derived(self.id, self.key, "p", canonical, PREFIX)

    def label(self, purpose: bytes) -> bytes:
        """L(purpose)."""
        return PREFIX + b"/" + purpose + b"\x00" + self.id

    def layer(self, purpose: bytes, key: bytes, plain: bytes, bound: bytes = b"") -> bytes:
        """One nonce and one ciphertext."""
        nonce = octets(f"{self.name} {purpose.decode()} nonce", 12)
        aad = self.label(purpose) + self.version.to_bytes(4, "big") + bound
        return nonce + AESGCM(key).encrypt(nonce, plain, aad)

    @property
    def wrapping(self) -> bytes:
        """What wraps the data key."""
        return v1.expand(self.keys.root, self.label(b"key"), 32)

    @property
    def inner(self) -> bytes:
        """The data key, wrapped."""
        return self.layer(b"key", self.wrapping, self.data_key, hashlib.sha256(self.header.encode()).digest())

    @property
    def box(self) -> bytes:
        """The value, sealed."""
        return self.layer(b"value", self.data_key, v1.padded(self.value))

    @property
    def given(self) -> bytes:
        """What a page receives."""
        return self.keys.commit + self.inner + self.box

    @property
    def stored(self) -> bytes:
        """What the server keeps."""
        outer_key = v1.expand(self.ring_key, self.label(b"keyring"), 32)
        return b"\x02" + self.layer(b"keyring", outer_key, self.keys.commit + self.inner) + self.box

    @property
    def proof(self) -> bytes:
        """By what it knows a right passphrase."""
        return v1.extract(v1.expand(self.ring_key, self.label(b"verify"), 32), self.keys.auth_token)

    def opened_with(self) -> Json:
        """What whoever opens it has."""
        return {
            "name": self.name,
            "id_text": v1.b64(self.id),
            "fragment": self.fragment,
            "header": self.header,
            "passphrase": self.canonical.hex(),
            "version": self.version,
            "given": self.given.hex(),
        }


def good_pages() -> list[Json]:
    """Whole records."""
    return [
        page.opened_with()
        | {
            "typed": page.typed,
            "link_proof": page.keys.link_proof.hex(),
            "salt": page.keys.salt.hex(),
            "stretched": page.keys.stretched.hex(),
            "root": page.keys.root.hex(),
            "wrapping": page.wrapping.hex(),
            "auth_token": page.keys.auth_token.hex(),
            "commit": page.keys.commit.hex(),
            "data_key": page.data_key.hex(),
            "value": page.value.decode(),
            "kept": {"ring_key": page.ring_key.hex(), "stored": page.stored.hex(), "proof": page.proof.hex()},
        }
        for page in (
            Page("page", "Amber tiger, lemon canary", b"amber-tiger-lemon-canary", "words", b"sk_live_51Hx"),
            Page("page rotated", "12 34-5678", b"12345678", "digits", "ä\u2028\n\x00😀".encode(), 258),
            Page("page of 252 bytes", "pass phrase", b"pass phrase", "free", b"x" * 252, 2**31 - 1),
            Page("page of 253 bytes", "pass phrase", b"pass phrase", "free", b"x" * 253),
        )
    ]


def bad_pages() -> list[Json]:
    """Records that do not open, each for one reason."""
    page = Page("bad page", "a b", b"a-b", "words", b"value")
    base, given, size = page.opened_with(), page.given, len(page.given)

    def flipped(at: int) -> str:
        return (given[:at] + bytes([given[at] ^ 1]) + given[at + 1 :]).hex()

    padded = v1.padded(page.value)
    strange = {
        "zeros replaced": padded[:-1] + b"\x01",
        "length too long": b"\x00\x00\x01\x00" + padded[4:],
        "no UTF-8": v1.padded(b"\xff\xfe"),
    }
    boxes = {
        name: (page.keys.commit + page.inner + page.layer(b"value", page.data_key, plain)).hex()
        for name, plain in strange.items()
    }
    changes: dict[str, Json] = {
        "another passphrase": {"passphrase": b"a-c".hex()},
        "another version": {"version": 2},
        "another label": {"header": page.header.replace("Stripe", "Strife")},
        "commitment changed": {"given": flipped(0)},
        "wrapped key changed": {"given": flipped(32)},
        "wrapped key's tag changed": {"given": flipped(91)},
        "box changed": {"given": flipped(92)},
        "box's tag changed": {"given": flipped(size - 1)},
        "one byte less": {"given": given[:-1].hex()},
        "nothing but the commitment": {"given": given[:32].hex()},
        "nothing": {"given": ""},
        **{name: {"given": text} for name, text in boxes.items()},
    }
    other = v1.header_text(octets("another id", 16), "p", "words", "text", "Stripe restricted key")
    return [base | {"name": name, "expect": "damaged"} | changed for name, changed in changes.items()] + [
        base | {"name": name, "expect": "header", "header": header}
        for name, header in {
            "header of another id": other,
            "header of mode n": v1.header_text(page.id, "n", "words", "text", "Stripe restricted key"),
            "header with another member": v1.header_text(page.id, "p", "words", "text", "x", more=1),
        }.items()
    ]


def bad_page_links() -> list[Json]:
    """Links that are none of a record."""
    page = Page("bad page", "a b", b"a-b", "words", b"value")
    fragments = {
        "checksum of a drop": (v1.fragment(page.id, page.key, "p"), "cut"),
        "mode n": (v1.fragment(page.id, page.key, "n", PREFIX + b"/chk"), "malformed"),
        "cut": (page.fragment[:-1], "cut"),
        "version 2": ("2" + page.fragment[1:], "malformed"),
    }
    return [
        {"name": name, "id_text": v1.b64(page.id), "fragment": fragment, "expect": expect}
        for name, (fragment, expect) in fragments.items()
    ]
