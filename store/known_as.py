"""
Under which spelling somebody is known: the ids of Slack as they are, e-mail addresses in small letters.

Mail is sent to an address as it was typed.  But Dana@example.com and dana@example.com are one mailbox: the domain by
RFC 5321 (section 2.4), what stands before the @ wherever mail is taken in practice; whoever is forgotten is forgotten
as both.
"""


def known_as(person: str) -> str:
    """What an id or an address is compared by, and found again by; never what is shown or written to."""
    return person.casefold() if "@" in person else person
