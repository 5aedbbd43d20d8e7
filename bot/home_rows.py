"""One drop as a row of the Home tab: what it needs, how it stands, and what its reader can do about it.  Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot import audit_messages, audit_wording, drop_buttons, sent_wording
from bot import home_wording as wording
from bot.block_kit import Json, actions, button, section
from bot.mrkdwn import Markup, day, fill, moment
from bot.receipt_buttons import receipt_button
from bot.rights import MAY, Act, Role
from bot.sender_messages import standing
from store.attention import Why
from store.drops import Drop
from store.formats import base64url
from store.listing import Section
from store.words import OPEN

LOG: Final = "access_log"
_BLOCK: Final = "home"


@dataclass(frozen=True)
class Reader:
    """
    Who reads a row: in which role, and where the receipts are for them, by the drops' ids.

    `show_labels` is for those who did not send it; `rotate_url` is where such a key is rotated.  `reasons` say what the
    drop needs somebody for.
    """

    role: Role
    show_labels: bool = False
    receipts: Mapping[bytes, str] = field(default_factory=dict)
    rotate_url: str | None = None
    reasons: Sequence[Why] = ()


def row(drop: Drop, section_of: Section, reader: Reader, answer: Markup | None = None) -> list[Json]:
    """Two blocks: the sentence and the buttons; an `answer` to a press stands in place of how it stands."""
    drop_id = base64url.encode(drop.id)
    text = Markup("\n".join((*_why(drop, reader.reasons), _text(drop, reader, answer or _standing(drop, reader)))))
    buttons = [*_acts(drop, reader), button(wording.LOG, LOG, drop_id)]
    if drop.id in reader.receipts:
        buttons.insert(-1, receipt_button(drop.id, reader.receipts[drop.id]))
    return [section(text), {**actions(*buttons), "block_id": f"{_BLOCK}-{section_of}-{drop_id}"}]


def section_in(block_id: str) -> Section | None:
    """In which section the row stood whose button was pressed."""
    _, _, rest = block_id.partition("-")
    try:
        return Section(rest.partition("-")[0])
    except ValueError:
        return None


def _why(drop: Drop, reasons: Sequence[Why]) -> list[Markup]:
    """Every reason in a line before the rest; that it is late is no news where there is an hour left."""
    told = [
        fill(
            wording.WHY[why],
            recipient=drop.recipient_name,
            count=drop.guesses,
            since=moment(drop.created_at),
            day=day(drop.rotate_by or drop.expires_at),
        )
        for why in reasons
        if not (why is Why.UNVIEWED and Why.LAST_HOUR in reasons)
    ]
    return [Markup(f"*{' · '.join(told)}*")] if told else []


def _text(drop: Drop, reader: Reader, how: Markup) -> Markup:
    if reader.role is Role.SENDER:
        kind = sent_wording.KINDS.get(drop.recipient_class)
        told = fill(
            wording.ROW_CLASS if kind else wording.ROW,
            label=drop.header.label,
            recipient=drop.recipient_name,
            kind=kind,
            standing=how,
        )
    else:
        told = fill(
            wording.ROW_OF_ALL,
            sender=drop.header.sender,
            recipient=drop.recipient_name,
            kind=audit_wording.KINDS.get(drop.recipient_class, drop.recipient_class),
            called=drop.header.label if reader.show_labels else drop.template,
            short=Markup(audit_messages.short(drop.id)),
            standing=how,
        )
    if drop.rotated_at is not None:
        return fill(wording.ROTATED, row=told, at=moment(drop.rotated_at))
    if drop.rotate_by is not None and drop.claimed_at is not None and Why.ROTATE not in reader.reasons:
        return fill(wording.ROTATE_BY, row=told, day=day(drop.rotate_by))
    return told


def _standing(drop: Drop, reader: Reader) -> Markup:
    return standing(drop) if reader.role is Role.SENDER else audit_messages.standing(drop)


def _acts(drop: Drop, reader: Reader) -> list[Json]:
    """Those of their own are the same as in their DM; a key that was handed over can be said to be rotated."""
    of_key = drop_buttons.of_opened(drop, reader.rotate_url) if reader.role in MAY[Act.ROTATED] else []
    if reader.role is Role.SENDER:
        return [*of_key, *(drop_buttons.buttons_of(drop) or [drop_buttons.again(base64url.encode(drop.id))])]
    if reader.role in MAY[Act.REVOKE] and drop.state in OPEN:
        return [drop_buttons.revoke(base64url.encode(drop.id))]
    return of_key
