"""
Text for Slack, in which nobody's name or label can become a mention, a link, an emoji or a format directive.

Whatever is filled into a sentence is escaped unless it is `Markup`, which only this module and the catalogue make.
Slack's documentation: messaging/formatting-message-text, "escaping text" and "date formatting".
"""

import re
from datetime import UTC, datetime
from typing import Final

# Slack's escaping ends at & < >, and a name could sound an alarm (":rotating_light: *…*") in the audit channel.  A
# mark becomes a sign that looks the same.  An invisible character beside it would not do: Slack takes it for the end
# of a word, which is just where a mark works.
_LOOKALIKES: Final = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb", ":": "\u2236"})
# Inside a word it formats nothing, and STRIPE_API_KEY is to be copied as it is.
_UNDERLINE: Final = re.compile(r"(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])")


class Markup(str):
    """mrkdwn that is safe to send as it is."""

    __slots__ = ()


def escape(text: str) -> Markup:
    """
    Somebody's words as mrkdwn.

    Line breaks become spaces: a name must not add a line to a message.  Marks that format become signs that look
    like them.
    """
    flat = " ".join(text.split()).translate(_LOOKALIKES)
    plain = _UNDERLINE.sub(lambda marks: "\u02cd" * len(marks[0]), flat)
    return Markup(plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def to_copy(text: str) -> Markup:
    """Somebody's words in a code span, to be copied as they are: only what Slack itself reads is escaped."""
    flat = " ".join(text.split()).replace("`", "\u02cb")
    return Markup(flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def fill(sentence: str, **parts: object) -> Markup:
    """A sentence of the catalogue with its parts, each escaped unless it is Markup."""
    return Markup(sentence.format(**{name: _safe(part) for name, part in parts.items()}))


def mention(user_id: str) -> Markup:
    """Somebody's name as a mention, which rings their bell."""
    return Markup(f"<@{user_id}>") if user_id.isalnum() else escape(user_id)


def link(url: str, text: str) -> Markup | None:
    """A link of Slack's own to somewhere in Slack; None for what is no such address."""
    is_plain = url.startswith("https://") and url.isascii() and not set(url) & set("<>|\"' ")
    return Markup(f"<{url.replace('&', '&amp;')}|{escape(text)}>") if is_plain else None


def moment(milliseconds: int) -> Markup:
    """A time that each reader sees in their own zone; milliseconds since 1970, with UTC for clients that cannot."""
    at = milliseconds // 1000
    fallback = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Markup(f"<!date^{at}^{{date_short_pretty}} {{time}}|{fallback}>")


def day(milliseconds: int) -> Markup:
    """The day of a time, as each reader has it in their own zone; milliseconds since 1970."""
    at = milliseconds // 1000
    fallback = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
    return Markup(f"<!date^{at}^{{date_long}}|{fallback}>")


def _safe(part: object) -> Markup:
    return part if isinstance(part, Markup) else escape(str(part))
