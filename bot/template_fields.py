"""
What a template puts into the form: a passphrase as it wants it, and the day on which the engagement ends.

Pure.
"""

from typing import Final

from bot import form_wording
from bot import template_wording as wording
from bot.block_kit import Json, context, entry
from bot.mrkdwn import Markup, fill
from bot.template import Scheme, Template
from store.passphrase_form import FEWEST_CHARACTERS

ENGAGEMENT: Final = "engagement_end"

_HINTS: Final = {
    Scheme.MADE_DIGITS: form_wording.PASSPHRASE_HINT,
    Scheme.MADE_WORDS: wording.PASSPHRASE_HINT_WORDS,
    Scheme.OWN: wording.PASSPHRASE_HINT_OWN,
}


def passphrase_field(template: Template, block_id: str, element: Json, least: int) -> list[Json]:
    """The field for the passphrase, of `least` characters if it is the sender's own; or a line that there is none."""
    if template.passphrase is Scheme.NONE:
        return [context(Markup(wording.NO_PASSPHRASE))]
    hint = _HINTS[template.passphrase]
    if least != FEWEST_CHARACTERS and template.passphrase is Scheme.MADE_DIGITS:
        hint = form_wording.PASSPHRASE_HINT_LEAST.format(least=least)
    # Optional with `own` as well: what is typed outside Slack leaves it empty.
    return [entry(block_id, form_wording.PASSPHRASE, element, hint=hint, optional=True)]


def engagement(template: Template) -> list[Json]:
    """The question until when the key is needed, and where that is set."""
    if template.until_engagement_ends:
        day: Json = {"type": "datepicker"}
        asked = [entry(ENGAGEMENT, wording.ENGAGEMENT, day, hint=wording.ENGAGEMENT_HINT, optional=True)]
    else:
        asked = []
    return [*asked, *([context(_where(template))] if template.rotate_url else [])]


def _where(template: Template) -> Markup:
    return fill(wording.SET_IT_THERE, url=Markup(template.rotate_url.replace("&", "&amp;")))
