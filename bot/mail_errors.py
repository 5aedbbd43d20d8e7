"""
What can become of an e-mail that a server was to take: refused, not now, or nobody knows.

The same three as of a call to Slack (bot/slack_calls).  Nobody else sees aiosmtplib's exceptions, which carry addresses
and the server's own text.
"""


class MailError(Exception):
    """
    Base; never raised itself.  `code` is a word for the record.

    It is a MailFault, or `smtp_` with the verb that was refused (`mail`, `rcpt`, `data`) and the server's code.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MailRefusedError(MailError):
    """The server, or we, said no; nothing was sent, and trying again would not help."""


class MailBusyError(MailError):
    """
    Not now; nothing was sent.  To be tried again in `seconds`.

    `may_have_it`: an earlier hand-over of the same letter had no answer, so that the server may have taken that one.
    """

    def __init__(self, code: str, seconds: float, *, may_have_it: bool = False) -> None:
        super().__init__(code)
        self.seconds = seconds
        self.may_have_it = may_have_it


class MailUnansweredError(MailError):
    """The server had the whole message and did not answer: it may have taken it."""
