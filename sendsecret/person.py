"""Whom a command is about: a user id of Slack or an e-mail address, however it was copied."""

import re
from typing import Final

from sendsecret.operating import refuse

_MENTION: Final = re.compile(r"(<@)?([UW][A-Z0-9]{2,})(?:\|[^>]*)?>?", re.ASCII | re.IGNORECASE)


def id_of(typed: str, *, code: int) -> str:
    """As Slack writes ids, and addresses as they are kept; anything else ends the program with this exit code."""
    mention = _MENTION.fullmatch(typed.strip())
    if mention and not (mention[1] or mention[2].isupper() or any(letter.isdigit() for letter in mention[2])):
        mention = None  # a name, like wendy, under which nobody would be found: no answer on the day of a theft
    person = mention[2].upper() if mention else _as_kept(typed.strip())
    if not mention and "@" not in person.strip("@"):
        refuse("--person takes a user id of Slack, like U0123456789, or an e-mail address. Nothing was changed.", code)
    return person


def _as_kept(typed: str) -> str:
    """An e-mail address in the one spelling under which it is kept; anything else as it is."""
    from bot.mail_addresses import NotAnAddressError, normalised

    try:
        return normalised(typed)
    except NotAnAddressError:
        return typed
