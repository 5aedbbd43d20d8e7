"""
E-mail addresses as people type and paste them, brought to one spelling or refused.

Pure.  An address goes into an SMTP command, a header, the log's digests and the key under which somebody is forgotten:
what is not plainly one address is refused, and each address has one spelling.  Nobody is asked whether it exists.
"""

import re
from typing import Final

from email_validator import EmailNotValidError, validate_email

from store.known_as import known_as

_BETWEEN: Final = re.compile(r"[\n\r,;]")
_MAILTO: Final = "mailto:"


class NotAnAddressError(Exception):
    """
    What stands there is no address that can be written to.

    `number` counts from 1; what stands there is not repeated, for people paste all kinds of things.
    """

    def __init__(self, number: int = 1) -> None:
        super().__init__(f"number {number} is not an e-mail address")
        self.number = number


def normalised(text: str) -> str:
    """
    The address in its one spelling: the domain in lower case and in ASCII (xn--…), what stands before the @ as it is.

    A domain of another alphabet is shown in ASCII everywhere, so that none can pass for another.  Raises
    NotAnAddressError, also for a name or brackets around an address.
    """
    bare = text.strip()
    if bare[: len(_MAILTO)].casefold() == _MAILTO:
        bare = bare[len(_MAILTO) :]
    try:
        # SMTPUTF8 is off: few servers take other letters before the @, and some that look like ours are not.
        known = validate_email(bare, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise NotAnAddressError from None
    if known.ascii_email is None:
        raise NotAnAddressError
    return known.ascii_email


def listed(text: str) -> tuple[str, ...]:
    """
    The addresses in a text that has one on each line, or commas or semicolons between them, each once.

    Of two that differ only in capitals the first stands.

    Raises NotAnAddressError for the first that is none.
    """
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    found: dict[str, str] = {}
    for number, part in enumerate(parts, 1):
        try:
            address = normalised(part)
        except NotAnAddressError:
            raise NotAnAddressError(number) from None
        found.setdefault(known_as(address), address)
    return tuple(found.values())
