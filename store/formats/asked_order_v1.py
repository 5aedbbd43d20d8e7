"""
Asked order v1: what a client asks the bot to order, and what the bot says where it does not.

The web program takes the question in and cannot sign; so that the bot need not believe it, the token comes with the
question, sealed to the bot's delivery key together with a hash of what is asked; see `sealed_question_v1`.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from store.formats import api_token_v1, base64url, sealed_question_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.errors import MalformedError

_KIND: Final = "wishes"


TO_RECIPIENT: Final = "recipient"
LINK_BACK: Final = "link"
DELIVERIES: Final = (TO_RECIPIENT, LINK_BACK)
"""What becomes of the link: we bring it to the recipient, or whoever seals hands it over."""
NO_ENGAGEMENT: Final = "none"
"""In place of a day on which an engagement ends."""


@dataclass(frozen=True)
class Wishes:
    """
    What a client asks for; `to` is "@name", a Slack user id or an address, `anyway` says a guest is meant, too.

    `label`, `hint` and `lives_seconds` are None where those of the template hold, or the installation's usual time.
    `template` is a name, None for whatever has none; `engagement_ends` a day such as 2026-12-31, NO_ENGAGEMENT, or None
    where nobody says; `delivery` is one of DELIVERIES.
    """

    to: str
    label: str | None
    hint: str | None
    lives_seconds: int | None
    reference: str | None
    anyway: bool
    template: str | None = None
    engagement_ends: str | None = None
    delivery: str = TO_RECIPIENT

    def encode(self) -> str:
        """One spelling for each: what is hashed, and what is kept under the key of its month."""
        return json.dumps(asdict(self), ensure_ascii=True, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """What the token is bound to."""
        return base64url.encode(hashlib.sha256(self.encode().encode("ascii")).digest())


@dataclass(frozen=True)
class Asked:
    """
    An asked order as it waits.  `proof` is sealed to the bot, whose key opens it under the order's id.

    `token_id` says which token it claims to be from.
    """

    wishes: Wishes
    token_id: bytes
    proof: bytes = field(repr=False)

    def encode(self) -> str:
        """For the database, under the key of the month."""
        said = {"token": base64url.encode(self.token_id), "proof": base64url.encode(self.proof)}
        return json.dumps({**said, "wishes": asdict(self.wishes)}, separators=(",", ":"))

    @staticmethod
    def parse(text: str) -> "Asked":
        """What `encode` wrote.  Raises MalformedError."""
        try:
            said = json.loads(text)
            token_id = base64url.decode(said["token"], api_token_v1.ID_BYTES)
            return Asked(Wishes(**said["wishes"]), token_id, base64url.decode(said["proof"]))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise MalformedError("not an asked order") from None


def to_seal(token: ApiToken, wishes: Wishes, until: int) -> str:
    """What is sealed to the bot: the token, what it asks for, and until when (Unix seconds) it does.  Secret."""
    return sealed_question_v1.to_seal(token, _KIND, wishes.digest, until)


def token_in(opened: str, wishes: Wishes, now: int) -> ApiToken:
    """The token that asks for just this, just now.  Raises MalformedError for whatever else was sealed."""
    return sealed_question_v1.token_in(opened, _KIND, wishes.digest, now)


@dataclass(frozen=True)
class Refusal:
    """
    Why the bot does not order it: a word for programs, and the people it is about, as one reads them.

    `retry_after_seconds` is when to ask again, where a time alone is in the way.
    """

    why: str
    names: Sequence[str] = ()
    retry_after_seconds: int | None = None

    def encode(self) -> str:
        """For the database, under the key of the month."""
        wait = {} if self.retry_after_seconds is None else {"retry_after_seconds": self.retry_after_seconds}
        return json.dumps({"why": self.why, "names": list(self.names), **wait}, separators=(",", ":"))

    @staticmethod
    def parse(text: str) -> "Refusal":
        """What `encode` wrote.  Raises MalformedError."""
        try:
            return Refusal(**json.loads(text))
        except (ValueError, TypeError):
            raise MalformedError("not a refusal") from None
