"""
Sealing a drop on this computer, and the body that hands it in.

The body is made once: sent again after a lost answer it is the same to the byte, and so the same drop.
"""

import json
import secrets
from dataclasses import dataclass, field

from argon2.exceptions import HashingError

from sendsecret.sending import wording
from sendsecret.sending.answers import Open
from sendsecret.sending.chosen_passphrase import Passphrase
from sendsecret.sending.stopping import StoppedError
from store.formats import base64url, delivery_v1, header_v1, link_v1, seal_v1
from store.formats.envelope_v1 import NONCE_BYTES
from store.formats.errors import MalformedError
from store.formats.order_link_v1 import OrderLink
from store.formats.payload_v1 import File, Text
from store.words import Way


@dataclass(frozen=True)
class Ready:
    """A sealed drop: its id, the body that hands it in, and its link where that is for the sender to pass on."""

    drop: str
    body: bytes = field(repr=False)
    link: str | None = field(repr=False)


def sealed(order: OrderLink, terms: Open, now: int, passphrase: Passphrase, secret: Text | File) -> Ready:
    """The drop; `now` is the server's time, Unix seconds. Raises StoppedError."""
    link = link_v1.Link(secrets.token_bytes(link_v1.ID_BYTES), secrets.token_bytes(link_v1.KEY_BYTES), "p")
    try:
        header = header_v1.encode(
            header_v1.Header(
                id=link.id,
                mode=link.mode,
                form=passphrase.form,
                kind="text" if isinstance(secret, Text) else "file",
                created_at=now,
                expires_at=now + terms.lives_seconds,
                sender=terms.sender,
                label=terms.label,
            )
        )
        drop = seal_v1.seal(link, header, passphrase.canonical, secret, secrets.token_bytes(NONCE_BYTES))
        url, is_kept = link.url(terms.public_url), terms.way == Way.SHOWN
        sealed_link = None if is_kept else delivery_v1.seal(terms.delivery_key, link.id, url)
    except MalformedError:
        # A name, a key or an address of the server's that no drop can have.
        raise StoppedError("other-order", wording.OTHER_ORDER) from None
    except (HashingError, MemoryError):
        raise StoppedError(
            "no-memory", f"Sealing takes 46 MiB of memory, which this computer does not give. {wording.NOTHING}"
        ) from None
    said = {
        "token": order.token_text,
        "header": header,
        "link_proof": base64url.encode(drop.link_proof),
        "auth_token": base64url.encode(drop.auth_token),
        "sealed_link": None if sealed_link is None else base64url.encode(sealed_link),
    }
    head = json.dumps(said, ensure_ascii=False).encode()
    return Ready(link.id_text, len(head).to_bytes(4) + head + drop.envelope, url if is_kept else None)
