"""
What whoever wrote a message reads once somebody has sent what stood in it by a link: please delete it.

Pure.  When and where it stands is told, and nothing of what it says: a DM of ours must not hold it once more.
"""

from bot import leak_wording as wording
from bot.block_kit import section
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from bot.original_message import Original
from bot.people import Person


def please_delete(original: Original, sender: Person) -> Message:
    """To its author, who may be the sender."""
    sentence = wording.PLEASE_DELETE_YOURS if original.author == sender.id else wording.PLEASE_DELETE
    place = Markup(wording.IN_A_DM) if original.channel.startswith("D") else _channel(original.channel)
    told = fill(sentence, at=moment(original.at_ms), place=place, who=sender.name)
    return Message(text=Markup(wording.PLEASE_DELETE_TEXT), blocks=[section(told)])


def not_asked() -> Message:
    """To the sender, where Slack did not take that."""
    told = Markup(wording.NOT_ASKED)
    return Message(text=told, blocks=[section(told)])


def _channel(channel: str) -> Markup:
    return Markup(f"<#{channel}>") if channel.isascii() and channel.isalnum() else Markup(wording.SOMEWHERE)
