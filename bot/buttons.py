"""
What the buttons on a drop do: revoke, allow five more, let them open it, remind; and the recipient's one.

Who may press is judged at each press (bot/rights.py): a message may be older than the drop's state, too.  Each answer
says how things stand, and pressing twice changes nothing more.
"""

from typing import Final

from bot import button_wording as wording
from bot import sender_wording
from bot.mrkdwn import Markup, fill, moment
from bot.rights import Act, Clicker, NobodyKnownError, Rights, Role
from store import endings, pausing, reminding, unlocking
from store.drops import Drop, find
from store.errors import (
    CannotUnlockError,
    DropEndedError,
    NothingToRemindError,
    NotPausedError,
    RemindedLatelyError,
    StoreUnavailableError,
    UnknownDropError,
)
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.link_v1 import ID_BYTES
from store.opened import Store
from store.words import Actor, Outcome, State

_FORGOTTEN: Final = {Act.AGAIN: wording.FORGOTTEN, Act.LOOK: wording.FORGOTTEN_LOG}


class Buttons:
    """What the buttons on a drop do, for those who have the right to it."""

    def __init__(self, store: Store, rights: Rights) -> None:
        self._store = store
        self._rights = rights

    async def revoke(self, value: str, clicker: Clicker) -> Markup:
        """End a drop and say what became of it."""
        try:
            permitted = await self.permitted(Act.REVOKE, value, clicker)
            if isinstance(permitted, Markup):
                return permitted
            drop, role = permitted
            await endings.revoke(self._store, drop.id, by=Actor(role))
        except DropEndedError as ended:
            return fill(wording.TOO_LATE[ended.outcome], at=moment(ended.at))
        except UnknownDropError:
            return Markup(wording.NO_SUCH_DROP)
        except StoreUnavailableError:
            # It may have ended and wait for its key: neither "nothing was changed" nor "destroyed" would be true.
            return Markup(wording.REVOKE_UNFINISHED)
        return Markup(wording.REVOKED_NOW)

    async def unlock(self, value: str, clicker: Clicker) -> Markup:
        """Allow five more tries; only the sender may."""
        try:
            drop = await self.of_sender(Act.UNLOCK, value, clicker)
            if isinstance(drop, Markup):
                return drop
            left = await unlocking.unlock(self._store, drop.id)
        except CannotUnlockError:
            return await self._why_not(value, otherwise=wording.NOT_LOCKED)
        except StoreUnavailableError:
            return Markup(wording.TRY_AGAIN)
        if drop.paused_at is not None:
            return Markup(wording.UNLOCKED_PAUSED)
        return fill(wording.UNLOCKED_NOW, left=left) if left else Markup(wording.UNLOCKED_LAST)

    async def resume(self, value: str, clicker: Clicker) -> Markup:
        """Let a paused drop be opened again; only the sender may."""
        try:
            drop = await self.of_sender(Act.RESUME, value, clicker)
            if isinstance(drop, Markup):
                return drop
            await pausing.resume(self._store, drop.id)
        except NotPausedError:
            return await self._why_not(value, otherwise=wording.NOT_PAUSED)
        except StoreUnavailableError:
            return Markup(wording.TRY_AGAIN)
        return Markup(wording.RESUMED_LOCKED if drop.state is State.LOCKED else wording.RESUMED_NOW)

    async def remind(self, value: str, clicker: Clicker) -> Markup:
        """Tell the recipient that the sender is waiting; only the sender may."""
        try:
            drop = await self.of_sender(Act.REMIND, value, clicker)
            return drop if isinstance(drop, Markup) else await self._remind(drop, value)
        except StoreUnavailableError:
            return Markup(wording.TRY_AGAIN)

    async def _remind(self, drop: Drop, value: str) -> Markup:
        try:
            await reminding.remind(self._store, drop.id)
        except RemindedLatelyError as lately:
            return fill(wording.REMINDED_LATELY, recipient=drop.recipient_name, at=moment(lately.at))
        except NothingToRemindError:
            return await self._why_not(value, otherwise=_why_nobody_is_reminded(drop))
        return fill(wording.REMINDED_NOW, recipient=drop.recipient_name)

    async def not_expected(self, value: str, clicker: Clicker) -> Markup:
        """Pause a drop on its recipient's word; nobody else's counts, in whichever conversation it stands."""
        try:
            drop = await self._find(value)
            if drop is None:
                return Markup(wording.NO_SUCH_DROP)
            if (clicker.user_id, clicker.team_id) != (drop.recipient_id, drop.recipient_team):
                return Markup(wording.NOT_FOR_YOU)
            sender = drop.header.sender
            if await pausing.pause(self._store, drop.id):
                return fill(wording.PAUSED_NOW, sender=sender)
            drop = await self._find(value) or drop
            if drop.claimed_at is not None:
                await pausing.deny_opening(self._store, drop.id)
                return fill(wording.DENIED, at=moment(drop.claimed_at), sender=sender)
            is_paused = drop.paused_at is not None and drop.outcome is None and not self._is_overdue(drop)
            return fill(wording.PAUSED_ALREADY if is_paused else wording.OVER_ALREADY, sender=sender)
        except StoreUnavailableError:
            return Markup(wording.TRY_AGAIN)

    async def of_sender(self, act: Act, value: str, clicker: Clicker) -> Drop | Markup:
        """The drop of a button's value, for what its sender alone may; else why not.  Raises StoreUnavailableError."""
        permitted = await self.permitted(act, value, clicker)
        return permitted if isinstance(permitted, Markup) else permitted[0]

    async def permitted(self, act: Act, value: str, clicker: Clicker) -> tuple[Drop, Role] | Markup:
        """The drop of a button's value and the role in which they may; else why not.  Raises StoreUnavailableError."""
        drop = await self._find(value)
        if drop is None:
            return Markup(wording.NO_SUCH_DROP)
        try:
            role = await self._rights.role(act, drop, clicker)
        except NobodyKnownError:
            return Markup(wording.WHO_PRESSED)
        if role is None:
            return Markup(wording.NOT_YOURS if drop.sender_id else _FORGOTTEN.get(act, wording.FORGOTTEN_WHO))
        return drop, role

    async def known(self, value: str) -> Drop | None:
        """The drop of a button's value; None where there is none or the store does not answer."""
        try:
            return await self._find(value)
        except StoreUnavailableError:
            return None

    def _is_overdue(self, drop: Drop) -> bool:
        """Expired, and no sweeper has come by."""
        return drop.expires_at <= self._store.clock.now_seconds() * 1000

    async def _find(self, value: str) -> Drop | None:
        try:
            return await find(self._store, base64url.decode(value, ID_BYTES))
        except MalformedError:
            return None

    async def _why_not(self, value: str, *, otherwise: str) -> Markup:
        try:
            drop = await self._find(value)
        except StoreUnavailableError:
            return Markup(wording.TRY_AGAIN)
        if drop is None:
            return Markup(wording.NO_SUCH_DROP)
        if drop.outcome is not None:
            at = moment(drop.claimed_at or drop.ended_at or 0)
            words = sender_wording.ENDING if drop.state is State.ENDING else wording.TOO_LATE
            return fill(words[drop.outcome], at=at, recipient=drop.recipient_name)
        if drop.claimed_at is not None:
            return fill(wording.TOO_LATE[Outcome.RELEASED], at=moment(drop.claimed_at))
        if self._is_overdue(drop):
            return fill(wording.TOO_LATE[Outcome.EXPIRED], at=moment(drop.expires_at))
        if drop.state is State.LOCKED and otherwise is wording.NOT_LOCKED:
            return Markup(wording.NO_MORE_TRIES)
        return fill(otherwise, recipient=drop.recipient_name)


def _why_nobody_is_reminded(drop: Drop) -> str:
    if drop.paused_at is not None:
        return wording.REMIND_PAUSED
    if drop.state is State.LOCKED:
        return wording.REMIND_LOCKED
    return wording.REMIND_LATER if drop.way in reminding.WAYS else wording.REMIND_YOURSELF
