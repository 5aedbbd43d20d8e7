"""
What an auditor is given of the log: checkpoints, the log's key, proofs, key sets, leaves.

Inputs that ask for it are signed anew, so that what stands behind a signature is reached.
"""

import base64
import hashlib
import json
import re
from random import Random
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.formats import base64url, checkpoint_v1, jwks_v1, jws_v1, merkle_v1, tlog_proof_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import MalformedError, UnprovenError
from tests.fuzz import json_changes
from tests.fuzz.target import ACCEPTED, Target, as_it_is, asks_to_mend, b64url, mended, refused, text_of

PRIVATE: Final = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC: Final = PRIVATE.public_key().public_bytes_raw()
KEY: Final = LogKey("drops.example.com/audit", PUBLIC)
LEAVES: Final = [b"leaf %d" % number for number in range(11)]
_TREE: Final = merkle_v1.over([merkle_v1.leaf_hash(leaf) for leaf in LEAVES])
_NOTE: Final = checkpoint_v1.sign(Checkpoint(KEY.origin, 11, merkle_v1.root(11, _TREE)), PRIVATE)
_KID: Final = jwks_v1.thumbprint(PUBLIC)


def _signed(note: str) -> str:
    """The note with our signature under whatever its body says."""
    body, _, _ = note.rpartition("\n\n")
    blob = base64.b64encode(KEY.id + PRIVATE.sign(f"{body}\n".encode("utf-8", "replace"))).decode()
    return f"{body}\n\n\u2014 {KEY.origin} {blob}\n"


def note_of(raw: bytes) -> str:
    """The note that an input stands for."""
    mend, rest = asks_to_mend(raw)
    return _signed(text_of(rest)) if mend else text_of(rest)


def _judge_checkpoint(raw: bytes) -> str:
    note = note_of(raw)
    try:
        checkpoint = checkpoint_v1.verify(note, KEY)
    except (MalformedError, UnprovenError) as error:
        return refused(error)
    assert note.startswith(f"{checkpoint.body}\n\u2014 "), "a checkpoint with two spellings"
    origin, size, root = checkpoint.body.splitlines()
    assert (origin, str(int(size)), len(base64.b64decode(root))) == (KEY.origin, size, 32)
    assert checkpoint_v1.sign(checkpoint, PRIVATE) in (note, _signed(note)), "what was not signed verifies"
    return ACCEPTED


def log_key_of(raw: bytes) -> str:
    """The log's key that an input stands for; one that asks for it gets the right id."""
    mend, rest = asks_to_mend(raw)
    text = text_of(rest)
    name, plus, behind = text.partition("+")
    if mend and plus and name.isascii() and re.fullmatch("[A-Za-z0-9+/]{44}", behind[9:]):
        kind_and_key = base64.b64decode(behind[9:])
        text = f"{name}+{hashlib.sha256(name.encode() + bytes([10]) + kind_and_key).hexdigest()[:8]}+{behind[9:]}"
    return text


def _judge_log_key(raw: bytes) -> str:
    text = log_key_of(raw)
    try:
        key = checkpoint_v1.parse_key(text)
    except MalformedError as error:
        return refused(error)
    assert key.text == text, "a log's key with two spellings"
    assert key.origin.isascii()
    assert "+" not in key.origin
    return ACCEPTED


def _judge_proof(raw: bytes) -> str:
    index = 5
    text = text_of(raw)
    try:
        proof = tlog_proof_v1.parse(text)
    except MalformedError as error:
        return refused(error)
    assert tlog_proof_v1.encode(proof.index, proof.hashes, proof.note) == text, "a proof with two spellings"
    try:
        found, checkpoint = tlog_proof_v1.verify(LEAVES[index], text, KEY)
    except (MalformedError, UnprovenError) as error:
        return f"read, then {refused(error)}"
    assert (found, checkpoint.size, checkpoint.root) == (index, 11, merkle_v1.root(11, _TREE)), "a false proof is true"
    return ACCEPTED


def leaf_of(raw: bytes) -> bytes:
    """The leaf that an input stands for: a signed one is header, 00 and claims."""
    mend, rest = asks_to_mend(raw)
    if not mend:
        return rest
    header, _, claims = rest.partition(b"\x00")
    signed = f"{b64url(header)}.{b64url(claims)}".encode()
    return signed + b"." + b64url(PRIVATE.sign(signed)).encode()


def _judge_leaf(raw: bytes) -> str:
    leaf = leaf_of(raw)
    try:
        signed = jws_v1.parse(leaf)
    except MalformedError as error:
        return refused(error)
    parts = leaf.decode("ascii").split(".")
    assert [b64url(base64url.decode(part)) for part in parts] == parts, "a leaf with two spellings"
    header, claims = (json.loads(base64url.decode(part)) for part in parts[:2])
    assert header == {"alg": "EdDSA", "kid": signed.kid, "typ": signed.kind}
    assert claims == signed.claims, "claims are read otherwise than they are written"
    try:
        signed.verify(PUBLIC)
    except UnprovenError as error:
        assert not raw[:1] or not raw[0] & 1, "what is signed does not verify"
        return f"read, then {refused(error)}"
    return ACCEPTED


def _judge_keys(raw: bytes) -> str:
    text = text_of(raw)
    try:
        keys = jwks_v1.parse(text)
    except MalformedError as error:
        return refused(error)
    said = [one for one in json.loads(text)["keys"] if one["kty"] == "OKP"]
    assert {one["kid"]: base64.urlsafe_b64decode(one["x"] + "=") for one in said} == keys
    for kid, public in keys.items():
        assert jwks_v1.thumbprint(public) == kid, "a key under a name that is not its own"
        one = json.dumps({"kty": "OKP", "crv": "Ed25519", "x": b64url(public), "kid": kid})
        assert jwks_v1.parse_key(one) == (kid, public)
    return f"{ACCEPTED} {min(len(keys), 2)}"


_PROOF: Final = tlog_proof_v1.encode(
    5, [merkle_v1.range_hash(one, _TREE) for one in merkle_v1.inclusion_ranges(5, 11)], _NOTE
)
_JWK: Final = {"kty": "OKP", "crv": "Ed25519", "x": b64url(PUBLIC), "kid": _KID, "alg": "EdDSA"}
_HEAD: Final = json.dumps({"alg": "EdDSA", "kid": _KID, "typ": "drop-event+sd-jwt"}).encode()
_LEAF: Final = _HEAD + b'\x00{"iss":"https://a","iat":1,"jti":"ev_00","evt":"drop.created","drop":"","n":1,"_sd":[]}'
_UNDER_ALL: Final = ("store.formats.strict_json", "store.formats.base64url")
_OTHER: Final = "\u2014 witness.example/w0 AAAAAAAAAAAAAAAA\n".encode()
_NOTES: Final = (
    *("\u2014 ".encode(), b"\n\n", b"+", b"=", b"\xc2\x85", b"\xef\xbb\xbf", b"\xc2\xa0", b"\r", b"\x00", _OTHER),
    *(KEY.origin.encode(), b"18446744073709551616", b"9999999999999999999", b"00"),
)

CHECKPOINT: Final = Target(
    "checkpoint",
    _judge_checkpoint,
    ("store.formats.checkpoint_v1",),
    (as_it_is(_NOTE.encode()), mended(_NOTE.encode()), as_it_is(_NOTE.encode() + _OTHER)),
    _NOTES,
    700,
    browser="checkpoint",
)
LOG_KEY: Final = Target(
    "log-key",
    _judge_log_key,
    ("store.formats.checkpoint_v1",),
    (as_it_is(KEY.text.encode()), mended(KEY.text.encode())),
    _NOTES,
    400,
    browser="log-key",
)
PROOF: Final = Target(
    "tlog-proof",
    _judge_proof,
    ("store.formats.tlog_proof_v1", "store.formats.checkpoint_v1", "store.formats.merkle_v1"),
    (_PROOF.encode(), _PROOF.replace("index 5", "index 6").encode()),
    (*_NOTES, b"index ", b"c2sp.org/tlog-proof@v1\n", b"extra AAAA\n"),
    1200,
    browser="tlog-proof",
)


def _change_leaf(raw: bytes, random: Random) -> bytes:
    header, border, claims = raw[1:].partition(b"\x00")
    if random.random() < 0.3:
        header = json_changes.changed(header, random)
    return raw[:1] + header + border + json_changes.changed(claims, random)


LEAF: Final = Target(
    "leaf",
    _judge_leaf,
    (*_UNDER_ALL, "store.formats.jws_v1"),
    (mended(_LEAF), as_it_is(leaf_of(mended(_LEAF)))),
    (b'"alg"', b'"none"', b'"crit"', b'"typ"', b".", b"\\ud800", b"1.0"),
    700,
    _change_leaf,
)
KEYS: Final = Target(
    "jwks",
    _judge_keys,
    (*_UNDER_ALL, "store.formats.jwks_v1"),
    (
        json.dumps({"keys": [_JWK]}).encode(),
        json.dumps({"keys": [_JWK, {"kty": "RSA"}, {**_JWK, "use": "sig", "key_ops": ["verify"]}]}).encode(),
        json.dumps({"keys": []}).encode(),
    ),
    (b'"kty":"OKP"', b'"kid"', b'"x"', b'"alg":"Ed25519"', b"\\u0000"),
    700,
    json_changes.changed,
)
