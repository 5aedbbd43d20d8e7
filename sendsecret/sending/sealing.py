"""
Sealing a drop on this computer, and the body that hands it in.

The body is made once: sent again after a lost answer it is the same to the byte, and so the same drop.
"""

import json
import secrets

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


def body(order: OrderLink, terms: Open, now: int, passphrase: Passphrase, secret: Text | File) -> tuple[str, bytes]:
    """The drop's id and what to hand in; `now` is the server's time, Unix seconds. Raises StoppedError."""
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
        sealed = seal_v1.seal(link, header, passphrase.canonical, secret, secrets.token_bytes(NONCE_BYTES))
        sealed_link = delivery_v1.seal(terms.delivery_key, link.id, link.url(terms.public_url))
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
        "link_proof": base64url.encode(sealed.link_proof),
        "auth_token": base64url.encode(sealed.auth_token),
        "sealed_link": base64url.encode(sealed_link),
    }
    head = json.dumps(said, ensure_ascii=False).encode()
    return link.id_text, len(head).to_bytes(4) + head + sealed.envelope
