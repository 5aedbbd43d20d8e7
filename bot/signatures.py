"""
Whether a request comes from Slack: its signature over the raw bytes, its age, and that it comes once.

Knows headers, bytes and a clock, and no HTTP.  Written here because slack_bolt's own check repeats the whole body in
the log when it refuses, and answers a malformed header with 500 (authentication/verifying-requests-from-slack).
What is remembered against replays is this process's alone: another replica would take a copy once more, and the
submission's view id, which the database keeps, is what stops a second drop there.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_SKEW_SECONDS: Final = 300
# A timestamp may lie 300 s ahead and stays acceptable until 300 s after it, all of that last second included.
REMEMBERED_SECONDS: Final = 2 * MOST_SKEW_SECONDS + 1
MOST_REMEMBERED: Final = 50_000

# Not `\d`, which takes the digits of every script.
_TIMESTAMP: Final = re.compile(r"[0-9]{10}")


class Reason(StrEnum):
    """Why a request is refused; the one word about it that is logged."""

    MALFORMED = "malformed"
    FORGED = "forged"
    STALE = "stale"
    REPLAYED = "replayed"


class NotFromSlackError(Exception):
    """
    A request that is not to be believed.  Carries nothing that was sent but how old it claims to be.

    `skew` in seconds, positive when the request is old; None when it did not say.
    """

    def __init__(self, reason: Reason, skew: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.skew = skew

    @property
    def is_signed(self) -> bool:
        """Whether it was signed with our secret all the same."""
        return self.reason in (Reason.STALE, Reason.REPLAYED)


@dataclass(frozen=True)
class Presented:
    """What a request says for itself, well formed and not yet believed."""

    timestamp: str
    signature: str


def presented(timestamps: Sequence[str], signatures: Sequence[str]) -> Presented:
    """Every value of the two headers of a request.  Raises NotFromSlackError unless there is one of each."""
    # A header that stands twice may be read differently by whoever stands in front of us.
    if len(timestamps) != 1 or len(signatures) != 1 or not _TIMESTAMP.fullmatch(timestamps[0]):
        raise NotFromSlackError(Reason.MALFORMED)
    return Presented(timestamps[0], signatures[0])


class Signatures:
    """The signing secrets, the present one and during a rotation the previous one, and what was seen lately."""

    def __init__(self, secrets: Sequence[str], now: Callable[[], float] = time.time) -> None:
        if not secrets or not all(secrets):
            raise ValueError("an empty signing secret would let everybody sign")
        self._keys = [secret.encode() for secret in secrets]
        self._now = now
        self._seen: dict[bytes, float] = {}

    def check(self, presented: Presented, body: bytes) -> int:
        """
        Believe a request once; how many seconds old it is.  Raises NotFromSlackError.

        The signature comes before the age, so that an age of which somebody is told was signed.
        """
        now = self._now()
        skew = int(now) - int(presented.timestamp)
        # Bytes, because compare_digest refuses text outside ASCII, and a signature is whatever somebody typed.
        given = presented.signature.encode("ascii", "replace")
        base = b"v0:" + presented.timestamp.encode() + b":" + body
        is_right = False
        # Each secret is compared, whichever fits.
        for key in self._keys:
            right = b"v0=" + hmac.new(key, base, hashlib.sha256).hexdigest().encode()
            is_right |= hmac.compare_digest(given, right)
        if not is_right:
            raise NotFromSlackError(Reason.FORGED, skew)
        if abs(skew) > MOST_SKEW_SECONDS:
            raise NotFromSlackError(Reason.STALE, skew)
        if not self._is_new(given, now):
            raise NotFromSlackError(Reason.REPLAYED, skew)
        return skew

    def _is_new(self, signature: bytes, now: float) -> bool:
        # Only what Slack signed gets this far, so that nobody else can fill the memory.
        while self._seen:
            oldest = next(iter(self._seen))
            if self._seen[oldest] > now - REMEMBERED_SECONDS:
                break
            del self._seen[oldest]
        if signature in self._seen:
            return False
        if len(self._seen) >= MOST_REMEMBERED:
            del self._seen[next(iter(self._seen))]
        self._seen[signature] = now
        return True
