"""
What of one person still works beside the drops that they were handed: their tokens, and who may end them.

Pure.
"""

from collections.abc import Sequence
from typing import Final

from bot import incident_wording as wording
from bot.block_kit import Json, button, confirm, section
from bot.mrkdwn import Markup, fill, mention, moment
from bot.token_desk import code, listed
from store.formats import base64url
from store.tokens import Held

END_TOKENS: Final = "end_handed_tokens"
_MOST_NAMED: Final = 10


def tokens(held: Sequence[Held], enders: Sequence[str] | None) -> Json:
    """Each with what it is for; `enders` are who may end them, None where whoever looks may."""
    lines, end = Markup("\n".join(_token(one) for one in held)), Markup(wording.TOKENS_TO_END)
    if enders is not None:
        people = named(enders)
        end = fill(wording.TOKENS_ASK, people=people) if people else Markup(wording.TOKENS_ASK_NOBODY)
    return section(fill(wording.TOKENS, count=len(held), lines=lines, end=end))


def end_tokens(count: int) -> Json:
    """The button, which asks once more."""
    title, asked = wording.END_TOKENS_TITLE, wording.END_TOKENS_QUESTION
    question = confirm(title, asked, wording.END_TOKENS_YES, wording.END_TOKENS_NO)
    return button(wording.END_TOKENS.format(count=count), END_TOKENS, "all", style="danger", confirm=question)


def named(people: Sequence[str]) -> Markup:
    """Some of them, by their mentions."""
    return Markup(", ".join(mention(one) for one in people[:_MOST_NAMED]))


def _token(one: Held) -> Markup:
    name, scopes = code(base64url.encode(one.id)), listed(one.scopes)
    return fill(wording.TOKEN, name=name, scopes=scopes, until=moment(one.until))
