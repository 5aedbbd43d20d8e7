"""
The problems (RFC 9457) of those who seal and of those who have a token, beside the reader's.

As there, every text is fixed: what was sent may hold a token.
"""

from collections.abc import Mapping
from typing import Final

from reveal_web.reader import answers
from reveal_web.reader.answers import Answer

TITLES: Final[Mapping[str, tuple[int, str]]] = {
    "unsupported-type": (415, "Send application/octet-stream, not compressed."),
    "order-used": (409, "Something was sealed under this order already. Nothing more is taken; start again."),
    "unacceptable": (422, "This is not what was ordered. Nothing was kept."),
    "unacceptable-record": (422, "This cannot be a record. Nothing was kept."),
    "id-taken": (409, "There is, or was, another record of this id. Nothing was kept; draw a new id and seal again."),
    "too-many-records": (
        409,
        "The owner of this token has as many records as anybody may. Revoke one. Nothing was kept.",
    ),
    "sent-too-often": (
        429,
        "The owner of this token has sent or made as much within ten minutes as anybody may. Nothing was kept.",
    ),
    "may-not-send": (403, "The owner of this token may not hand over secrets here. Nothing was kept."),
    "no-token": (401, "This needs a token that serves: ask for one in Slack with /sendsecret token."),
    "wrong-scope": (403, "This token is for something else. Make one in Slack that is for this."),
    "too-late": (409, "It had ended otherwise before it could be revoked."),
    "no-receipt": (404, "There is no receipt so far: one is written when the drop ends."),
    "wrong-tokens": (429, "Too many tokens that do not serve were tried from this address. Wait, then try again."),
    "wrong-keys": (429, "Too many keys that open nothing were tried from this address. Wait, then try again."),
    "record-unreadable": (503, "The record cannot be reached just now. Nothing is lost and no read was counted."),
    "record-unavailable": (503, "The database does not answer just now. Try again; a read may have been counted."),
    "asked-too-often": (429, "This token asks too often. Nothing was done; ask again in a moment."),
    "idempotency-mismatch": (422, "Something else was asked for under this Idempotency-Key. Nothing was ordered."),
    "idempotency-running": (409, "The same is being done under this Idempotency-Key. Nothing more was ordered."),
    "busy": (503, "Too many large secrets come in at once. Nothing is lost; send the same again in a moment."),
}


def problem(slug: str, *, retry_after: int | None = None, **members: object) -> Answer:
    """A problem of this catalogue, made as the reader's are."""
    return answers.problem(slug, status=None, retry_after=retry_after, catalogue=TITLES, **members)
