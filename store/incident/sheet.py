"""
What one person was handed, for people outside Slack: a row a drop, with what is to be done about it in words.

Names and labels stand in it, as far as they are still kept: it is made where the keyring is, by whoever runs it, or
for whoever `links` let in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from store import handed, tokens
from store.drops import Drop
from store.formats import base64url
from store.formats.receipt_v1 import utc
from store.handed import Erased, Need, need_of
from store.opened import Store
from store.tokens import Held
from store.words import OPENED, Scope, State

RotateUrl = Callable[[str], str | None]
"""The page at the provider on which what a template hands over is rotated, by the template's name."""

DO: Final = {Need.ROTATE: "rotate", Need.REVOKE: "revoke", Need.NOTHING: ""}


def no_page(_template: str) -> str | None:
    """Where no template names a provider's page."""
    return None


@dataclass(frozen=True)
class Row:
    """One drop; times are of UTC as text, empty where there was none.  `to_do` is rotate, revoke or empty."""

    to_do: str
    drop: str
    label: str
    template: str
    sender: str
    handed_at: str
    standing: str
    opened_at: str
    ended_at: str
    expires_at: str
    rotate_by: str
    rotated_at: str
    rotate_at: str


@dataclass(frozen=True)
class Token:
    """A token that still serves: its name, what whoever has it can do, and until when, of UTC as text."""

    name: str
    scopes: Sequence[str]
    until: str


@dataclass(frozen=True)
class Sheet:
    """
    What a person was handed, the most urgent first, and what is erased; `made_at` is of UTC as text.

    `tokens` are those that still serve this person.  Not in it are `foreign` drops of another workspace, and
    `left_out`, which are more than one list holds.
    """

    person: str
    name: str
    made_at: str
    rows: Sequence[Row]
    erased: Erased
    foreign: int = 0
    left_out: int = 0
    tokens: Sequence[Token] = ()

    def count(self, need: Need) -> int:
        """How many rows there are with this to be done."""
        return sum(row.to_do == DO[need] for row in self.rows)


async def of(store: Store, person: str, rotate_url: RotateUrl = no_page) -> Sheet:
    """By a Slack user id or an e-mail address.  Raises KeyUnreadableError."""
    drops = await handed.to(store, person)
    rows = [row_of(drop, rotate_url) for drop in drops]
    name = drops[0].recipient_name if drops else person
    made_at, erased = utc(store.clock.now_seconds() * 1000), await handed.erased(store)
    held = await tokens.of_person(store, person)
    return Sheet(person, name, made_at, rows, erased, tokens=[_token(one) for one in held])


def row_of(drop: Drop, rotate_url: RotateUrl, *, is_named: bool = True) -> Row:
    """A drop's row; its label is shown where `is_named`."""
    return Row(
        to_do=DO[need_of(drop)],
        drop=base64url.encode(drop.id),
        label=drop.header.label if is_named else "",
        template=drop.template,
        sender=drop.header.sender,
        handed_at=_time(drop.created_at),
        standing=_standing(drop),
        opened_at=_time(drop.claimed_at),
        ended_at=_time(drop.ended_at),
        expires_at=_time(drop.expires_at),
        rotate_by=_time(drop.rotate_by),
        rotated_at=_time(drop.rotated_at),
        rotate_at=rotate_url(drop.template) or "",
    )


def _token(one: Held) -> Token:
    return Token(base64url.encode(one.id), [scope for scope in Scope if scope in one.scopes], _time(one.until))


def _standing(drop: Drop) -> str:
    if drop.rotated_at is not None:
        return "opened, rotated since"
    if drop.claimed_at is not None or drop.outcome in OPENED:
        return "opened"
    if drop.outcome is not None:
        return f"never opened: {drop.outcome.replace('_', ' ')}"
    if drop.paused_at is not None:
        return "not opened, paused"
    return "not opened, locked" if drop.state is State.LOCKED else "not opened"


def _time(milliseconds: int | None) -> str:
    return "" if milliseconds is None else utc(milliseconds)
