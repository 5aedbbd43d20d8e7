"""
What the sender reads about a link that did not arrive: why, what became of the secret, what to do.

Keyed by Slack's own words for it (methods conversations.open and chat.postMessage).  `{name}` is the recipient.
"""

from typing import Final

from store.words import LinkFault

_TELL_ADMIN: Final = "The secret was destroyed. Tell whoever runs Sendsecret, then send it again."
_NO_SHARED_CHANNEL: Final = (
    "Not sent: {name} shares no channel with me. The secret was destroyed. "
    "Invite me to a channel you both use (`/invite @sendsecret`) and send it again, or send it again with “Show me the "
    "link” and pass it on yourself."
)
NO_SHARED_CHANNEL_OUTSIDE: Final = (
    "Not sent: {name} shares no channel with me. The secret was destroyed. "
    "Invite me to a channel you both use (`/invite @sendsecret`) and send it again."
)
"""Where no link is shown: a secret that is not typed into Slack the bot did not seal; a press needs their DM."""
BY_CODE: Final = {
    "user_disabled": "Not sent: {name}'s account is deactivated. The secret was destroyed.",
    "user_not_found": "Not sent: Slack does not know {name}. The secret was destroyed.",
    "user_not_visible": _NO_SHARED_CHANNEL,
    "invalid_user_combination": _NO_SHARED_CHANNEL,
    "channel_not_found": _NO_SHARED_CHANNEL,
    "response_url_404": (
        "Not posted for {name}: Slack's way into that conversation is closed; it works for half an hour. The secret "
        "was destroyed. Open the form again."
    ),
    "cannot_dm_bot": "Not sent: {name} is an app, not a person. The secret was destroyed.",
    "messages_tab_disabled": f"Not sent to {{name}}: my Messages tab is off in Slack. {_TELL_ADMIN}",
    "restricted_action": f"Not sent to {{name}}: this workspace does not let me write to people. {_TELL_ADMIN}",
    "missing_scope": f"Not sent to {{name}}: I lack a permission in Slack. {_TELL_ADMIN}",
    "invalid_auth": f"Not sent to {{name}}: Slack does not accept my token. {_TELL_ADMIN}",
    "not_authed": f"Not sent to {{name}}: Slack does not accept my token. {_TELL_ADMIN}",
    "token_expired": f"Not sent to {{name}}: my token has expired. {_TELL_ADMIN}",
    "token_revoked": f"Not sent to {{name}}: my token was revoked. {_TELL_ADMIN}",
    LinkFault.UNREADABLE: (
        "Not sent to {name}: what reached me was sealed to a key that I do not have. The secret was destroyed. Reload "
        "the page, or run the command again, and send it anew."
    ),
    LinkFault.FOREIGN: (
        "Not sent to {name}: what reached me is not this secret's own link, so that I did not pass it on. The secret "
        "was destroyed. Send it again; if this happens again, tell whoever runs Sendsecret."
    ),
    LinkFault.UNORDERED: (
        "Not sent to {name}: I did not order this secret, or not like this, so that I did not pass it on. The secret "
        "was destroyed. If you sealed it, start again in Slack; if you did not, tell whoever runs Sendsecret."
    ),
    LinkFault.NOT_ALLOWED: (
        "Not sent to {name}: the rules for sending secrets here, or {name}'s account, have changed since this was "
        "ordered, and it is no longer allowed like this. The secret was destroyed. Open my Home tab to read the rules, "
        "and send it in a way that they allow."
    ),
    LinkFault.HERE_ONLY: (
        "Not sent to {name}: links would open on my computer only, because PUBLIC_URL is on localhost. The secret was "
        "destroyed. Tell whoever runs Sendsecret."
    ),
    "account_inactive": f"Not sent to {{name}}: my account in Slack is switched off. {_TELL_ADMIN}",
}
BUSY: Final = (
    "Not sent to {name}: Slack asked me to slow down for too long. The secret was destroyed. Send it again in a while."
)
UNANSWERED: Final = (
    "Perhaps not sent to {name}: Slack did not say whether it took the message. The secret was destroyed, so that the "
    "link opens nothing if it arrives. Send it again."
)
NOT_POSTED: Final = "Not sent to {name}: Slack did not answer. The secret was destroyed. Send it again."
NOT_ENDED: Final = (
    "Perhaps not sent to {name}: Slack did not take or confirm the message. I could not reach my store either, so the "
    "secret is not destroyed yet; it will be when my store answers. Send it again."
)
OPENING: Final = (
    "Slack did not take or confirm my message to {name}, but the link arrived: somebody with the right passphrase is "
    "opening it now. Ask {name} whether they have it before you send it again."
)
OPENED: Final = (
    "Slack did not take or confirm my message to {name}, but the link arrived: somebody with the right passphrase "
    "opened it. Ask {name} whether they have it before you send it again."
)
OPENING_BARE: Final = (
    "Slack did not take or confirm my message to {name}, but the link arrived: somebody with it is opening it now. Ask "
    "{name} whether they have it before you send it again."
)
OPENED_BARE: Final = (
    "Slack did not take or confirm my message to {name}, but the link arrived: somebody with it opened it. Ask {name} "
    "whether they have it before you send it again."
)
NOT_RECORDED: Final = (
    "Not sent to {name}: the link arrived, but could not be recorded, so I took it back. Unless somebody opened it "
    "before, it will be destroyed within three minutes, or as soon as my store answers. Send it again."
)
OTHER: Final = "Not sent to {name}: Slack would not take the message ({code}). The secret was destroyed. Send it again."
NOT_RECORDED_LEFT: Final = (
    "Not sent to {name}: the link went out, but could not be recorded, and I cannot take it back. Unless somebody "
    "opened it before, it will be destroyed within three minutes, or as soon as my store answers. Send it again."
)


def why(code: str, *, outside_only: bool) -> str:
    """Why Slack did not take a link; `outside_only`: no link is shown to its sender."""
    known = BY_CODE.get(code, OTHER)
    return NO_SHARED_CHANNEL_OUTSIDE if outside_only and known == _NO_SHARED_CHANNEL else known
