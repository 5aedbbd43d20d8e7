"""
What sender and security team read about a link that no mail server took: why, what became of the secret, what to do.

Keyed by our own words for it; of what the server said only the code is shown.  `{name}` is the address.
"""

import re
from typing import Final

from bot.mrkdwn import Markup, fill
from store.words import MailFault

_TELL_ADMIN: Final = "The secret was destroyed. Tell whoever runs Sendsecret, then send it again."
BY_FAULT: Final = {
    MailFault.NOT_SET_UP: (
        "Not sent to {name}: sending e-mail is not set up here. The secret was destroyed. Send it again with “Show me "
        "the link” and pass it on yourself."
    ),
    MailFault.UNENCRYPTED: (
        f"Not sent to {{name}}: our mail server offers no encryption, so that I told it nothing. {_TELL_ADMIN}"
    ),
    MailFault.UNTRUSTED: (
        f"Not sent to {{name}}: I cannot be sure that it is our mail server that answers, so that I told it nothing. "
        f"{_TELL_ADMIN}"
    ),
    MailFault.LOGIN: f"Not sent to {{name}}: our mail server does not let me log in. {_TELL_ADMIN}",
    MailFault.AWAY: (
        "Not sent to {name}: our mail server could not be reached. The secret was destroyed. Send it again in a while."
    ),
    MailFault.UNANSWERED: (
        "Perhaps not sent to {name}: our mail server did not say whether it took the e-mail. The secret was destroyed, "
        "so that the link opens nothing if it arrives. Send it again."
    ),
}
BY_VERB: Final = {
    "rcpt": (
        "Not sent to {name}: our mail server does not take mail for that address (it says {code}). The secret was "
        "destroyed. Look at the address, letter for letter, and send it again."
    ),
    "data": (
        "Not sent to {name}: our mail server refused the e-mail (it says {code}). The secret was destroyed. Send it "
        "again with “Show me the link”, and tell whoever runs Sendsecret."
    ),
    "mail": f"Not sent to {{name}}: our mail server does not take mail from me (it says {{code}}). {_TELL_ADMIN}",
}
"""By the command of SMTP that was refused for good."""
NOT_SET_UP_OUTSIDE: Final = (
    "Not sent to {name}: sending e-mail is not set up here. The secret was destroyed. Ask whoever runs Sendsecret to "
    "set it up (SMTP_URL), then send it again."
)
REFUSED_OUTSIDE: Final = f"Not sent to {{name}}: our mail server refused the e-mail (it says {{code}}). {_TELL_ADMIN}"
"""Where no secret may be typed into Slack: a link that the bot did not seal it cannot show."""
NOT_NOW: Final = (
    "Not sent to {name}: our mail server put it off for longer than I may wait (it says {code}). The secret was "
    "destroyed. Send it again in a while."
)
NOT_ENDED: Final = (
    "Perhaps not sent to {name}: our mail server did not take or confirm the e-mail. I could not reach my store "
    "either, so the secret is not destroyed yet; it will be when my store answers. Send it again."
)
OPENING: Final = (
    "Our mail server did not take or confirm the e-mail to {name}, but the link arrived: somebody with the right "
    "passphrase is opening it now. Ask {name} whether they have it before you send it again."
)
OPENED: Final = (
    "Our mail server did not take or confirm the e-mail to {name}, but the link arrived: somebody with the right "
    "passphrase opened it. Ask {name} whether they have it before you send it again."
)

_REFUSAL: Final = re.compile(r"smtp_([a-z]+)_([0-9]{3})")
_AUDIT: Final = {
    MailFault.NOT_SET_UP: "Link not delivered: no mail server is named in the settings",
    MailFault.UNENCRYPTED: "*Link not delivered:* the mail server offers no TLS",
    MailFault.UNTRUSTED: "*Link not delivered:* the mail server's certificate is not to be believed",
    MailFault.LOGIN: "*Link not delivered:* the mail server does not take the bot's user name and password",
    MailFault.AWAY: "Link not delivered: the mail server could not be reached",
    MailFault.UNANSWERED: "Link not delivered, as far as anybody knows: the mail server did not say whether it took it",
}


def why(code: str, name: str, *, outside_only: bool = False) -> Markup:
    """
    Why a link was not mailed to `name`, for its sender.  `code` as MailError has it.

    `outside_only`: no secret may be typed into Slack.
    """
    refusal = _REFUSAL.fullmatch(code)
    if refusal is None:
        is_not_set_up = code == MailFault.NOT_SET_UP
        return fill(NOT_SET_UP_OUTSIDE if outside_only and is_not_set_up else BY_FAULT[MailFault(code)], name=name)
    verb, number = refusal.groups()
    sentence = BY_VERB.get(verb, BY_VERB["mail"]) if number.startswith("5") else NOT_NOW
    if outside_only and sentence == BY_VERB["data"]:
        sentence = REFUSED_OUTSIDE
    return fill(sentence, name=name, code=number)


def audited(code: str) -> str | None:
    """The same for the security team; None for what is no word of ours."""
    refusal = _REFUSAL.fullmatch(code)
    if refusal is not None:
        verb, number = refusal.groups()
        return f"Link not delivered: the mail server said {number} to {verb.upper()}"
    return _AUDIT.get(MailFault(code)) if code in list(MailFault) else None
