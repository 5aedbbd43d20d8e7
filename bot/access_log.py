"""
What happened to one drop, every event in words, for whoever may look at it.

Pure.  The words are the audit channel's, so that sender and security team read the same; who it was is a network and a
browser's family, never an address.
"""

from collections.abc import Sequence
from typing import Final

from bot import audit_messages
from bot import home_wording as wording
from bot.block_kit import Json, context, plain, section, words
from bot.mrkdwn import Markup, fill, moment
from store.drops import Drop, is_link_kept
from store.history import Step
from store.words import Event, SealedBy, Way

CALLBACK: Final = "access_log"
_MOST_STEPS: Final = 300
_MOST_IN_PARAGRAPH: Final = 2800
"""A section takes 3,000 characters (Block Kit, section)."""


def lines(steps: Sequence[Step]) -> list[Markup]:
    """A line for each event, oldest first; of very many, the latest, after a line that says so."""
    made = next((step.facts for step in steps if step.event is Event.CREATED), {})
    has_passphrase = made.get("passphrase") != "none"
    is_kept = is_link_kept(made.get("way", Way.DM), made.get("sealed_by", SealedBy.BOT))
    told = [_line(step, has_passphrase=has_passphrase, is_link_kept=is_kept) for step in steps[-_MOST_STEPS:]]
    left_out = len(steps) - len(told)
    return [fill(wording.LOG_LEFT_OUT, count=left_out), *told] if left_out else told


def view(drop: Drop, steps: Sequence[Step], *, show_label: bool) -> Json:
    """The log as a modal; without `show_label` the drop is called by its template, as in the audit channel."""
    called = drop.header.label if show_label else drop.template
    who = fill(wording.LOG_OF, sender=drop.header.sender, recipient=drop.recipient_name)
    return _modal(
        [
            words(called),
            section(who),
            *paragraphs(lines(steps)),
            context(Markup(wording.LOG_WHERE)),
        ]
    )


def said(sentence: Markup) -> Json:
    """The modal with nothing but a sentence."""
    return _modal([section(sentence)])


def paragraphs(told: Sequence[Markup]) -> list[Json]:
    """Lines as few sections as they fit into."""
    blocks: list[list[Markup]] = [[]]
    size = 0
    for line in told:
        if blocks[-1] and size + len(line) + 1 > _MOST_IN_PARAGRAPH:
            blocks.append([])
            size = 0
        blocks[-1].append(line)
        size += len(line) + 1
    return [section(Markup("\n".join(block))) for block in blocks if block]


def _modal(blocks: Sequence[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(wording.LOG_TITLE),
        "close": plain(wording.LOG_CLOSE),
        "blocks": list(blocks),
    }


def _line(step: Step, **of_drop: bool) -> Markup:
    try:
        told = audit_messages.line({**step.facts, "event": step.event, "at": step.at}, **of_drop)
    except (KeyError, ValueError):  # damaged in the database: the others are told all the same
        told = fill(wording.LOG_DAMAGED, at=moment(step.at))
    if step.network and step.browser:
        return fill(wording.LOG_FROM, told=told, network=step.network, browser=step.browser)
    if step.network or step.browser:
        return fill(wording.LOG_FROM_ONE, told=told, where=step.network or step.browser)
    return told
