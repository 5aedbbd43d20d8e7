"""Format v1 a second time, written from docs/protocol.md alone: plain functions over bytes, no checks.

The frozen vectors come from here, not from the product, so a slip in the product cannot write itself into
them. It imports nothing of the product and takes Argon2id from another library than the product does.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


def b64(raw: bytes) -> str:
    return base64.b64encode(raw, altchars=b"-_").decode().replace("=", "")


def extract(salt: bytes, ikm: bytes) -> bytes:
    return hmac.new(salt, ikm, hashlib.sha256).digest()


def expand(prk: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 section 2.3, for at most one block: every use in the format has 32 bytes or fewer."""
    return hmac.new(prk, info + b"\x01", hashlib.sha256).digest()[:length]


def fragment(drop_id: bytes, key: bytes, mode: str, check: bytes = b"chk") -> str:
    checksum = hashlib.sha256(check + b64(drop_id).encode() + b"1" + mode.encode() + key)
    return f"1{mode}.{b64(key)}.{b64(checksum.digest()[:3])}"


@dataclass(frozen=True)
class Derived:
    """Every intermediate value, so that a stranger's implementation can see where it leaves the path."""

    prk: bytes
    link_proof: bytes
    salt: bytes
    stretched: bytes
    root: bytes
    enc_key: bytes
    auth_token: bytes
    commit: bytes


def derived(
    drop_id: bytes, key: bytes, mode: str, passphrase: bytes | None, prefix: bytes = b"sendsecret/v1"
) -> Derived:
    def label(purpose: bytes) -> bytes:
        return prefix + b"/" + purpose + b"\x00" + drop_id

    prk = extract(prefix, key)
    salt = expand(prk, label(b"argon2-salt"), 16)
    stretched = bytes(32)
    if passphrase is not None:
        kdf = Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=47104)
        stretched = kdf.derive(passphrase)
    root = extract(hashlib.sha256(label(b"root")).digest(), key + mode.encode() + stretched)
    return Derived(
        prk=prk,
        link_proof=expand(prk, label(b"link-proof"), 32),
        salt=salt,
        stretched=stretched,
        root=root,
        enc_key=expand(root, label(b"enc"), 32),
        auth_token=expand(root, label(b"auth"), 32),
        commit=expand(root, label(b"commit"), 32),
    )


def padded(payload: bytes) -> bytes:
    framed = len(payload).to_bytes(4, "big") + payload
    size = 256
    while size < len(framed):
        size = {256: 1024, 1024: 4096}.get(size, size + 4096)
    return framed + bytes(size - len(framed))


def envelope(keys: Derived, nonce: bytes, header: bytes, plaintext: bytes) -> bytes:
    """`plaintext` is padded already, or padded wrongly on purpose."""
    return b"\x01" + nonce + keys.commit + AESGCM(keys.enc_key).encrypt(nonce, plaintext, header)


def stored(drop_key: bytes, drop_id: bytes, nonce: bytes, sealed: bytes) -> bytes:
    return nonce + AESGCM(expand(drop_key, b"wrap" + drop_id, 32)).encrypt(nonce, sealed, drop_id)


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def header_text(drop_id: bytes, mode: str, form: str, kind: str, label: str, **other: object) -> str:
    """A header in the order of the specification; `other` replaces or adds members."""
    members: dict[str, object] = {"v": 1, "id": b64(drop_id), "mode": mode, "form": form, "kind": kind}
    members |= {"created_at": 1_795_000_000, "expires_at": 1_795_086_400, "sender": "Maya Okafor"}
    return compact(members | {"label": label} | other)


def text_payload(text: str) -> bytes:
    return compact({"text": text}).encode() + b"\x00"


def file_payload(name: str, kind: str, body: bytes) -> bytes:
    return compact({"file": {"name": name, "type": kind}}).encode() + b"\x00" + body
