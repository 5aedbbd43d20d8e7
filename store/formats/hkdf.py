"""HKDF with SHA-256, its two halves apart (RFC 5869), as every derivation of format v1 uses them."""

import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand


def extract(salt: bytes, key_material: bytes) -> bytes:
    """HKDF-Extract: 32 bytes (RFC 5869 section 2.2; by definition one HMAC keyed with the salt)."""
    return hmac.digest(salt, key_material, "sha256")


def expand(key: bytes, label: bytes, length: int) -> bytes:
    """HKDF-Expand: `length` bytes for the purpose that `label` names (RFC 5869 section 2.3)."""
    return HKDFExpand(algorithm=SHA256(), length=length, info=label).derive(key)
