"""What is handed over, byte for byte: secrets that a step on the way would like to mend, and large ones."""

import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from store.formats.order_v1 import MOST_BYTES

MOST_IN_FORM = 3000


@dataclass(frozen=True)
class Content:
    """A secret; a file where it has a name."""

    what: str
    bytes: bytes = field(repr=False)
    file: str = ""

    @property
    def fits_the_form(self) -> bool:
        """Whether Slack's form takes it."""
        return not self.file and len(self.bytes.decode()) <= MOST_IN_FORM


def rsa_key() -> bytes:
    """An RSA-4096 key in PEM: some 3,200 characters, which no form of Slack's takes."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=4096)
    pkcs8 = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, pkcs8, serialization.NoEncryption())


def service_account() -> bytes:
    """A cloud service account's key, as its console hands it out."""
    pem = (
        "-----BEGIN PRIVATE KEY-----\n" + "\n".join(secrets.token_urlsafe(48) for _ in range(26)) + "\n-----END-----\n"
    )
    said = {"type": "service_account", "project_id": "acme-prod", "private_key": pem, "client_id": "1" * 21}
    return json.dumps(said, indent=2).encode() + b"\n"


def texts() -> list[Content]:
    """All that is text, with a random part where there is room: what is found was this one's."""
    mark = secrets.token_hex(6)
    return [
        Content("one byte", b"x"),
        Content("3,000 characters", (mark * 250).encode()),
        Content("line breaks at both ends", f"\n  {mark} \t\n\n".encode()),
        Content("emoji", f"{mark} 👩🏽‍💻🗝️ e\u0301 \u00e9".encode()),
        Content("right to left", f"{mark} سرّي \u202eabc\u202c שלום".encode()),
        Content("markup", f"{mark} &amp; <@U0DANA> *b* `c` <script>alert(1)</script> ${{x}}".encode()),
        Content("an RSA-4096 key", rsa_key()),
        Content("a service account", service_account()),
    ]


def files() -> list[Content]:
    """All that is a file."""
    return [
        Content("line breaks of Windows", b"KEY=1\r\nOTHER=2\r\n", file="prod.env"),
        Content("bytes that are no text", bytes(range(256)) * 5, file="cert.p12"),
        Content("10 MiB", secrets.token_bytes(MOST_BYTES), file="dump.bin"),
    ]
