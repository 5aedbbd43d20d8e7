"""
Every drop beside its events, in the order of their ids, in one pass over both tables.

Each event's signature is verified here, once; a drop is judged by those that hold.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.keyring import KeyState
from store.log.who_may_say import Speaker
from store.months import Months
from store.pages import one_by_one
from store.schema import drops, events, log_leaves, log_openings, log_pending, log_refused
from store.verifying import life, people, signatures, stored_disclosures, stored_receipts
from store.verifying.findings import Findings
from store.verifying.forgotten import Forgotten
from store.verifying.life import Told
from store.verifying.standing import Standing
from store.words import Event

_BATCH: Final = 500


@dataclass
class Seen:
    """What the pass counted; `used` are the kids that signed something, `retired` where an event retired which."""

    events: int = 0
    drops: int = 0
    disclosures: int = 0
    waiting: int = 0
    used: set[str] = field(default_factory=set)
    retired: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What every drop is judged by, and what is told of records."""

    speakers: Mapping[str, Speaker]
    months: Months | None
    forgotten: Forgotten
    standing: Standing
    first_opening: int


@dataclass
class Story:
    """One drop: its row, if there is one, and its events by their numbers."""

    drop_id: bytes | None
    row: Row[Any] | None
    events: list[Row[Any]]


async def check(
    tx: AsyncConnection,
    speakers: Mapping[str, Speaker],
    months: Months | None,
    states: Mapping[str, KeyState],
    findings: Findings,
    seen: Seen,
) -> None:
    """
    Judge `events`, `drops`, `records` and `disclosures` against each other, and count in `seen`.

    `months` are the keys under which names are kept, where there is a keyring to be read, and `states` how these stood
    before.
    """
    # Before receipts there was no log either: what ended before the log began may have none.
    first_opening = await tx.scalar(select(func.min(log_openings.c.position))) or 0
    asked = Asked(speakers, months, Forgotten(), Standing(findings), first_opening)
    await asked.forgotten.read_without_drop(tx)
    batch: list[Story] = []
    waiting = 0
    async for story in _stories(tx, findings):
        batch.append(story)
        waiting += len(story.events)
        if waiting >= _BATCH:
            await _judge(tx, batch, asked, findings, seen)
            batch, waiting = [], 0
    await _judge(tx, batch, asked, findings, seen)
    await stored_disclosures.close(tx, seen.disclosures, findings, with_keys=months is not None)
    await asked.forgotten.close(tx, months, states, findings)
    await asked.standing.close(tx)


async def _judge(
    tx: AsyncConnection,
    batch: Sequence[Story],
    asked: Asked,
    findings: Findings,
    seen: Seen,
) -> None:
    told_of = [[_told(event, asked.speakers, findings, seen) for event in story.events] for story in batch]
    sound = [one for told in told_of for one in told if one is not None]
    for story, told in zip(batch, told_of, strict=True):
        if story.drop_id is not None:
            asked.forgotten.tell_drop(story.drop_id, told)
        elif told[0] is not None:
            asked.forgotten.tell(told[0].claims)
            asked.standing.tell(told[0].claims)
    disclosed = await stored_disclosures.of(tx, asked.months, sound, asked.forgotten, findings)
    seen.disclosures += disclosed.rows
    for story, told in zip(batch, told_of, strict=True):
        if story.drop_id is not None:
            _judge_one(story, told, disclosed.values, asked, findings)
            seen.drops += story.row is not None


def _told(event: Row[Any], speakers: Mapping[str, Speaker], findings: Findings, seen: Seen) -> Told | None:
    seen.events += 1
    seen.waiting += event.waits is not None
    seen.used.add(event.kid)
    claims, why = signatures.read(event, speakers)
    if why is not None:
        refused = "; the log refuses it" if event.refused is not None else ""
        findings.fail("events", f"{_name(event)}: {why}{refused}")
    elif event.refused is not None:
        findings.fail("log_refused", f"{_name(event)} is called {event.refused!r}, and nothing is wrong with it")
    places = [event.leaf_index is not None, event.waits is not None, event.refused is not None]
    if sum(places) != 1:
        where = "nowhere" if not any(places) else "in two places"
        findings.fail("events", f"{_name(event)} must be in the log, waiting for it, or refused; it is {where}")
    if claims is not None and event.event == Event.KEY_ROTATED and isinstance(claims.get("retired"), str):
        seen.retired.setdefault(claims["retired"], event.position)
    return None if claims is None else Told(event, claims)


def _judge_one(
    story: Story,
    told: Sequence[Told | None],
    disclosed: Mapping[str, Mapping[str, str]],
    asked: Asked,
    findings: Findings,
) -> None:
    assert story.drop_id is not None  # noqa: S101 - told by the caller
    name = f"drop {life.id_text(story.drop_id)}"
    numbers = [event.n for event in story.events]
    last = story.row.n if story.row is not None else max((n for n in numbers if n is not None), default=0)
    missing = sorted(set(range(1, min(last, len(numbers) + 100) + 1)) - set(numbers))
    if missing:
        findings.fail("events", f"{name}: number {', '.join(map(str, missing[:20]))} of its {last} events is gone")
    elif numbers != list(range(1, len(numbers) + 1)):
        findings.fail("events", f"{name}: its events are not numbered one by one")
    if any(one.position > other.position for one, other in pairwise(story.events)):
        findings.fail("events", f"{name}: the positions of its events are not in the order of their numbers")
    if story.row is None:
        findings.fail("drops", f"{name}: its row is gone; {len(story.events)} events speak of it")
        return
    if not story.events:
        findings.fail("drops", f"{name}: no event speaks of it, not even drop.created")
        return
    sound = [one for one in told if one is not None]
    if missing or len(sound) != len(told):
        findings.fail("drops", f"{name}: its row cannot be held against its events, because of what is wrong with them")
        return
    for why in _faults(story.row, sound, disclosed, asked):
        findings.fail("drops", f"{name}: {why}")


def _faults(row: Row[Any], told: Sequence[Told], disclosed: Mapping[str, Mapping[str, str]], asked: Asked) -> list[str]:
    try:
        whole = life.lived(told)
        found = [*whole.faults, *life.differences(row, whole)]
        created = told[0]
        named = disclosed.get(created.row.jti, {})
        found += people.faults(asked.months, row, created.claims, named, asked.forgotten)
        destroyed = [one.row.position for one in told if one.row.event == Event.DESTROYED]
        was_early = bool(destroyed) and destroyed[0] < asked.first_opening
        found += stored_receipts.faults(row, told, may_be_absent=was_early)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        return [f"its row or its events cannot be read ({type(error).__name__})"]
    return found


async def _stories(tx: AsyncConnection, findings: Findings) -> AsyncIterator[Story]:
    """Both tables side by side; the events of the installation itself come first, each alone."""
    no_drop = _events().where(events.c.drop_id.is_(None))
    async for event in one_by_one(tx, no_drop, events.c.position):
        yield Story(None, None, [event])
    rows = one_by_one(tx, select(drops), drops.c.id)
    groups = _groups(tx, findings)
    row, group = await anext(rows, None), await anext(groups, None)
    while row is not None or group is not None:
        if row is not None and not isinstance(row.id, bytes):
            findings.fail("drops", f"a row has the id {row.id!r}, which is none")
            row = await anext(rows, None)
        elif row is not None and (group is None or row.id < group[0]):
            yield Story(row.id, row, [])
            row = await anext(rows, None)
        elif group is not None and (row is None or group[0] < row.id):
            yield Story(group[0], None, group[1])
            group = await anext(groups, None)
        elif row is not None and group is not None:
            yield Story(row.id, row, group[1])
            row, group = await anext(rows, None), await anext(groups, None)


async def _groups(tx: AsyncConnection, findings: Findings) -> AsyncIterator[tuple[bytes, list[Row[Any]]]]:
    of_drops = _events().where(events.c.drop_id.is_not(None))
    group: list[Row[Any]] = []
    async for event in one_by_one(tx, of_drops, events.c.drop_id, events.c.position):
        if not isinstance(event.drop_id, bytes):
            findings.fail("events", f"position {event.position}: its drop_id is none")
            continue
        if group and group[0].drop_id != event.drop_id:
            yield group[0].drop_id, sorted(group, key=_number)
            group = []
        group.append(event)
    if group:
        yield group[0].drop_id, sorted(group, key=_number)


def _events() -> Select[Any]:
    return (
        select(
            events,
            log_leaves.c.leaf_index,
            log_pending.c.position.label("waits"),
            log_refused.c.why.label("refused"),
        )
        .outerjoin(log_leaves, log_leaves.c.position == events.c.position)
        .outerjoin(log_pending, log_pending.c.position == events.c.position)
        .outerjoin(log_refused, log_refused.c.position == events.c.position)
    )


def _number(event: Row[Any]) -> int:
    return event.n if isinstance(event.n, int) else 0


def _name(event: Row[Any]) -> str:
    if not isinstance(event.drop_id, bytes):
        return f"position {event.position} ({event.event})"
    return f"position {event.position} ({event.event}, number {event.n} of drop {life.id_text(event.drop_id)})"
