"""
Choosing the drop of a dispute, and its page: who, when, how it went, from where, and what that proves and does not.

Pure.  The secret is in neither, nor is anything that opens it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot import access_log, audit_wording, dispute_facts
from bot import dispute_wording as wording
from bot.audit_messages import short, standing
from bot.block_kit import Json, actions, context, divider, entry, plain, section
from bot.dispute_facts import Facts
from bot.mrkdwn import Markup, fill, moment
from bot.receipt_buttons import receipt_button
from store.drops import Drop
from store.formats import base64url
from store.history import Step
from store.personal import ERASED
from store.words import SealedBy, Verify

CHOOSE: Final = "dispute_choose"
PAGE: Final = "dispute"
WHICH: Final = "dispute_drop"
MOST_OPTIONS: Final = 100

_MOST_IN_OPTION: Final = 75


@dataclass(frozen=True)
class Choice:
    """A drop to choose; its label is shown where `is_named`."""

    drop: Drop
    is_named: bool


def said(sentence: Markup) -> Json:
    """The view with nothing but a sentence."""
    return _modal(PAGE, [section(sentence)])


def choose(choices: Sequence[Choice]) -> Json:
    """A hundred drops at most, to choose one."""
    options = [_option(choice) for choice in choices[:MOST_OPTIONS]]
    element: Json = {"type": "static_select", "options": options}
    block = entry(WHICH, wording.CHOOSE, element, hint=wording.CHOOSE_HINT)
    return {**_modal(CHOOSE, [block]), "submit": plain(wording.SHOW)}


def page(choice: Choice, steps: Sequence[Step], receipt: str | None) -> Json:
    """The page of one drop; `receipt` is the address of its receipt, if it has one."""
    drop, facts = choice.drop, dispute_facts.of(steps)
    kind = audit_wording.KINDS.get(drop.recipient_class, drop.recipient_class)
    who = fill(
        wording.WHO, sender=drop.header.sender, recipient=drop.recipient_name, kind=kind, at=moment(drop.created_at)
    )
    blocks = [
        section(Markup("\n".join((_what(choice), who, fill(wording.STANDS, standing=standing(drop)))))),
        section(Markup("\n".join(_told(drop, facts)))),
        section(Markup(f"{wording.PROVES}\n{_proven(drop)}")),
        section(Markup("\n".join((wording.PROVES_NOT, *_not_proven(drop, facts))))),
    ]
    if receipt is not None:
        blocks.append(actions(receipt_button(drop.id, receipt)))
    else:
        blocks.append(context(Markup(wording.NO_RECEIPT)))
    return _modal(
        PAGE, [*blocks, divider(), section(Markup(wording.STEPS)), *access_log.paragraphs(access_log.lines(steps))]
    )


def chosen_in(values: dict[str, Any]) -> str:
    """The value of the drop that was chosen; empty where none was."""
    return str((values.get(WHICH, {}).get(WHICH, {}).get("selected_option") or {}).get("value", ""))


def _what(choice: Choice) -> Markup:
    has_label = choice.is_named and choice.drop.header.label != ERASED
    sentence = wording.WHAT_LABEL if has_label else wording.WHAT
    drop = choice.drop
    return fill(sentence, label=drop.header.label, template=drop.template, short=Markup(short(drop.id)))


def _option(choice: Choice) -> Json:
    drop = choice.drop
    what = drop.header.label if choice.is_named and drop.header.label != ERASED else drop.template
    at = datetime.fromtimestamp(drop.created_at // 1000, UTC).strftime("%Y-%m-%d %H:%M")
    # The short id first where two could read alike after the cut.
    named = wording.OPTION.format(at=at, recipient=drop.recipient_name, what=f"{what} ({short(drop.id)})")
    text = named if len(named) <= _MOST_IN_OPTION else f"{named[: _MOST_IN_OPTION - 10]}… {short(drop.id)}"
    return {"text": plain(text), "value": base64url.encode(drop.id)}


def _told(drop: Drop, facts: Facts) -> list[Markup]:
    lines = [_verified(drop, facts)]
    if facts.refused:
        lines.append(fill(wording.REFUSED, count=facts.refused))
    if drop.has_passphrase:
        lines.append(fill(wording.WRONG, count=facts.wrong))
    if facts.looked is not None:
        lines.append(_seen(facts.looked, wording.LOOKED, wording.LOOKED_ERASED))
    if facts.opened is not None:
        lines.append(_seen(facts.opened, wording.OPENED, wording.OPENED_ERASED))
    elif drop.claimed_at is None and drop.outcome is not None:
        lines.append(Markup(wording.NEVER_OPENED))
    counted = (*_afterwards(drop, facts), (wording.DENIED, facts.denied))
    return [*lines, *(fill(sentence, count=count) for sentence, count in counted if count)]


def _afterwards(drop: Drop, facts: Facts) -> Sequence[tuple[str, int]]:
    """Who came when nothing was there any more; of one that nobody opened nobody came again."""
    if drop.claimed_at is None:
        tried = wording.TRIED_UNOPENED if drop.has_passphrase else wording.TRIED_UNOPENED_BARE
        # Whether a passphrase is right can be told of a drop that was opened only.
        return (wording.AT_DOOR_UNOPENED, facts.at_door), (tried, facts.wrong_after + facts.right_after)
    return (
        (wording.AT_DOOR, facts.at_door),
        (wording.WRONG_AFTER, facts.wrong_after),
        (wording.RIGHT_AFTER if drop.has_passphrase else wording.RIGHT_AFTER_BARE, facts.right_after),
    )


def _verified(drop: Drop, facts: Facts) -> Markup:
    if facts.verified is not None:
        return fill(wording.VERIFIED, at=moment(facts.verified.at))
    if drop.verify is not Verify.SLACK:
        return Markup(wording.NOT_ASKED)
    return Markup(wording.NOT_VERIFIED if drop.outcome is not None else wording.NOT_VERIFIED_YET)


def _seen(step: Step, sentence: str, without: str) -> Markup:
    if step.network is None and step.browser is None:
        return fill(without, at=moment(step.at))
    if step.network is None or step.browser is None:
        seen = fill(wording.FROM if step.network else wording.WITH, network=step.network, browser=step.browser)
    else:
        seen = fill(wording.FROM_WITH, network=step.network, browser=step.browser)
    return fill(sentence, at=moment(step.at), seen=seen)


def _proven(drop: Drop) -> str:
    if drop.claimed_at is not None:
        return wording.OPENED_PROVES if drop.has_passphrase else wording.OPENED_BARE_PROVES
    return wording.OPEN_PROVES if drop.outcome is None else wording.UNOPENED_PROVES


def _not_proven(drop: Drop, facts: Facts) -> list[str]:
    if drop.claimed_at is None:
        return [wording.UNOPENED_PROVES_NOT]
    verified = wording.VERIFIED_PROVES_NOT if drop.has_passphrase else wording.VERIFIED_BARE_PROVES_NOT
    told = [wording.OPENED_PROVES_NOT if facts.verified is None else verified]
    return told if drop.sealed_by is SealedBy.BOT else [*told, wording.SEALED_ELSEWHERE]


def _modal(callback: str, blocks: Sequence[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain(wording.TITLE),
        "close": plain(wording.CLOSE),
        "blocks": list(blocks),
    }
