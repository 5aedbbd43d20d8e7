"""
What sender and security team read about an e-mail that came back after our mail server had taken it.

Keyed by the subject of the status (RFC 3463, section 3), the second of its three numbers; of what mail servers wrote
only the numbers are shown.
"""

import re
from typing import Final

_ENDED: Final = "Nobody opened it, and the secret was destroyed {at}."
_ANOTHER_WAY: Final = "send it to another address of theirs"
_BY_SUBJECT: Final = {
    "1": (
        "The e-mail to {recipient} with the link to “{label}” came back: there is no such address ({status}). "
        f"{_ENDED} Look at the address, letter for letter, and send it again."
    ),
    "2": (
        "The e-mail to {recipient} with the link to “{label}” came back: their mailbox takes none just now, it may be "
        f"full or closed ({{status}}). {_ENDED} Ask them, or {_ANOTHER_WAY}."
    ),
    "4": (
        "The e-mail to {recipient} with the link to “{label}” came back: their mail server could not be reached in "
        f"time ({{status}}). {_ENDED} Look at what stands behind the @, or {_ANOTHER_WAY}."
    ),
    "7": (
        "The e-mail to {recipient} with the link to “{label}” came back: their mail server's rules do not let it in "
        f"({{status}}). {_ENDED} Tell whoever runs Sendsecret, and {_ANOTHER_WAY}."
    ),
}
_OTHERWISE: Final = (
    "The e-mail to {recipient} with the link to “{label}” came back ({status}). "
    f"{_ENDED} Look at the address, or {_ANOTHER_WAY}."
)
_AUDITED: Final = "Link not delivered: the e-mail came back after the mail server had taken it ({status})"

_CODE: Final = re.compile(r"bounced_([45]\.([0-7])\.[0-9]{1,3})", re.ASCII)
_OURS_NOT_THEIRS: Final = frozenset({"5.1.7", "5.1.8"})
"""Of all about addresses these two find fault with the sender's."""


def told(code: str) -> str | None:
    """Why a letter came back and what to do, for its sender; None for what is no code of ours."""
    known = _CODE.fullmatch(code)
    if known is None:
        return None
    status, subject = known.groups()
    sentence = _BY_SUBJECT.get("7" if status in _OURS_NOT_THEIRS else subject, _OTHERWISE)
    return sentence.replace("{status}", status)


def audited(code: str) -> str | None:
    """The same for the security team."""
    known = _CODE.fullmatch(code)
    return None if known is None else _AUDITED.format(status=known[1])
