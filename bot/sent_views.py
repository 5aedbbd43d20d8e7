"""
The modal after sending: who got what, the passphrases that we made, and Revoke.

Pure.  A passphrase that we made stands here and nowhere else; one that the sender chose is not repeated.  There is
no input in this view and the secret is not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from bot import button_wording, drop_buttons, rotation_wording
from bot import sent_wording as wording
from bot.block_kit import Json, context, plain, section
from bot.mrkdwn import Markup, fill, moment
from bot.passphrases import Passphrase
from bot.people import Person
from bot.sender_messages import asks_for_a_day, drop_asked_of, standing
from bot.template import AS_USUAL, Scheme, Template
from store.drops import Drop
from store.words import Delivery, State, Way

CALLBACK: Final = "sent_drop"
_BLOCK: Final = "drop-"
_WENT: Final = {
    Way.DM: wording.SENT_UNTIL,
    Way.SHOWN: wording.SHOWN_UNTIL,
    Way.HERE: wording.POSTED_UNTIL,
    Way.MAIL: wording.MAILED_UNTIL,
}
_PRESS_AGAIN: Final = frozenset(
    {button_wording.REVOKE_UNFINISHED, button_wording.TRY_AGAIN, button_wording.WHO_PRESSED}
)


@dataclass(frozen=True)
class Row:
    """
    One recipient: how it stands, the drop if there is one to revoke, and what is shown this once.

    `passphrase` only if we made it, `link` only if the sender passes it on.
    """

    person: Person
    status: Markup
    drop: str | None = None
    passphrase: str | None = field(default=None, repr=False)
    link: str | None = field(default=None, repr=False)
    is_revocable: bool = False


@dataclass(frozen=True)
class RotateBy:
    """When the sender is reminded to rotate the key: in milliseconds, and as the day where they live."""

    at: int
    day: date


def view(
    rows: Sequence[Row], notes: Sequence[Markup], pasted: Markup | None = None, rotate_by: RotateBy | None = None
) -> Json:
    """The modal: what concerns all on top, then a paragraph for each recipient, and `pasted` in small print."""
    blocks = [section(note) for note in notes]
    blocks += [_row(number, row) for number, row in enumerate(rows)]
    if pasted is not None:
        blocks.append(context(pasted))
    if any(row.passphrase for row in rows):
        blocks.append(context(Markup(wording.LOST_PASSPHRASE)))
    to_rotate = next((row.drop for row in rows if row.drop is not None and row.is_revocable), None)
    if to_rotate is not None:
        set_to = None if rotate_by is None else fill(rotation_wording.SET, at=moment(rotate_by.at))
        blocks.append(asks_for_a_day(to_rotate, set_to, None if rotate_by is None else rotate_by.day.isoformat()))
    return _modal(blocks)


def notes_on(passphrase: Passphrase | None, count: int, template: Template = AS_USUAL) -> list[Markup]:
    """What to say about the passphrase: ours are to be passed on, the sender's own has odds."""
    if passphrase is None and template.passphrase is Scheme.NONE:
        return [Markup(wording.NO_PASSPHRASE)]
    if passphrase is None:
        return [Markup(wording.PASS_ON if count == 1 else wording.PASS_ON_EACH)]
    if passphrase.tries_for_one is None:
        return [Markup(wording.OWN_WORDS if passphrase.form == "words" else wording.OWN_PASSPHRASE)]
    odds = f"{passphrase.tries_for_one:,}"
    return [fill(wording.OWN_DIGITS, count=len(passphrase.canonical), odds=odds)]


def sent(way: Way, until_ms: int) -> Markup:
    """The status of a link that went its way; one that the sender passes on stands beside it, this once."""
    return fill(_WENT[way], until=moment(until_ms))


def status_of(drop: Drop) -> Markup:
    """The status of a drop that this form made before."""
    is_open = drop.state is State.SEALED and drop.paused_at is None
    if is_open and drop.delivery is Delivery.PENDING:
        return Markup(wording.BEING_SENT)
    if is_open and drop.way is Way.SHOWN:
        return fill(wording.SHOWN_BEFORE, until=moment(drop.expires_at))
    return standing(drop)


def answered(shown: dict[str, Any], drop: str, answer: Markup) -> Json:
    """
    The modal that Slack says is shown, with an answer in place of one drop's status, passphrase and button.

    The other paragraphs are taken from the payload: their passphrases are on the sender's screen and nowhere else.
    After an answer that asks for the button to be pressed again, passphrase and button stay.
    """
    blocks = [
        _answered(block, answer) if block.get("block_id") == _BLOCK + drop else block
        for block in shown.get("blocks", [])
    ]
    return _modal(blocks)


def dated(shown: dict[str, Any], block_id: str, answer: Markup, kept: str | None) -> Json:
    """
    The modal that Slack says is shown, with an answer beside its date picker; all the rest stays as it is.

    `kept` is the day from now on; None where the day that was shown before still holds.
    """
    asked = [
        asks_for_a_day(drop_asked_of(block_id), answer, kept or block.get("accessory", {}).get("initial_date"))
        if block.get("block_id") == block_id
        else block
        for block in shown.get("blocks", [])
    ]
    return _modal(asked)


def _answered(block: Json, answer: Markup) -> Json:
    lines = str(block.get("text", {}).get("text", "")).split("\n")
    is_open = answer in _PRESS_AGAIN
    kept = lines[:-1] if is_open else lines[:1]
    accessory = block.get("accessory") if is_open else None
    return section(Markup("\n".join([*kept, answer])), block_id=block["block_id"], accessory=accessory)


def _row(number: int, row: Row) -> Json:
    lines = [named(row.person)]
    if row.passphrase is not None:
        lines.append(fill(wording.PASSPHRASE_SHOWN, passphrase=row.passphrase))
    if row.link is not None:
        lines.append(fill(wording.SHOWN_LINK, link=Markup(row.link)))
    text = Markup("\n".join([*lines, row.status]))
    if row.drop is None:
        return section(text, block_id=f"refused-{number}")
    return section(
        text, block_id=_BLOCK + row.drop, accessory=drop_buttons.revoke(row.drop) if row.is_revocable else None
    )


def named(person: Person) -> Markup:
    """A recipient, so that the sender sees a wrong one: name, title, and whether they are a guest or from outside."""
    kind = wording.KINDS.get(person.kind.as_recipient)
    if person.title and kind:
        return fill(wording.PERSON_TITLE_CLASS, name=person.name, title=person.title, kind=kind)
    if person.title:
        return fill(wording.PERSON_TITLE, name=person.name, title=person.title)
    return fill(wording.PERSON_CLASS, name=person.name, kind=kind) if kind else fill(wording.PERSON, name=person.name)


def _modal(blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(wording.SENT_TITLE),
        "close": plain(wording.DONE),
        "blocks": blocks,
    }
