"""
What one person was handed, for people outside Slack: a row a drop, with what is to be done about it in words.

Names and labels stand in it, as far as they are still kept: it is made where the keyring is, by whoever runs it, or
for whoever `links` let in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from store import handed, own_records, tokens
from store.drops import Drop
from store.formats import base64url
from store.formats.receipt_v1 import utc
from store.handed import Erased, Need, need_of
from store.opened import Store
from store.own_records import KNOWS
from store.records import Held as Standing
from store.tokens import Held
from store.words import OPENED, RecordState, Scope, State

RotateUrl = Callable[[str], str | None]
"""The page at the provider on which what a template hands over is rotated, by the template's name."""

MOST_RECORDS: Final = 2000

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
class Record:
    """
    A record whose key they were handed; `to_do` is revoke, rotate or empty, times are of UTC as text.

    Programs read it `reads` times with its present key, last at `read_at`.
    """

    to_do: str
    record: str
    label: str
    standing: str
    reads: int
    read_at: str
    until: str
    renewed_at: str
    rotate_at: str


@dataclass(frozen=True)
class Sheet:
    """
    What a person was handed, the most urgent first, and what is erased; `made_at` is of UTC as text.

    `tokens` are those that still serve this person, `records` those whose key they were handed.  Not in it are
    `foreign` drops of another workspace, and `left_out`, which are more than one list holds.
    """

    person: str
    name: str
    made_at: str
    rows: Sequence[Row]
    erased: Erased
    foreign: int = 0
    left_out: int = 0
    tokens: Sequence[Token] = ()
    records: Sequence[Record] = ()

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
    standing = await records_of(store, person, None)
    return Sheet(person, name, made_at, rows, erased, tokens=[_token(one) for one in held], records=standing)


async def records_of(store: Store, person: str, team: str | None, *, is_named: bool = True) -> Sequence[Record]:
    """
    The records that somebody was handed or has made, the latest MOST_RECORDS; labels and pages where `is_named`.

    Of one workspace, or with None of all, for operators.
    """
    page = await own_records.page(store, person, team, KNOWS, most=MOST_RECORDS)
    return [_record(one, is_named=is_named) for one in page.records]


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


def _record(one: Standing, *, is_named: bool) -> Record:
    named = one.named if is_named else None
    is_live = one.state is RecordState.LIVE
    return Record(
        to_do=DO[Need.REVOKE] if is_live else DO[Need.ROTATE] if own_records.is_due(one) else "",
        record=base64url.encode(one.id),
        label="" if named is None else named.label,
        standing="can be read" if is_live else one.state.value,
        reads=one.reads,
        read_at=_time(one.read_at),
        until=_time(one.ended_at or one.expires_at),
        renewed_at=_time(one.renewed_at),
        rotate_at=(named.rotate_url or "") if named is not None else "",
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
