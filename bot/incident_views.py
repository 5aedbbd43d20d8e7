"""
The view of what one person was handed, page by page: what must be rotated, what can still be opened, and the rest.

Pure.  The person and where the page begins stand in its private metadata, so that an act can bring the same page up to
date; they are no right to see it: whoever acts is judged then.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot import button_wording, drop_buttons, incident_links, incident_standing, record_views
from bot import incident_wording as wording
from bot.audit_messages import short, standing
from bot.block_kit import Json, actions, button, confirm, context, plain, section
from bot.incident_links import Links
from bot.mrkdwn import Markup, day, fill, moment, to_copy
from store.drops import Drop
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.link_v1 import ID_BYTES
from store.handed import After, Counts, Erased, Need, need_of
from store.personal import ERASED
from store.records import Held as Record
from store.revoking import Tally
from store.tokens import Held

CALLBACK: Final = "incident"
REVOKE_ALL: Final = "revoke_handed"
TAKE: Final = "take_handed"
FIRST: Final = "handed_first"
NEXT: Final = "handed_next"
MOST_ROWS: Final = 20
MOST_RECORDS: Final = 10

_BLOCK: Final = "drop-"
_COUNTS: Final = "counts"
_MOST_MONTHS: Final = 6
_BREAKS_A_LINK: Final = frozenset("<>|")
_PRESS_AGAIN: Final = frozenset({button_wording.TRY_AGAIN, button_wording.WHO_PRESSED})


@dataclass(frozen=True)
class Row:
    """A drop; its label is shown where `is_named`, and its button where `may_rotate`."""

    drop: Drop
    is_named: bool
    may_rotate: bool
    rotate_url: str | None = None


@dataclass(frozen=True)
class Handed:
    """
    A page of what somebody may see.

    `revocable` is how many they may revoke.  `ask` are those who may do what they may not; None where they may do it
    all.  `is_own_only`: they see what they sent themselves.  `foreign` rows of this page are not theirs to see.
    `tokens` are those that still serve this person; `enders` are whom to ask to end them, None for whoever may
    end them.  `may_take`: they may have it as a page and a table, and have it by `links` where they asked.
    """

    person: str
    name: str
    rows: Sequence[Row]
    counts: Counts
    before: int
    begins: After | None
    next: After | None
    erased: Erased
    revocable: int
    is_own_only: bool
    ask: Sequence[str] | None = None
    foreign: int = 0
    tokens: Sequence[Held] = ()
    enders: Sequence[str] | None = ()
    may_take: bool = False
    links: Links | None = None
    records: Sequence[Record] = ()
    """Those whose key this person was handed, on the first page alone; `more_records` where these are not all."""
    more_records: bool = False
    locked: Mapping[bytes, int] = field(default_factory=dict)
    """Those of them whose guesses are used up, and how often each can be unlocked."""
    may_act: bool = True
    shows_labels: bool = True


def view(handed: Handed, news: Sequence[Markup] = ()) -> Json:
    """The page, with what an act came to on top of it."""
    blocks = [section(fill(wording.HANDED, name=handed.name)), *(section(one) for one in news)]
    if handed.rows or handed.foreign:
        counts = handed.counts
        summary = fill(wording.SUMMARY, rotate=counts.rotate, revoke=counts.revoke, nothing=counts.nothing)
        blocks.append(section(summary, block_id=_COUNTS))
    elif not handed.records:
        blocks.append(section(Markup(wording.NOTHING_OWN if handed.is_own_only else wording.NOTHING)))
    if handed.ask is not None:
        blocks.append(section(_whom_to_ask(handed, handed.ask)))
    blocks += _acts(handed)
    if handed.tokens:
        blocks.append(incident_standing.tokens(handed.tokens, handed.enders))
    blocks += _records(handed)
    if handed.links is not None:
        blocks += incident_links.blocks(handed.links)
    blocks += [_row(row) for row in handed.rows]
    if handed.foreign:
        blocks.append(context(fill(wording.FOREIGN, count=handed.foreign)))
    blocks += _turning(handed)
    blocks += [context(said) for said in _erased(handed.erased)]
    blocks.append(context(Markup(wording.OTHER_NAME)))
    if not handed.may_take:
        # To be pasted into a shell.
        blocks.append(context(fill(wording.COMMAND, person=to_copy(shlex.quote(handed.person)))))
    return _modal(blocks, handed.person, handed.begins)


def said(sentence: Markup, person: str = "", news: Sequence[Markup] = ()) -> Json:
    """The view with nothing but a sentence, and above it what an act came to."""
    return _modal([section(one) for one in (*news, sentence)], person, None)


def revoking(person: str, done: int, count: int) -> Json:
    """While it is underway: without a button that could be pressed again."""
    return said(fill(wording.REVOKING, done=done, count=count), person)


def news_of(tally: Tally) -> list[Markup]:
    """What an act came to, in sentences."""
    told = [
        (wording.REVOKED, tally.revoked),
        (wording.OPENED, tally.opened),
        (wording.OVER, tally.over),
        (wording.UNFINISHED_CUT if tally.is_cut else wording.UNFINISHED, tally.unfinished or tally.is_cut),
        (wording.NOT_MAY, tally.refused),
    ]
    return [fill(sentence, count=count) for sentence, count in told if count] or [Markup(wording.NONE_LEFT)]


def answered(shown: Mapping[str, Any], drop: str, answer: Markup) -> Json:
    """The view that Slack says is shown, with an answer in place of one drop's last line, and of its button."""
    blocks = [
        _answered(block, answer) if block.get("block_id") == _BLOCK + drop else block
        for block in shown.get("blocks", [])
    ]
    if answer not in _PRESS_AGAIN:
        counted = section(Markup(wording.COUNTED_BEFORE), block_id=_COUNTS)
        blocks = [counted if block.get("block_id") == _COUNTS else block for block in blocks]
    return _modal(blocks, *asked_of(shown))


def asked_of(shown: Mapping[str, Any]) -> tuple[str, After | None]:
    """Whom a view is about, and where its page begins."""
    try:
        known = json.loads(shown.get("private_metadata") or "{}")
        return str(known["person"]), after_of(known.get("after"))
    except (ValueError, KeyError, TypeError):
        return "", None


def after_of(text: object) -> After | None:
    """Where a page begins, from a button's value; None for the first, and for what is none."""
    try:
        need, created_at, drop = str(text).split(".")
        return After(Need(int(need)), int(created_at), base64url.decode(drop, ID_BYTES))
    except (ValueError, MalformedError):
        return None


def _text_of(after: After | None) -> str | None:
    return None if after is None else f"{int(after.need)}.{after.created_at}.{base64url.encode(after.id)}"


def _whom_to_ask(handed: Handed, people: Sequence[str]) -> Markup:
    if not people:
        return Markup(wording.OWN_ONLY_NOBODY if handed.is_own_only else wording.AUDITOR_NOBODY)
    return fill(wording.OWN_ONLY if handed.is_own_only else wording.AUDITOR, people=incident_standing.named(people))


def _acts(handed: Handed) -> list[Json]:
    buttons = [_revoke(handed.revocable)] if handed.revocable else []
    if handed.tokens and handed.enders is None:
        # Here, and not beside the tokens: whoever hurries is not to scroll for it.
        buttons.append(incident_standing.end_tokens(len(handed.tokens)))
    if handed.may_take and handed.links is None:
        buttons.append(button(wording.TAKE, TAKE, "take"))
    return [actions(*buttons)] if buttons else []


def _revoke(count: int) -> Json:
    question = confirm(wording.REVOKE_TITLE, wording.REVOKE_QUESTION, wording.REVOKE_YES, wording.REVOKE_NO)
    return button(wording.REVOKE.format(count=count), REVOKE_ALL, "all", style="danger", confirm=question)


def _row(row: Row) -> Json:
    drop_id = base64url.encode(row.drop.id)
    has_label = row.is_named and row.drop.header.label != ERASED
    what = fill(
        wording.WHAT_LABEL if has_label else wording.WHAT,
        label=row.drop.header.label,
        template=row.drop.template,
        short=Markup(short(row.drop.id)),
    )
    given = fill(wording.FROM, sender=row.drop.header.sender, at=moment(row.drop.created_at))
    is_rotatable = row.may_rotate and need_of(row.drop) is Need.ROTATE
    return section(
        Markup("\n".join((what, given, _stands(row)))),
        block_id=_BLOCK + drop_id,
        accessory=drop_buttons.rotated(drop_id) if is_rotatable else None,
    )


def _stands(row: Row) -> Markup:
    drop = row.drop
    match need_of(drop):
        case Need.ROTATE:
            parts = [fill(wording.TO_ROTATE, at=moment(drop.claimed_at or 0))]
        case Need.REVOKE:
            return fill(wording.UNTIL, standing=standing(drop), until=moment(drop.expires_at))
        case _ if drop.rotated_at is not None:
            return fill(wording.ROTATED, at=moment(drop.claimed_at or 0), rotated=moment(drop.rotated_at))
        case _:
            return standing(drop)
    if drop.rotate_by is not None:
        parts.append(fill(wording.ROTATE_BY, day=day(drop.rotate_by)))
    if row.rotate_url is not None and not _BREAKS_A_LINK & set(row.rotate_url):
        parts.append(fill(wording.ROTATE_THERE, url=Markup(row.rotate_url.replace("&", "&amp;"))))
    return Markup(" · ".join(parts))


def _answered(block: Json, answer: Markup) -> Json:
    lines = str(block.get("text", {}).get("text", "")).split("\n")
    is_open = answer in _PRESS_AGAIN
    kept = lines[:3] if is_open else lines[:2]
    accessory = block.get("accessory") if is_open else None
    return section(Markup("\n".join([*kept, answer])), block_id=block["block_id"], accessory=accessory)


def _records(handed: Handed) -> list[Json]:
    if not handed.records:
        return []
    blocks = [section(Markup(wording.RECORDS))]
    for held in handed.records:
        blocks += record_views.rows(
            held,
            may_act=handed.may_act,
            may_rotate=False,
            is_named=handed.shows_labels,
            has_recipient=False,
            unlocks=handed.locked.get(held.id),
        )
    return [*blocks, context(Markup(wording.RECORDS_MORE))] if handed.more_records else blocks


def _turning(handed: Handed) -> list[Json]:
    buttons = []
    if handed.begins is not None:
        buttons.append(button(wording.FIRST, FIRST, "first"))
    if handed.next is not None:
        buttons.append(button(wording.NEXT, NEXT, str(_text_of(handed.next))))
    if not buttons:
        return []
    last = handed.before + len(handed.rows) + handed.foreign
    where = fill(wording.SHOWN, first=handed.before + 1, last=last, count=handed.counts.all)
    return [context(where), actions(*buttons)]


def _erased(erased: Erased) -> list[Markup]:
    told, months = [], erased.months
    if len(months) > _MOST_MONTHS:
        told.append(fill(wording.ERASED_LONG, count=len(months), first=months[0], last=months[-1]))
    elif months:
        told.append(fill(wording.ERASED_MONTHS, months=", ".join(months)))
    if erased.forgotten:
        told.append(fill(wording.FORGOTTEN, count=erased.forgotten))
    return told


def _modal(blocks: Sequence[Json], person: str, begins: After | None) -> Json:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(wording.TITLE),
        "close": plain(wording.CLOSE),
        "private_metadata": json.dumps({"person": person, "after": _text_of(begins)}),
        "blocks": list(blocks),
    }
