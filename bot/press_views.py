"""
The window after a recipient's press: the link as a button, for ten minutes.

Pure.  The link stands in its button and nowhere else.
"""

from typing import Final

from bot import press_wording as wording
from bot.block_kit import Json, actions, context, link_button, plain, section, words
from bot.mrkdwn import Markup, fill, moment
from bot.recipient_messages import OPEN
from store.drops import Drop
from store.formats import base64url

CALLBACK: Final = "let_in"


def view(drop: Drop, url: str, until_ms: int) -> Json:
    """The window; `until_ms`, milliseconds since 1970, is until when the drop can be claimed."""
    sentence = wording.LET_IN if drop.header.mode == "p" else wording.LET_IN_BARE
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(wording.TITLE),
        "close": plain(wording.CLOSE),
        "blocks": [
            words(drop.header.label),
            section(fill(sentence, sender=drop.header.sender, until=moment(until_ms))),
            {**actions(link_button(wording.OPEN, OPEN, url, base64url.encode(drop.id))), "block_id": "let-in"},
            context(Markup(wording.CALM)),
        ],
    }
