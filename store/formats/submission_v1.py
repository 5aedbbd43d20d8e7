"""
Submission v1: what makes one drop of a form that is sent twice, without the database naming who it was for.

Both are HMAC-SHA256 under the pepper, cut to 16 bytes.  A form's own id (Slack's `view.id`) stands nowhere: whoever had
it, the pepper and a copy of the database could try names on `once`, and no other way is left.
"""

import hmac

BYTES = 16


def form(pepper: bytes, form_id: str) -> bytes:
    """Stands for a form: its drops share one message to their sender."""
    # The pepper's other uses begin with "lp" and "rn"; see stored_v1 and names_token_v1.
    return hmac.digest(pepper, b"form" + form_id.encode(), "sha256")[:BYTES]


def once(pepper: bytes, submission: str, recipient: str) -> bytes:
    """Stands for one recipient of one sending of a form: there is one drop of it."""
    return hmac.digest(pepper, b"once" + submission.encode() + b"\x00" + recipient.encode(), "sha256")[:BYTES]
