"""
What whoever wrote a message reads once what stood in it has arrived by a link: please delete it.

Pure.  When and where it stands is told, and nothing of what it says: a DM of ours must not hold it once more.
"""

from bot import leak_wording as wording
from bot.block_kit import section
from bot.message import Message
from bot.mrkdwn import Markup, fill, link, moment
from bot.original_message import Original


def please_delete(original: Original, sender_id: str, sender_name: str, url: str | None = None) -> Message:
    """To its author, who may be the sender; `url` leads to the message."""
    sentence = wording.PLEASE_DELETE_YOURS if original.author == sender_id else wording.PLEASE_DELETE
    place = Markup(wording.IN_A_DM) if original.channel.startswith("D") else _channel(original.channel)
    told = fill(sentence, at=moment(original.at_ms), place=place, who=sender_name)
    shown = None if url is None else link(url, wording.SHOW_IT)
    blocks = [section(told), *([] if shown is None else [section(shown)])]
    return Message(text=Markup(wording.PLEASE_DELETE_TEXT), blocks=blocks)


def not_asked() -> Message:
    """To the sender, where that could not be asked."""
    told = Markup(wording.NOT_ASKED)
    return Message(text=told, blocks=[section(told)])


def _channel(channel: str) -> Markup:
    return Markup(f"<#{channel}>") if channel.isascii() and channel.isalnum() else Markup(wording.SOMEWHERE)
