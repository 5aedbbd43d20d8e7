"""
The key behind what was handed over: on which day its sender is reminded to rotate it, and that it was rotated.

One form hands one secret to all its recipients: a day that is chosen, and the word that it was rotated, hold for all
of its drops.
"""

from collections.abc import Callable, Sequence
from datetime import date, tzinfo
from typing import Final

import structlog

from bot import button_wording, sender_messages, zones
from bot import rotation_wording as wording
from bot.buttons import Buttons
from bot.mrkdwn import Markup, day, fill
from bot.people import People
from bot.receipt_buttons import addresses
from bot.rights import Act, Clicker
from bot.slack_calls import Slack, SlackError
from store import rotating
from store.deliveries import place_of_any
from store.drops import Drop, alongside
from store.errors import NothingToRotateError, StoreUnavailableError
from store.opened import Store
from store.words import Actor, Audience

_MOST_YEARS: Final = 10
_MOST_EDITS: Final = 3

_log = structlog.get_logger("rotation")


class WillRemind(Markup):
    """What is said of a day that was kept."""

    __slots__ = ()


class Rotation:
    """What the date picker and the button do.  Who may is judged by `buttons`; `on_change` hears of a day chosen."""

    def __init__(
        self, store: Store, slack: Slack, people: People, buttons: Buttons, on_change: Callable[[Drop], None]
    ) -> None:
        self._store = store
        self._slack = slack
        self._people = people
        self._buttons = buttons
        self._on_change = on_change

    async def remind_on(self, value: str, clicker: Clicker, chosen: str | None) -> Markup:
        """Remind the sender at nine in the morning of a day like 2026-12-24; only the sender may choose it."""
        try:
            drop = await self._buttons.of_sender(Act.ROTATE_ON, value, clicker)
            if isinstance(drop, Markup):
                return drop
            sender = await self._people.find(clicker.user_id)
            if sender is None:
                return Markup(button_wording.WHO_PRESSED)  # nine o'clock of an unknown zone is no time
            at = _morning(chosen, sender.zone, self._store.clock.now_seconds())
            if isinstance(at, str):
                return Markup(at)
            drops = await alongside(self._store, drop)
            if any(one.rotated_at is not None for one in drops):
                return Markup(wording.ROTATED_ALREADY)
            of_use = [one for one in drops if one.outcome is None or one.claimed_at is not None]
            kept = [await rotating.remind_on(self._store, one.id, at * 1000) for one in of_use]
        except StoreUnavailableError:
            return Markup(button_wording.TRY_AGAIN)
        if not any(kept):
            return Markup(wording.ROTATED_ALREADY if kept else wording.NOT_OPENED)
        self._on_change(drop)
        await self._show(drop)
        return WillRemind(fill(wording.WILL_REMIND, day=day(at * 1000)))

    async def rotated(self, value: str, clicker: Clicker) -> Markup:
        """The sender, or an administrator, says that the key was rotated at its provider."""
        try:
            permitted = await self._buttons.permitted(Act.ROTATED, value, clicker)
            if isinstance(permitted, Markup):
                return permitted
            drop, role = permitted
            drops = await alongside(self._store, drop)
            opened = [one for one in drops if one.claimed_at is not None]
            said = 0
            for one in opened:
                try:
                    await rotating.rotated(self._store, one.id, by=Actor(role))
                    said += 1
                except NothingToRotateError:
                    continue
            if opened:
                # Whoever opens another one later sees the key of before.
                for one in drops:
                    await rotating.remind_on(self._store, one.id, None)
        except StoreUnavailableError:
            return Markup(button_wording.TRY_AGAIN)
        if said:
            return Markup(wording.ROTATED_NOW)
        return Markup(wording.ROTATED_ALREADY if opened else wording.NOT_OPENED)

    async def _show(self, drop: Drop) -> None:
        """
        Bring the message in the sender's DM up to date; a day that is chosen is no event that would.

        Edited again while what stands is not what was shown: otherwise it could put an older state over a newer one,
        which whoever tells an event has shown in between.
        """
        try:
            shown: Sequence[Drop] = ()
            for _ in range(_MOST_EDITS):
                stands = await alongside(self._store, drop)
                place = await place_of_any(self._store, [one.id for one in stands], Audience.SENDER)
                if place is None or stands == shown:
                    return
                receipts = addresses(self._store, stands)
                await self._slack.edit(place, sender_messages.status(stands, {"event": ""}, drop, receipts))
                shown = stands
        except (SlackError, StoreUnavailableError) as error:
            _log.info("a day that was chosen is not shown yet", why=type(error).__name__)


def _morning(chosen: str | None, zone: tzinfo, present: int) -> int | str:
    """When to remind, in Unix seconds, or why not."""
    try:
        wanted = date.fromisoformat(chosen or "")
    except ValueError:
        return wording.NO_DAY
    if wanted.year > date.fromtimestamp(present).year + _MOST_YEARS:  # noqa: DTZ012 - a bound, not a day
        return wording.TOO_FAR
    at = zones.morning_of(wanted, zone)
    return at if at > present else wording.DAY_OVER
