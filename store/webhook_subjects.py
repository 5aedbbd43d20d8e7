"""What an event is about, which is what its endpoint is told in order of.  Pure."""

from collections.abc import Mapping
from typing import Final

from store.formats import event_v1
from store.formats.errors import MalformedError

_NAMED: Final[Mapping[str, str]] = {"token": "token", "record": "record"}
"""The fact that names the subject, by the beginnings of words."""


def subject_of(drop_id: bytes | None, event: str, leaf: bytes | None) -> bytes:
    """
    The drop, else the token or the record; any other event is about what its word says.

    One subject for all of no drop would let an endpoint that refuses one word keep every other from itself.
    """
    if drop_id is not None:
        return drop_id
    named = _NAMED.get(event.partition(".")[0])
    try:
        claims = {} if named is None or leaf is None else event_v1.unverified(leaf)
    except MalformedError:
        claims = {}  # our own database is damaged; others' events go on
    about = claims.get(named or "")
    return (event if about is None else f"{named} {about}").encode()
