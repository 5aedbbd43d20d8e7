"""
Whether what was entered is as its template wants it.

Pure.  What is wrong is refused beside its field; what is only doubtful is asked about once more, in words that repeat
nothing of the secret.
"""

import re
from datetime import date

from bot import template_wording as wording
from bot.mrkdwn import Markup, fill
from bot.template import Scheme, Template
from store.words import Verify, Way

_MOST_YEARS = 10
_ASSIGNED = re.compile(r"(?:export +)?[A-Za-z_][A-Za-z0-9_]* *= *(\S.*)")


def doubts(template: Template, secret: str) -> list[Markup]:
    """What to ask about a secret before it is sent: it can do too much, or looks like something else."""
    texts = {secret.strip(), _value(secret.strip())}
    for broad in template.too_broad:
        if any(broad.pattern.fits(text) for text in texts):
            return [fill(wording.TOO_BROAD, says=broad.says)]
    if template.format is None or any(template.format.fits(text) for text in texts):
        return []
    if not template.label:
        return [Markup(wording.OTHER_FORMAT_UNNAMED)]
    return [fill(wording.OTHER_FORMAT, label=template.label)]


def _value(text: str) -> str:
    """What is left of one line without quotation marks, and without the name that an .env file has before it."""
    found = _ASSIGNED.fullmatch(text)
    value = found[1] if found else text
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if is_quoted else value


def engagement_day(template: Template, given: str, today: date) -> tuple[date | None, str | None]:
    """The day on which the engagement ends, or what is wrong with it; no day where none was asked for."""
    if not given or not template.until_engagement_ends:
        return None, None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None, wording.ENGAGEMENT_DAY
    is_near = today <= day and day.year <= today.year + _MOST_YEARS
    return (day, None) if is_near else (None, wording.ENGAGEMENT_DAY)


def wrong_way(template: Template, way: Way) -> str | None:
    """Why it cannot go this way, if it cannot."""
    return wording.NEEDS_DM if template.verify is Verify.SLACK and way is not Way.DM else None


def needs_own(template: Template, given: str) -> str | None:
    """Where the sender is to bring a passphrase and has not."""
    return wording.PASSPHRASE_NEEDED if template.passphrase is Scheme.OWN and not given else None
