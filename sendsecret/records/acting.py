"""
What `sendsecret record` does: on the store with the bot's event key, then with the key that came of it.

Sentences go to standard error: standard output has the key and its line alone, for a pipe.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import NoReturn, TypeVar

import click

from sendsecret.audit_log import LogSettings
from sendsecret.no_core import leave_no_core
from sendsecret.operating import operators_settings, refuse
from sendsecret.records import handing_over, wording
from sendsecret.records.handing_over import Handed, To
from sendsecret.sending.ending import say
from sendsecret.talking.strangers_text import harmless
from store import errors, record_endings, record_rotating, records
from store.formats import base64url
from store.formats.record_key_v1 import RecordKey
from store.opened import Store, opened
from store.record_lines import lines
from store.records import Held, Named
from store.tells import tells
from store.words import RecordState

T = TypeVar("T")


def make(named: Named, value: str, lives_seconds: int, reads: int | None, to: To) -> None:
    """Make it, and let its key go; where it goes nowhere, the record is revoked again."""
    if tells(named.label, value):
        refuse(wording.LABEL_TELLS, 2)
    theirs = dict(os.environ)
    settings = operators_settings(LogSettings)
    key, until = _on(
        settings,
        lambda store: records.make(store, named, value, lives_seconds=lives_seconds, reads=reads),
        lost=wording.LOST_MADE,
    )
    day = datetime.fromtimestamp(until // 1000, UTC).strftime("%Y-%m-%d")
    say(wording.MADE.format(record=key.id_text, label=named.label, until=day, reads=wording.how_often(reads)))
    _warn_of_break(value)
    match _let_go(key, named.label, settings.public_url, to, theirs):
        case Handed.NO:
            _revoke_again(settings, key)
            unprinted = wording.UNPRINTED.format(what=wording.UNPRINTED_MADE)
            refuse(wording.NOT_HANDED_MADE if to.recipient else unprinted, 1)
        case Handed.PERHAPS:
            _perhaps(key, to)


def rotate(record_id: bytes, read_value: Callable[[], str], to: To) -> None:
    """Give it another key, and let that go."""
    theirs = dict(os.environ)
    settings = operators_settings(LogSettings)
    held = _on(settings, lambda store: _live(store, record_id))  # before anybody types a credential for nothing
    value = read_value()
    if held.named is not None and tells(held.named.label, value):
        refuse(wording.LABEL_TELLS, 2)
    lost = wording.LOST_AGAIN.format(verb="rotate", record=base64url.encode(record_id))
    key, is_erased = _on(settings, lambda store: record_rotating.rotate(store, record_id, value), lost=lost)
    label = name_of(held)
    say(wording.ROTATED.format(record=key.id_text, label=label))
    if not is_erased:
        say(wording.OLD_KEY_LEFT)
    _warn_of_break(value)
    handed = _let_go(key, label, settings.public_url, to, theirs)
    if handed is Handed.NO:
        unprinted = wording.UNPRINTED.format(what=wording.UNPRINTED_ROTATED)
        say(wording.NOT_HANDED_ROTATED if to.recipient else unprinted)
    say(_not_at_provider(held))
    if handed is Handed.NO:
        raise SystemExit(1)
    if handed is Handed.PERHAPS:
        _perhaps(key, to)


def revoke(record_id: bytes) -> None:
    """End it."""
    settings = operators_settings(LogSettings)

    async def end(store: Store) -> tuple[Held | None, bool]:
        is_erased = await record_endings.revoke(store, record_id)
        # It has ended: whatever keeps its name from being read must not be told as if it had not.
        with suppress(errors.StoreError):
            return await records.find(store, record_id), is_erased
        return None, is_erased

    record = base64url.encode(record_id)
    held, is_erased = _on(settings, end, lost=wording.LOST_AGAIN.format(verb="revoke", record=record))
    click.echo(wording.REVOKED.format(record=record, label=name_of(held)))
    if not is_erased:
        click.echo(wording.KEY_LEFT)
    click.echo(_not_at_provider(held))


def everything() -> list[Held]:
    """Every record."""
    return _on(operators_settings(LogSettings), records.everything)


async def _live(store: Store, record_id: bytes) -> Held:
    held = await records.find(store, record_id)
    if held.state is not RecordState.LIVE or held.expires_at <= store.clock.now_seconds() * 1000:
        raise errors.UnknownRecordError
    return held


def _let_go(key: RecordKey, label: str, public_url: str, to: To, theirs: dict[str, str]) -> Handed:
    text = lines(key, public_url)
    if to.recipient is None:
        if not handing_over.show(text):
            return Handed.NO
        say(wording.SHOWN.format(record=key.id_text))
        return Handed.YES
    handed = handing_over.hand_to(to.recipient, label, text, is_sure=to.is_sure, environment=theirs)
    if handed is Handed.YES:
        say(wording.HANDED.format(to=harmless(to.recipient), record=key.id_text))
    return handed


def _perhaps(key: RecordKey, to: To) -> NoReturn:
    refuse(wording.PERHAPS_HANDED.format(record=key.id_text, to=harmless(to.recipient or "")), 6)


def _not_at_provider(held: Held | None) -> str:
    url = held.named.rotate_url if held and held.named else None
    return wording.NOT_AT_PROVIDER.format(where=f": {url}" if url else ".")


def name_of(held: Held | None) -> str:
    """What a record is called, or why that is not said; None for one that could not be looked up."""
    if held is None or held.is_unreadable:
        return wording.NAME_UNREADABLE
    return wording.ERASED if held.named is None else harmless(held.named.label)


def _warn_of_break(value: str) -> None:
    if value.endswith("\n"):
        say(wording.ENDS_WITH_BREAK)


def _revoke_again(settings: LogSettings, key: RecordKey) -> None:
    """Take back what nobody has the key of; where that fails, say which record it is."""
    try:
        with suppress(errors.UnknownRecordError):  # it has ended in the meantime
            _within(settings, lambda store: record_endings.revoke(store, key.id), asyncio.Event())
    except errors.StoreError:
        refuse(wording.REMAINS.format(record=key.id_text), 3)


def _on(settings: LogSettings, act: Callable[[Store], Awaitable[T]], *, lost: str = wording.NOTHING) -> T:
    """
    Do it on the store; whatever keeps it from that is a sentence, and exit code 2 or 3.

    `lost` is what is to be said where the store goes away underway, when a commit may have been made all the same.
    """
    has_begun = asyncio.Event()
    try:
        return _within(settings, act, has_begun)
    except errors.UnknownRecordError:
        refuse(wording.UNKNOWN, 2)
    except errors.RecordChangedError:
        refuse(wording.CHANGED, 2)
    except errors.KeyUnreadableError:
        refuse(wording.AWAY, 3)
    except (errors.StoreMismatchError, errors.StoreUnavailableError) as error:
        refuse(f"{str(error).rstrip('.')}. {lost if has_begun.is_set() else wording.NOTHING}", 3)


def _within(settings: LogSettings, act: Callable[[Store], Awaitable[T]], has_begun: asyncio.Event) -> T:
    async def whole() -> T:
        async with opened(settings, program="bot", event_key=settings.signing_dir / "event-bot.key") as store:
            has_begun.set()
            return await act(store)

    leave_no_core()
    return asyncio.run(whole())
