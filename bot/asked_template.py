"""
What a client asks for, under the template that it names: what that fills in, and whether it can be so.

Pure.  The same as the form judges, said in a word for programs.  A program is not asked again as a person is in the
form, so that it must say what a template asks for.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot import durations, form, form_ways, template_checks
from bot.policy import NONE, Policy
from bot.template import ANYTHING, Scheme, Template
from bot.templates import Templates
from store.formats.asked_order_v1 import LINK_BACK, NO_ENGAGEMENT, Refusal, Wishes

MOST_IN_REFERENCE: Final = 200
_MOST_NAMED: Final = 10
_NOT_A_LINE: Final = {"Cc", "Cs", "Zl", "Zp"}


@dataclass(frozen=True)
class Bounds:
    """Within what is ordered.  `usual_seconds` is EXPIRES_DEFAULT, `most_seconds` EXPIRES_MAX."""

    most_seconds: int
    usual_seconds: int
    templates: Templates
    policy: Policy = NONE


@dataclass(frozen=True)
class Chosen:
    """What it is to be; `hands_back`: the link goes to whoever seals, and nobody delivers it."""

    template: Template
    label: str
    hint: str | None
    lives_seconds: int
    engagement_ends: date | None
    reference: str | None
    hands_back: bool

    @property
    def passphrase(self) -> str:
        """As the terms of an order say it."""
        return "own" if self.template.passphrase is Scheme.OWN else "made"


def choose(wishes: Wishes, bounds: Bounds, today: date) -> Chosen | Refusal:
    """What is ordered, or why not.  `today` is the day that it is for the sender."""
    template = bounds.templates.get(ANYTHING if wishes.template is None else wishes.template)
    if template is None:
        return Refusal("unknown-template", sorted(bounds.templates)[:_MOST_NAMED])
    if not form_ways.has_page(template, bounds.policy, for_addresses=False, can_mail=False):
        return Refusal("not-by-api", [template.name])
    day = _engagement(template, wishes.engagement_ends, today)
    if isinstance(day, Refusal):
        return day
    filled = _filled_in(wishes, template, bounds)
    if not (filled.label or "").strip():
        return Refusal("needs-label")
    if fault := _out_of_bounds(filled, bounds):
        return fault
    return Chosen(
        template=template,
        label=(filled.label or "").strip(),
        hint=(filled.hint or "").strip() or None,
        lives_seconds=filled.lives_seconds or 0,
        engagement_ends=day,
        reference=wishes.reference or None,
        hands_back=wishes.delivery == LINK_BACK,
    )


def _filled_in(wishes: Wishes, template: Template, bounds: Bounds) -> Wishes:
    # A template's hint is for the passphrase that it has in mind; words that a client makes are others.
    hint = template.hint if template.passphrase is Scheme.OWN else None
    return replace(
        wishes,
        label=template.label if wishes.label is None else wishes.label,
        hint=hint if wishes.hint is None else wishes.hint,
        lives_seconds=(template.expires or bounds.usual_seconds)
        if wishes.lives_seconds is None
        else wishes.lives_seconds,
    )


def _engagement(template: Template, given: str | None, today: date) -> date | Refusal | None:
    """The day on which the engagement ends; None where there is none, or nobody is to be asked."""
    if not template.until_engagement_ends:
        # A day that nobody keeps would be one that somebody relies on.
        return None if given in (None, NO_ENGAGEMENT) else Refusal("engagement-end", [template.name])
    if given is None:
        return Refusal("needs-engagement-end", [template.name])
    if given == NO_ENGAGEMENT:
        return None
    day, fault = template_checks.engagement_day(template, given, today)
    # In its one spelling: what a calendar writes otherwise, one program would read as another day than the next.
    is_plain = fault is None and day is not None and day.isoformat() == given
    return day if is_plain else Refusal("engagement-end", [template.name])


def _out_of_bounds(wishes: Wishes, bounds: Bounds) -> Refusal | None:
    if not _is_line(wishes.label or "", form.MOST_IN_LABEL):
        return Refusal("label", [str(form.MOST_IN_LABEL)])
    if not _is_line(wishes.hint or "", form.MOST_IN_HINT):
        return Refusal("hint", [str(form.MOST_IN_HINT)])
    if not _is_line(wishes.reference or "", MOST_IN_REFERENCE):
        return Refusal("reference", [str(MOST_IN_REFERENCE)])
    spans, span = bounds.policy.expires, wishes.lives_seconds or 0
    if spans is not None and span not in spans:
        return Refusal("span", [durations.spoken(one) for one in spans])
    if not durations.LEAST_SECONDS <= span <= bounds.most_seconds:
        return Refusal("expires", [durations.spoken(durations.LEAST_SECONDS), durations.spoken(bounds.most_seconds)])
    return None


def _is_line(text: str, most: int) -> bool:
    return len(text) <= most and not any(unicodedata.category(character) in _NOT_A_LINE for character in text)
