"""What the server keeps: verifiers and wrapping hang on the keys they are said to hang on."""

import hashlib
from typing import Any

import pytest

from store.formats.errors import DamagedEnvelopeError, MalformedError
from store.formats.stored_v1 import auth_token_verifier, link_proof_verifier, unwrap, wrap
from tests.formats.frozen import case_name, vectors

ID, KEY, ENVELOPE = bytes(range(16)), bytes(range(32)), b"\x01" + bytes(316)


@pytest.mark.parametrize("case", vectors("drop")["good"], ids=case_name)
def test_vectors(case: dict[str, Any]) -> None:
    """Verifiers and the wrapped envelope are the frozen ones, and the envelope comes back out."""
    stored = {name: bytes.fromhex(value) for name, value in case["stored"].items()}
    drop_id, envelope, key = bytes.fromhex(case["id"]), bytes.fromhex(case["envelope"]), stored["drop_key"]
    proof, token = bytes.fromhex(case["link_proof"]), bytes.fromhex(case["auth_token"])
    assert link_proof_verifier(stored["pepper"], drop_id, proof) == stored["v1"]
    assert auth_token_verifier(key, drop_id, token) == stored["v2"]
    wrapped = wrap(key, drop_id, stored["nonce"], envelope)
    assert hashlib.sha256(wrapped).digest() == stored["wrapped_sha256"]
    assert unwrap(key, drop_id, wrapped) == envelope


def test_erased_key_unwraps_nothing() -> None:
    """With the key overwritten by zeros neither the envelope nor the verifier of the token can be had."""
    wrapped, token = wrap(KEY, ID, bytes(12), ENVELOPE), bytes(range(32))
    with pytest.raises(DamagedEnvelopeError):
        unwrap(bytes(32), ID, wrapped)
    assert auth_token_verifier(bytes(32), ID, token) != auth_token_verifier(KEY, ID, token)


def test_wrapping_is_bound_to_its_drop() -> None:
    """A stored envelope moved to another row does not unwrap there, nor does one that was cut or changed."""
    wrapped = wrap(KEY, ID, bytes(12), ENVELOPE)
    for drop_id, stored in [(bytes(16), wrapped), (ID, wrapped[:-1]), (ID, b""), (ID, bytes(len(wrapped)))]:
        with pytest.raises(DamagedEnvelopeError):
            unwrap(KEY, drop_id, stored)


def test_short_nonce_is_refused() -> None:
    """A nonce of another length than 12 bytes is refused."""
    with pytest.raises(MalformedError):
        wrap(KEY, ID, bytes(8), ENVELOPE)
