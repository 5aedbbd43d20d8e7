"""What is signed by the right key and still is no proof, and bytes of any kind: refused in words."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.formats import base64url, checkpoint_v1, event_v1, jwks_v1, merkle_v1, receipt_v1, tlog_proof_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.verifying.files import File, Given, LeafFile, check
from store.verifying.findings import Finding

EVENT_KEY = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01")
LOG_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x02")
LOG = LogKey("drops.example.com/audit", LOG_PRIVATE.public_key().public_bytes_raw())
PUBLIC = EVENT_KEY.public_key().public_bytes_raw()
KID = jwks_v1.thumbprint(PUBLIC)
JWK = {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(PUBLIC), "kid": KID}
KEYS = File("jwks.json", json.dumps({"keys": [JWK]}).encode())
LOGS = File("log.vkey", LOG.text.encode() + b"\n")
DROP = base64url.encode(bytes(16))
HEADER = {"alg": "EdDSA", "kid": KID, "typ": "drop-event+sd-jwt"}
RECEIPT = HEADER | {"typ": "deletion-receipt+sd-jwt"}
AT = 1_795_279_860


def event(n: int, evt: str, **facts: Any) -> dict[str, Any]:
    return {"iss": "i", "iat": AT, "jti": f"ev_{n:032x}", "evt": evt, "drop": DROP, "n": n, **facts}


def signed(claims: Any, header: dict[str, Any] = HEADER, private: Ed25519PrivateKey = EVENT_KEY) -> bytes:
    parts = [base64url.encode(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)]
    text = ".".join(parts)
    return f"{text}.{base64url.encode(private.sign(text.encode()))}".encode()


OBJECT: dict[str, event_v1.Fact] = {"sha256": hashlib.sha256(b"e").hexdigest(), "bytes": 700}
EVENTS = [
    signed(event(1, "drop.created", object=OBJECT)),
    signed(event(2, "drop.revoked")),
    signed(event(3, "drop.destroyed")),
]
NAMES = ("drop.created", "drop.revoked", "drop.destroyed")


ENDING = receipt_v1.Ending(
    outcome="revoked",
    ended_by="sender",
    sealed_by="bot",
    created_at=AT * 1000,
    expires_at=AT * 1000 + 60_000,
    claimed_at=None,
    ended_at=AT * 1000,
    destroyed_at=AT * 1000,
    sends=0,
    may_repeat=True,
    passphrase="not verified",
    failed_guesses=0,
    verification="none",
    second_consumers=receipt_v1.SecondConsumers(),
    object=OBJECT,
    medium="ext4 on dm-crypt",
    database="sqlite",
    version="0.1.0",
    earlier=[receipt_v1.Earlier(n, evt, leaf) for n, (evt, leaf) in enumerate(zip(NAMES, EVENTS, strict=True), 1)],
)


def receipt(**changed: Any) -> dict[str, Any]:
    said = {**event(4, "drop.receipt"), "jti": "rc_" + 32 * "0", **receipt_v1.facts(ENDING)}
    return said | changed


def proven(name: str, leaf: bytes, key: Ed25519PrivateKey = LOG_PRIVATE) -> LeafFile:
    """With the proof of a log whose only leaf it is."""
    note = checkpoint_v1.sign(Checkpoint(LOG.origin, 1, merkle_v1.leaf_hash(leaf)), key)
    proof = tlog_proof_v1.encode(0, [], note)
    return LeafFile(File(name, leaf), f"{name}.proof", File(f"{name}.proof", proof.encode()))


def in_one_log(*leaves: bytes) -> list[LeafFile]:
    """With proofs of one log that has them all, named by their numbers there."""
    complete = merkle_v1.over([merkle_v1.leaf_hash(leaf) for leaf in leaves])
    note = checkpoint_v1.sign(Checkpoint(LOG.origin, len(leaves), merkle_v1.root(len(leaves), complete)), LOG_PRIVATE)
    filed = []
    for n, leaf in enumerate(leaves):
        ranges = merkle_v1.inclusion_ranges(n, len(leaves))
        proof = tlog_proof_v1.encode(n, [merkle_v1.range_hash(one, complete) for one in ranges], note)
        filed.append(LeafFile(File(f"{n}.jws", leaf), f"{n}.tlog-proof", File(f"{n}.tlog-proof", proof.encode())))
    return filed


def failures(*leaves: LeafFile, keys: File = KEYS, logs: File = LOGS) -> list[Finding]:
    return [finding for finding in check(Given(keys, logs, leaves)) if not finding.holds]


def refused(leaf: bytes) -> str:
    [finding] = failures(proven("x.jws", leaf))
    assert finding.about == "x.jws"
    return finding.says


def test_the_true_one_holds() -> None:
    """A receipt and its three events, each named by it."""
    assert failures(*in_one_log(*EVENTS, signed(receipt(), RECEIPT))) == []


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (HEADER | {"jwk": JWK}, "other members than"),
        (HEADER | {"crit": ["b64"]}, "other members than"),
        (HEADER | {"alg": "none"}, "another algorithm"),
        (HEADER | {"alg": "HS256"}, "another algorithm"),
        (HEADER | {"kid": "other"}, "not among the given ones"),
        (HEADER | {"kid": 7}, "other members than"),
        ({"alg": "EdDSA", "typ": "drop-event+sd-jwt"}, "other members than"),
        (HEADER | {"typ": "JWT"}, "neither an event nor a receipt"),
        (RECEIPT, "its type says something else than its content"),
    ],
)
def test_a_header_brings_neither_key_nor_algorithm(header: dict[str, Any], says: str) -> None:
    """Whatever the data says about how it wants to be checked."""
    assert says in refused(signed(event(1, "drop.created"), header))


def test_a_key_from_the_data_is_not_believed() -> None:
    """Another key under our kid, in the data or in the key set, signs nothing."""
    other = Ed25519PrivateKey.generate()
    assert refused(signed(receipt(), RECEIPT, other)) == "the signature is wrong"
    stranger = JWK | {"x": base64url.encode(other.public_key().public_bytes_raw())}
    keys = File("jwks.json", json.dumps({"keys": [stranger]}).encode())
    assert failures(proven("x.jws", signed(receipt(), RECEIPT, other)), keys=keys)[0].about == "jwks.json"
    foreign = failures(proven("x.jws", signed(receipt(), RECEIPT), other))
    assert [(one.about, one.says) for one in foreign] == [
        ("x.jws.proof", "the checkpoint is not signed, once, by the log's key")
    ]


@pytest.mark.parametrize("respelled", [lambda leaf: leaf + b"=", lambda leaf: leaf[:-1] + bytes([leaf[-1] + 1])])
def test_a_leaf_has_one_spelling(respelled: Callable[[bytes], bytes]) -> None:
    """Padding, and bits that decode to nothing, would be a second leaf with the same content."""
    leaf = signed(receipt(), RECEIPT)
    assert leaf[-1:] in b"AQgw"
    assert "base64url" in refused(respelled(leaf))


def test_an_event_that_a_receipt_does_not_name() -> None:
    """Another event in the place of a named one, two of one number, a second receipt: each is named."""
    ours = signed(receipt(), RECEIPT)
    other = signed(event(2, "drop.revoked", by="admin"))

    def said(*leaves: bytes) -> list[tuple[str, str]]:
        return [(one.about, one.says) for one in failures(*in_one_log(*leaves))]

    assert said(ours, other) == [("1.jws", "it is not the event that 0.jws names as number 2")]
    assert said(EVENTS[1], other) == [("1.jws", "another event of the same drop and number than 0.jws")]
    again = signed(receipt(jti="rc_" + 32 * "1"), RECEIPT)
    assert ("1.jws", "another receipt of the same drop than 0.jws") in said(ours, again)
    assert said(ours, signed(event(9, "drop.second_consumer"))) == []
    elsewhere = signed(event(1, "drop.created", object=OBJECT | {"bytes": 1}))
    assert said(ours, elsewhere) == [("1.jws", "it is not the event that 0.jws names as number 1")]
    assert said(ours, signed(event(0, "drop.created")))[0][0] == "1.jws"


def test_two_roots_for_one_size() -> None:
    """Whoever signs another history of the same length is shown to have done so, without any tile."""
    one, other = [proven(f"{n}.jws", EVENTS[n]) for n in (0, 1)]
    assert failures(one, other)[0].says == "another root for the same size than 0.jws.proof: history was rewritten"


ANYTHING = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([signed(receipt(), RECEIPT), *EVENTS, KEYS.raw, LOGS.raw, proven("x", EVENTS[0]).proof.raw]),  # type: ignore[union-attr]
    st.builds(
        lambda raw, at, other: raw[:at] + other + raw[at + 1 :],
        st.sampled_from([signed(receipt(), RECEIPT), KEYS.raw, LOGS.raw]),
        st.integers(0, 400),
        st.binary(max_size=3),
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(receipt())), inner, max_size=5)
        ),
        max_leaves=8,
    ).map(lambda claims: signed(claims, RECEIPT)),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(keys=ANYTHING, logs=ANYTHING, leaf=ANYTHING, proof=ANYTHING, note=ANYTHING, tile=ANYTHING)
def test_no_bytes_are_too_strange(
    keys: bytes, logs: bytes, leaf: bytes, proof: bytes, note: bytes, tile: bytes
) -> None:
    """Whatever a file holds is judged in words, and never a crash."""
    strange = LeafFile(File("leaf", leaf), "proof", File("proof", proof), (keys, tile))
    notes = [File("note", note)]
    for trusted in ((File("keys", keys), File("logs", logs)), (KEYS, LOGS)):
        found = list(check(Given(*trusted, [strange], notes, notes, File("present", note), lambda _: tile)))
        assert all(finding.says for finding in found)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(list(receipt())),
        st.recursive(
            st.none() | st.booleans() | st.integers(0, 2**53 - 1) | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=5,
        ),
        max_size=3,
    )
)
def test_no_receipt_is_too_strange(changed: dict[str, Any]) -> None:
    """Signed by the right key or not, members of any kind are answered and not tripped over."""
    leaf = proven("x.jws", signed(receipt(**changed), RECEIPT))
    assert all(finding.says for finding in check(Given(KEYS, LOGS, [leaf, proven("y.jws", EVENTS[0])])))
