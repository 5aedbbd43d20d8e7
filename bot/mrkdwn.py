"""
Text for Slack, in which nobody's name or label can become a mention, a link or a format directive.

Whatever is filled into a sentence is escaped unless it is `Markup`, which only this module and the catalogue make.
Slack's documentation: messaging/formatting-message-text, "escaping text" and "date formatting".
"""

from datetime import UTC, datetime


class Markup(str):
    """mrkdwn that is safe to send as it is."""

    __slots__ = ()


def escape(text: str) -> Markup:
    """Somebody's words as mrkdwn.  Line breaks become spaces: a name must not add a line to a message."""
    flat = " ".join(text.split())
    return Markup(flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def fill(sentence: str, **parts: object) -> Markup:
    """A sentence of the catalogue with its parts, each escaped unless it is Markup."""
    return Markup(sentence.format(**{name: _safe(part) for name, part in parts.items()}))


def moment(milliseconds: int) -> Markup:
    """A time that each reader sees in their own zone; milliseconds since 1970, with UTC for clients that cannot."""
    at = milliseconds // 1000
    fallback = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Markup(f"<!date^{at}^{{date_short_pretty}} {{time}}|{fallback}>")


def _safe(part: object) -> Markup:
    return part if isinstance(part, Markup) else escape(str(part))
