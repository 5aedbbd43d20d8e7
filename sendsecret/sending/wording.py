"""What `sendsecret send` and `login` say of an order, of its server, and of what they were given."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sendsecret.talking.strangers_text import harmless
from store.formats.errors import PassphraseFault

if TYPE_CHECKING:  # it brings what talks to servers, for which nobody waits who asks for help
    from sendsecret.sending.answers import Open

NOTHING: Final = "Nothing was sent."

ASK_SERVER: Final = "Address of your Sendsecret server, like https://drops.example.com: "
ASK_TOKEN: Final = "Token (`/sendsecret token` in Slack makes one; not shown): "
ASK_SECRET: Final = "The secret, one line (not shown while you type): "
ASK_LABEL: Final = "What it is, as they will read it, like Stripe restricted key: "
ASK_PASSPHRASE: Final = "Passphrase that they know or will be told (not shown while you type): "
ASK_AGAIN: Final = "The same once more: "

LOGGED_IN: Final = "Logged in to {host}. The token serves until {until}, and is kept in {path}, for you alone to read."
LOGGED_OUT: Final = (
    "Logged out here: {path} is gone. The token still serves wherever else it is: end it in Slack with "
    "`/sendsecret token revoke`."
)
NOT_LOGGED_IN: Final = (
    "You are not logged in here. In Slack, type /sendsecret token; then here: sendsecret login. " + NOTHING
)
CUT_TOKEN: Final = "That is no whole token: one begins with sst_ and has 68 characters. " + NOTHING
WRONG_SCOPE: Final = (
    "This token serves, and is not for sending. No secret was sent. In Slack, type /sendsecret token; then here: "
    "sendsecret login."
)
NO_TOKEN: Final = (
    "The server does not take this token: it has expired, was ended, or is another server's. No secret was sent. "
    "In Slack, type /sendsecret token; then here: sendsecret login."
)
INSECURE: Final = (
    "The address must begin with https:// (http:// only for localhost), or others on the way could read the token. "
    + NOTHING
)
NO_ADDRESS: Final = "That is no address of a server, like https://drops.example.com. " + NOTHING

EMPTY: Final = "There is no secret: it is empty. " + NOTHING
BLANK: Final = "There is no secret: it is only spaces and line breaks. " + NOTHING
TOO_LARGE: Final = "It is larger than 10 MiB, the most that can be handed over. " + NOTHING
NO_LABEL: Final = "Say what it is with --label, as the recipient will read it. " + NOTHING
LABEL_TELLS: Final = "The {what} holds the {told}, and others read it. " + NOTHING + " Say what it is in other words."
SHORT: Final = "A passphrase has four characters at least. " + NOTHING
THE_SECRET: Final = "The passphrase is the secret itself, and would be told on another way. Choose another. " + NOTHING
NO_TEXT: Final = "The {what} is no text: it holds half a character. " + NOTHING
NOT_THE_SAME: Final = "These two are not the same. " + NOTHING

UNUSABLE: Final[Mapping[PassphraseFault, str]] = {
    "empty": "That is no passphrase: it is empty. " + NOTHING,
    "too-long": "That is longer than a passphrase can be. " + NOTHING,
    "surrogate": "That holds half a character, so it was not copied whole. " + NOTHING,
    "unassigned": "That holds a character which nobody could type again. " + NOTHING,
    "unprintable": "That holds an invisible character, perhaps from copying. Type it by hand. " + NOTHING,
}

REFUSED: Final[Mapping[str, str]] = {
    "no-token": "Slack's side of Sendsecret does not take this token any more.",
    "may-not-send": "Your account in the workspace is not one that can hand over secrets, or not any more.",
    "unknown-person": (
        "Nobody is known by that name. Give @ and the handle or display name exactly as Slack shows it, or the member "
        "id: Profile, More, Copy member ID."
    ),
    "ambiguous": "Several people have that name: {names}. Give the id of the one whom you mean.",
    "is-bot": "{names} is an app, and an app cannot open a link.",
    "is-gone": "{names} no longer has an account in the workspace.",
    "is-stranger": "{names} is from outside and shares no channel with the workspace, so Slack takes no message.",
    "not-outside": "{names} is outside the company, and this server sends no secrets there.",
    "needs-dm": (
        "This opens only for somebody who presses a button in their own Slack, and neither an e-mail nor a link that "
        "you pass on can ask for that. Name somebody in Slack, without --show-link."
    ),
    "unknown-template": "This server has no template of that name. Some that it has: {names}.",
    "not-by-api": (
        "What goes under the template {names} has no passphrase, so that it is sealed in Slack's form alone. Use "
        "`/sendsecret` there."
    ),
    "needs-engagement-end": (
        "The template {names} asks until when the key is needed. Say --engagement-ends with a day, or with none."
    ),
    "engagement-end": (
        "--engagement-ends is today or a day within the next ten years, and only for a template that asks for one; "
        "this is {names}."
    ),
    "needs-label": "The template has no label of its own. Say what it is with --label, as the recipient will read it.",
    "idempotency-mismatch": (
        "Something else was sent, or is being sent, under this --idempotency-key. Another secret needs another key."
    ),
    "no-email": "This server does not hand over by e-mail. Name somebody in Slack.",
    "no-address": "That is no e-mail address to which this server can write. Look for a slip, and send again.",
    "confirm": "{names} is not a member of the workspace. If that is who you mean, say --yes.",
    "label": "A label is one line of at most {names} characters.",
    "hint": "A hint is one line of at most {names} characters.",
    "reference": "A reference is one line of at most {names} characters.",
    "expires": "This server lets a link live for {names}.",
    "span": "This server lets a link live for one of these: {names}.",
    "opens-here-only": (
        "Links of this server would open on its own computer only. Whoever runs it must set PUBLIC_URL to an address "
        "that others can reach."
    ),
    "sent-too-often": (
        "You have sent or asked for as many secrets there within ten minutes as anybody may. There is room again in "
        "{names}."
    ),
    "too-many-open": (
        "As many of your secrets are waiting to be opened as anybody may have at once: {names}. Revoke some "
        "(`sendsecret list` prints them), or wait until they are opened or expire."
    ),
    "other": "Slack's side of Sendsecret refuses this, for a reason that this command does not know.",
}
CONFIRM: Final = "{names} is not a member of the workspace. Send it anyway? [y/N] "

WHY: Final[Mapping[str, str]] = {
    "": "The server does not answer",
    "unreachable": "The server cannot be reached",
    "certificate": "The server's certificate is not one that this computer trusts",
    "proxy": "The proxy that this computer is set to use does not let this through",
    "redirected": "The server sends this elsewhere, and no redirect is followed",
    "too-large": "The answer is larger than any of a Sendsecret server",
    "slow": "The server is too slow to answer",
    "not-ours": "The answer is not one of a Sendsecret server",
    "slow-down": "Too many requests come from your network",
    "wrong-tokens": "Too many wrong tokens come from your network",
    "asked-too-often": "This token asks too often",
    "busy": "The server is taking in other large secrets",
}

RUNNING: Final = (
    "Another command sends under the same --idempotency-key just now, or one was cut off. " + NOTHING + " Run this "
    "again in {wait} s."
)
SENT_BEFORE: Final = (
    "This was sent before under the same --idempotency-key: drop {drop}, now {now}. Nothing was sent again, and this "
    "command does not know its passphrase."
)
NEEDS_PASSPHRASE: Final = (
    "The template wants a passphrase that they already know: --ask-passphrase, or --passphrase-file. " + NOTHING
)
BOT_AWAY: Final = "The server has it, and its bot has not answered so far. Waiting up to a minute."
NO_BOT: Final = (
    "The server's bot does not answer, so nobody could look the recipient up. " + NOTHING + " Try again later, or tell "
    "whoever runs it."
)
ORDER_OVER: Final = "That took longer than an order lasts, or something else was sealed under it. " + NOTHING
OTHER_ORDER: Final = (
    "The server answers with an order for something else than was asked, so this stopped before sealing anything. "
    + NOTHING + " Tell whoever runs it."
)  # fmt: skip
UNSURE: Final = (
    "The sealed secret was on its way, and no answer came: it may have arrived or not. If it has, the recipient gets "
    "the link, and you a message in Slack, with which you can take it back."
)
NOT_TAKEN: Final = (
    "The server does not take this as an order: recipient, label, hint or reference is too long. " + NOTHING
)
NOT_TAKEN_SEALED: Final = (
    "The server cannot read what was sealed: it is of another version than this command. " + NOTHING
)
FAILED: Final = "This command failed in a way that it does not know. " + NOTHING + " Tell whoever maintains it."
FAILED_AFTER: Final = (
    "This command failed in a way that it does not know, after the sealed secret was on its way. If it arrived, the "
    "recipient gets the link, and you a message in Slack, with which you can take it back."
)
UNTOLD: Final = "Standard output takes nothing, so that the answer for programs was lost; what is said here holds."
PASS_ON: Final = "Passphrase, shown only here: {passphrase}\nPass it on by phone or text, not in Slack."
LINK_SHOWN: Final = "The link, shown only here: {link}"
SEALED_KEPT: Final = "Sealed and handed in. Pass on the link within {lives}; and the passphrase on another way."
KEPT: Final = (
    "Ready: nobody else has the link for {recipient}. It opens once, for {lives}. Pass it on, and the passphrase on "
    "another way; Slack tells you what becomes of it."
)
SEALED: Final = "Sealed and handed in. The bot posts the link to {recipient} within fifteen minutes."
DELIVERED: Final = "Delivered: {recipient} has the link. It opens once; Slack tells you what becomes of it."
UNDELIVERED: Final = (
    "Not delivered: the link was not taken, so the secret was destroyed. Nobody opened it. Your messages in Slack say "
    "why."
)
UNSURE_KEPT: Final = (
    "The sealed secret was on its way, and no answer came: it may have arrived or not. If it has, the link opens it, "
    "and you get a message in Slack, with which you can take it back."
)
KEPT_ENDED: Final = (
    "The bot did not let this stand, so the secret was destroyed, and the link opens nothing. Nobody opened it. Your "
    "messages in Slack say why."
)
KEPT_WAITING: Final = (
    "Handed in, and the bot has not looked into it so far. The link opens it; if no bot comes within fifteen minutes, "
    "the secret is destroyed. Slack tells you."
)
FAILED_AFTER_KEPT: Final = (
    "This command failed in a way that it does not know, after the sealed secret was on its way. If it arrived, the "
    "link opens it, and you get a message in Slack, with which you can take it back."
)
INTERRUPTED_WAITING_KEPT: Final = (
    "\nStopped waiting. It is handed in, and the link opens it; Slack tells you what becomes of it."
)
STILL_WAITING: Final = (
    "Handed in, and not delivered so far: the bot or Slack is slow. It goes on by itself, for fifteen minutes; Slack "
    "tells you how it ended."
)
INTERRUPTED: Final = "\nStopped. " + NOTHING
INTERRUPTED_WAITING: Final = (
    "\nStopped waiting. It is handed in, and delivered without this command; Slack tells you how it ended."
)
KIND: Final[Mapping[str, str]] = {
    "member": "a member of the workspace",
    "guest": "a guest",
    "external": "from outside the workspace",
    "email": "by e-mail",
}


def refused(why: str, names: list[str]) -> str:
    """Why the bot does not order it, and that nothing was sent."""
    known = REFUSED.get(why, REFUSED["other"])
    listed = " to ".join(names) if why == "expires" else "; ".join(names)
    return f"{known.format(names=listed)} {NOTHING}"


def ordered(terms: "Open", *, is_filled_in: bool) -> list[str]:
    """What is about to be sealed, as the server found it; `is_filled_in`: a template has its say."""
    kind = KIND.get(terms.recipient_class, "somebody")
    lines = [
        f"From:       {harmless(terms.sender)}",
        f"To:         {harmless(terms.recipient)} ({kind})",
        f"What it is: {harmless(terms.label)}",
    ]
    if not is_filled_in:
        return lines
    lines += [f"Template:   {harmless(terms.template)}", f"Can be opened for {lives(terms.lives_seconds)}."]
    if terms.hint:
        lines.append(f"Hint:       {harmless(terms.hint)}")
    if terms.rotate_by:
        lines.append(f"Rotate by:  {_day(terms.rotate_by)}")
    return lines


def lives(seconds: int) -> str:
    """A span as one says it, in the largest unit that divides it."""
    for unit, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds and seconds % unit == 0:
            count = seconds // unit
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return f"{seconds} seconds"


def _day(at: int) -> str:
    try:
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
    except (OverflowError, ValueError, OSError):  # a server can say anything
        return "a day that no calendar has"
