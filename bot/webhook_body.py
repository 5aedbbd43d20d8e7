"""
What an endpoint is told of an event: one JSON text after the Standard Webhooks specification, and its signatures. Pure.

Nothing personal stands in it, because nothing personal stands in a leaf in clear.  The leaf itself goes along, so that
whoever is told can hold it against the published keys and the log, and need not believe us.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from standardwebhooks import Webhook

from store.formats import event_v1
from store.webhooks import Owed

TEST: Final = "webhook.test"
_OF_THE_LEAF: Final = frozenset({"iss", "iat", "jti", "evt", "_sd", "_sd_alg"})


def of_event(owed: Owed) -> str:
    """The text for an event.  Raises MalformedError for what is no leaf."""
    claims = event_v1.unverified(owed.leaf)
    facts = {name: value for name, value in claims.items() if name not in _OF_THE_LEAF}
    return _text(owed.event, owed.at, facts | {"leaf": owed.leaf.decode()})


def of_test(at_ms: int, endpoint: str) -> str:
    """The text with which an operator tries an endpoint out."""
    return _text(TEST, at_ms, {"endpoint": endpoint})


def headers(message_id: str, text: str, secrets: Sequence[str], now_seconds: int) -> dict[str, str]:
    """What goes with a text at one try: while a secret is replaced, a signature of each."""
    at = datetime.fromtimestamp(now_seconds, UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(now_seconds),
        "webhook-signature": " ".join(Webhook(secret).sign(message_id, at, text) for secret in secrets),
    }


def _text(event: str, at_ms: int, told: dict[str, Any]) -> str:
    at = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": event, "timestamp": at, "data": told}, ensure_ascii=False, separators=(",", ":"))
