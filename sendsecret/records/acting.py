"""
What `sendsecret record` does: on the store with the bot's event key, then with the key or link that came of it.

Sentences go to standard error: standard output has what opens the record alone, for a pipe.
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
from sendsecret.records import by_hand, handing_over, value_in, wording
from sendsecret.records.doors import Door, GoingOut, Wish, door_of
from sendsecret.records.handing_over import Handed, To
from sendsecret.sending.chosen_passphrase import Passphrase
from sendsecret.sending.ending import say
from sendsecret.talking.strangers_text import harmless
from store import errors, record_endings, record_pages, records
from store.formats import base64url
from store.opened import Store, opened
from store.record_doors import RecordDoor
from store.records import Held
from store.tells import tells
from store.words import RecordState

T = TypeVar("T")


def make(wish: Wish, to: To, word: RecordDoor, sender: str | None, chosen: Passphrase | None) -> None:
    """
    Make it, and let what opens it go; where that goes nowhere, the record is revoked again.

    A page's passphrase is made where none was `chosen`.
    """
    named, value = wish.named, wish.value
    if tells(named.label, value):
        refuse(wording.LABEL_TELLS, 2)
    theirs = dict(os.environ)
    settings = operators_settings(LogSettings)
    door = door_of(word, settings.public_url, sender, chosen=chosen)
    with by_hand.stopped(wording.STOPPED_UNDERWAY.format(lost=wording.LOST_MADE), 3):
        key, until = _on(settings, lambda store: door.make(store, wish), lost=wording.LOST_MADE)
        day = datetime.fromtimestamp(until // 1000, UTC).strftime("%Y-%m-%d")
        say(
            door.words.made.format(
                record=key.id_text, label=named.label, until=day, reads=wording.how_often(wish.reads)
            )
        )
        if wish.escrow:
            say(wording.ESCROWED)
        _warn_of_break(value)
        match _let_go(key, door, named.label, to, theirs):
            case Handed.NO:
                _revoke_again(settings, key)
                unprinted = wording.UNPRINTED.format(what=wording.UNPRINTED_MADE)
                refuse(door.words.not_handed_made if to.recipient else unprinted, 1)
            case Handed.PERHAPS:
                _perhaps(key, door, to)


def rotate(record_id: bytes, to: To, *, keep: bool, escrow: bool | None, sender: str | None, label: str | None) -> None:
    """Give it another key, or another link and passphrase, and let that go; the others as the command has them."""
    theirs = dict(os.environ)
    settings = operators_settings(LogSettings)
    held = _on(settings, lambda store: _live(store, record_id))  # before anybody types a credential for nothing
    if held.door is not RecordDoor.PAGE and (sender is not None or label is not None):
        refuse(wording.FOR_PAGES, 2)
    value = _value_for(held, keep=keep)
    labels = [one for one in (label, held.named and held.named.label) if one]
    if value is not None and any(tells(one, value) for one in labels):
        refuse(wording.LABEL_TELLS, 2)
    lost = wording.LOST_AGAIN.format(verb="rotate", record=base64url.encode(record_id))
    door = door_of(held.door, settings.public_url, sender, label)
    with by_hand.stopped(wording.STOPPED_UNDERWAY.format(lost=lost), 3):
        key, is_erased = _on(
            settings,
            lambda store: door.rotate(store, held, value, escrow=escrow),
            lost=lost,
            unopened=_of_escrow(value, escrow=escrow),
        )
        name = name_of(held)
        say(door.words.rotated.format(record=key.id_text, label=name))
        if not is_erased:
            say(wording.OLD_KEY_LEFT)
        _say_of_escrow(held, escrow=escrow)
        if value is None:
            say(wording.KEPT)
        else:
            _warn_of_break(value)
        handed = _let_go(key, door, name, to, theirs)
        if handed is Handed.NO:
            unprinted = wording.UNPRINTED.format(what=wording.UNPRINTED_ROTATED)
            say(door.words.not_handed_rotated if to.recipient else unprinted)
        say(_not_at_provider(held))
        if handed is Handed.NO:
            raise SystemExit(1)
        if handed is Handed.PERHAPS:
            _perhaps(key, door, to)


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
    lost = wording.LOST_AGAIN.format(verb="revoke", record=record)
    with by_hand.stopped(wording.STOPPED_UNDERWAY.format(lost=lost), 3):
        held, is_erased = _on(settings, end, lost=lost)
        click.echo(wording.REVOKED.format(record=record, label=name_of(held)))
        if not is_erased:
            click.echo(wording.KEY_LEFT)
        click.echo(_not_at_provider(held))


def unlock(record_id: bytes) -> None:
    """Up to five more guesses at its passphrase."""
    lost = wording.LOST_UNLOCKED
    left = _on(operators_settings(LogSettings), lambda store: record_pages.unlock(store, record_id), lost=lost)
    record = base64url.encode(record_id)
    click.echo(wording.unlocked(record, left.tries_left, is_last=left.is_last))


def everything() -> tuple[list[Held], set[bytes]]:
    """Every record, and the ids of those that are locked."""

    async def look(store: Store) -> tuple[list[Held], set[bytes]]:
        return await records.everything(store), await record_pages.locked(store)

    return _on(operators_settings(LogSettings), look)


def _value_for(held: Held, *, keep: bool) -> str | None:
    """The credential that is given; None for the one that is there."""
    if held.master is None and keep:
        refuse(wording.NOT_ESCROWED, 2)
    if held.master is None:
        return value_in.read()
    # What comes through a pipe replaces it; an empty one may be a variable that is not set, and keeps nothing.
    return value_in.read(wording.EMPTY_ESCROWED) if value_in.is_given() and not keep else None


def _of_escrow(value: str | None, *, escrow: bool | None) -> str:
    """What is said where a rotation finds no escrow that opens, or can make none."""
    if value is None:
        return wording.UNOPENED
    return wording.UNREAL if escrow is None else wording.NO_MASTER


def _say_of_escrow(held: Held, *, escrow: bool | None) -> None:
    if escrow or (escrow is None and held.master is not None):
        say(wording.ESCROWED)
    elif held.master is not None:
        say(wording.ESCROW_ENDED)


async def _live(store: Store, record_id: bytes) -> Held:
    held = await records.find(store, record_id)
    if held.state is not RecordState.LIVE or held.expires_at <= store.clock.now_seconds() * 1000:
        raise errors.UnknownRecordError
    return held


def _let_go(key: GoingOut, door: Door, label: str, to: To, theirs: dict[str, str]) -> Handed:
    if to.recipient is None:
        if not handing_over.show(key.text):
            return Handed.NO
        say(door.words.shown.format(record=key.id_text))
        return Handed.YES
    handed = handing_over.hand_to(to.recipient, label, key.text, is_sure=to.is_sure, environment=theirs)
    if handed is Handed.YES:
        say(door.words.handed.format(to=harmless(to.recipient), record=key.id_text))
    return handed


def _perhaps(key: GoingOut, door: Door, to: To) -> NoReturn:
    refuse(door.words.perhaps_handed.format(record=key.id_text, to=harmless(to.recipient or "")), 6)


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


def _revoke_again(settings: LogSettings, key: GoingOut) -> None:
    """Take back what nobody can open; where that fails, say which record it is."""
    try:
        with suppress(errors.UnknownRecordError):  # it has ended in the meantime
            _within(settings, lambda store: record_endings.revoke(store, key.id), asyncio.Event())
    except errors.StoreError:
        refuse(wording.REMAINS.format(record=key.id_text), 3)


def _on(
    settings: LogSettings,
    act: Callable[[Store], Awaitable[T]],
    *,
    lost: str = wording.NOTHING,
    unopened: str = wording.NO_MASTER,
) -> T:
    """
    Do it on the store; whatever keeps it from that is a sentence, and exit code 2 or 3.

    `lost` is what is to be said where the store goes away underway, or Ctrl-C is pressed, when a commit may have been
    made all the same; `unopened` where an escrow cannot be opened, or made.
    """
    has_begun = asyncio.Event()
    try:
        return _within(settings, act, has_begun)
    except KeyboardInterrupt:
        if has_begun.is_set() and lost != wording.NOTHING:
            refuse(wording.STOPPED_UNDERWAY.format(lost=lost), 3)
        refuse(wording.STOPPED, 2)
    except errors.UnknownRecordError:
        refuse(wording.UNKNOWN, 2)
    except errors.NoPageError:
        refuse(wording.NO_PAGE, 2)
    except errors.CannotUnlockError:
        refuse(wording.CANNOT_UNLOCK, 2)
    except errors.RecordChangedError:
        refuse(wording.CHANGED, 2)
    except errors.EscrowAbsentError:
        refuse(wording.NOT_ESCROWED, 2)
    except errors.EscrowUnreadableError as error:
        refuse(unopened.format(why=error), 3)
    except errors.PageNamesError:
        refuse(wording.NAMES_AWAY, 3)
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
