"""
The message in which a secret stood, as a form's note carries it: whose it is and where, and nothing of what it says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot import form_notes

_BETWEEN: Final = ":"


@dataclass(frozen=True)
class Original:
    """`author` is a user id, empty where an app wrote it; `ts` is Slack's name of the message, in seconds."""

    author: str
    channel: str
    ts: str

    @property
    def details(self) -> str:
        """For the id of a note."""
        return _BETWEEN.join((self.author, self.channel, self.ts))

    @property
    def at_ms(self) -> int:
        """When it was written, in milliseconds since 1970."""
        seconds, _, _ = self.ts.partition(".")
        return int(seconds) * 1000 if seconds.isascii() and seconds.isdecimal() else 0


def of_shortcut(body: Mapping[str, Any]) -> Original:
    """The message of a `message_action` (reference/interaction-payloads/shortcuts-interaction-payload)."""
    message = body.get("message") or {}
    author = "" if message.get("bot_id") else str(message.get("user") or "")
    return Original(author, str((body.get("channel") or {}).get("id") or ""), str(body.get("message_ts") or ""))


def in_order(replaces: str | None) -> Original | None:
    """The message that the terms of an order are about, as `for_order` wrote it."""
    parts = (replaces or "").split(_BETWEEN)
    return Original(*parts[1:]) if len(parts) == 4 else None


def for_order(view_id: str, original: Original | None) -> str | None:
    """A form and the message that it replaces, for the terms of each order of that form."""
    return None if original is None else f"{view_id}{_BETWEEN}{original.details}"


def in_notes(notes: Iterable[str]) -> Original | None:
    """The message that a form's notes are about, if one is."""
    for note in notes:
        parts = form_notes.details_in(note).split(_BETWEEN)
        if len(parts) == 3:
            return Original(*parts)
    return None
