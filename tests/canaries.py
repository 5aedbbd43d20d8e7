"""
Searching for canaries: as they are, in hex, in base64 at all three offsets, and escaped for URLs and JSON.
"""

import base64
import json
import urllib.parse


def spellings(canary: bytes) -> set[bytes]:
    """Every way in which a canary could stand somewhere."""
    found = {canary, canary.hex().encode(), canary.hex().upper().encode()}
    for offset in range(3):
        for encoded in (base64.b64encode(b"\0" * offset + canary), base64.urlsafe_b64encode(b"\0" * offset + canary)):
            # The first and last characters mix with the neighbours' bits.
            found.add(encoded.rstrip(b"=")[(0, 2, 3)[offset] : -1])
    try:
        text = canary.decode()
    except UnicodeDecodeError:
        return found
    quoted = {urllib.parse.quote(text, safe="").encode(), urllib.parse.quote_plus(text).encode()}
    escaped = {json.dumps(text)[1:-1].encode(), json.dumps(text, ensure_ascii=False)[1:-1].encode()}
    return found | quoted | escaped


def is_in(canary: bytes, haystack: bytes) -> bool:
    """Whether any spelling of a canary is there."""
    return any(spelling in haystack for spelling in spellings(canary))
