"""What can be wrong with bytes or text that claim to be in one of our formats.

No message here ever contains the offending value: it may be a key, a passphrase or a secret. Messages say
which part was wrong; what a person is told is decided by whoever shows it.
"""

from typing import Literal

PassphraseFault = Literal["surrogate", "unassigned", "unprintable", "empty", "too-long"]


class FormatError(ValueError):
    """Something is not in the format that it claims to be in."""


class MalformedError(FormatError):
    """Text or bytes break the rules of a format (wrong characters, members, types, sizes)."""


class CutLinkError(FormatError):
    """A link has the wrong length or its checksum does not fit: a part of it was lost on the way."""


class UnusablePassphraseError(FormatError):
    """A passphrase cannot be used; `reason` says why. Found locally, so it costs no guess.

    `surrogate`: half of a character; `unassigned`: no character of Unicode 14; `unprintable`: a control,
    format, private-use or line-separating character; `empty`: nothing left; `too-long`: over 256 bytes.
    """

    def __init__(self, reason: PassphraseFault) -> None:
        super().__init__(f"the passphrase cannot be used: {reason}")
        self.reason: PassphraseFault = reason


class WrongHeaderError(FormatError):
    """Opening step 1 failed: the header breaks its rules or belongs to another link."""


class DamagedEnvelopeError(FormatError):
    """Opening steps 2 to 6 failed, or a stored envelope does not unwrap; `step` says where (0: unwrapping).

    The step is for tests and diagnosis. A reader is told "damaged" and no more, whichever step it was.
    """

    def __init__(self, step: int, what: str) -> None:
        super().__init__(f"the envelope is damaged: {what}")
        self.step = step


class UnprovenError(FormatError):
    """Well formed, but it does not prove what it is shown for; the message names what failed.

    Unlike the others its messages may be shown to anybody: logs, proofs and checkpoints are public.
    """
