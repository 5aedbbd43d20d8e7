"""
What an anchor says: the checkpoint as it was signed, to be copied whole.

Pure.  The first one also carries the keys with which everything is checked: whoever keeps that message need never take
a key from us again.
"""

from collections.abc import Sequence

from bot import anchor_wording as wording
from bot.block_kit import Json, context, section
from bot.message import Message
from bot.mrkdwn import Markup, fill

_ORIGIN, _SIZE, _ROOT = 0, 1, 2


def anchor(note: str, before: str, vkey: str, event_keys: Sequence[str]) -> Message:
    """
    The message for one checkpoint; `before` is the note of the anchor before it, empty for none.

    `vkey` is the log's public key, and `event_keys` the thumbprints of those that sign events, as they are today.
    """
    origin, size = note.split("\n")[:2]
    is_first = before.split("\n")[_ORIGIN] != origin
    grown = 0 if is_first else int(size) - int(before.split("\n")[_SIZE])
    title = wording.FIRST if is_first else wording.TITLE if grown else wording.HEARTBEAT
    blocks: list[Json] = [section(fill(title, size=f"{int(size):,}", grown=f"{grown:,}")), section(_fenced(note))]
    if is_first:
        blocks += [
            section(Markup(wording.KEYS)),
            section(_fenced("\n".join([vkey, *event_keys]))),
            context(Markup(wording.PIN)),
        ]
    text = fill(wording.TEXT, log=Markup(origin), size=size, root=Markup(note.split("\n")[_ROOT]))
    return Message(text=text, blocks=blocks)


def _fenced(text: str) -> Markup:
    # base64, digits, the host of PUBLIC_URL: there is no markup in it, and it must be copied as it was signed.
    return Markup(f"```\n{text.rstrip()}\n```")
