"""
Who may do something with a record in Slack: whoever made it, while they may hand over secrets, and administrators.

Judged at every press, as with drops: a button's value is an id that anybody may have seen.
"""

from dataclasses import dataclass

from bot import record_form_wording as wording
from bot.people import People
from bot.policy import Policy
from bot.rights import Clicker, Rights, Role
from store import records
from store.errors import KeyUnreadableError, UnknownRecordError
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.record_key_v1 import ID_BYTES
from store.opened import Store
from store.records import Held
from store.words import Actor


@dataclass(frozen=True)
class RecordRights:
    """Judges people of the workspace that `rights` knows."""

    store: Store
    people: People
    rights: Rights
    policy: Policy

    async def permitted(self, record: str, clicker: Clicker) -> tuple[Held, Actor] | str:
        """
        A record, live or ended, and in which capacity somebody acts on it; else the sentence that refuses them.

        The same one whether there is none or it is another's.  Raises StoreUnavailableError.
        """
        try:
            held = await records.find(self.store, base64url.decode(record, ID_BYTES))
        except (UnknownRecordError, MalformedError):
            return wording.NOT_YOURS
        if held.is_unreadable:
            raise KeyUnreadableError("whose a record is cannot be read")
        if held.named is None or held.named.team not in (None, self.rights.team_id):
            # An office here is none over what another workspace on the same store has made.
            return wording.NOT_YOURS
        if Role.ADMIN in self.rights.offices(clicker):
            return held, Actor.SENDER if self._is_owner(held, clicker) else Actor.ADMIN
        if not self._is_owner(held, clicker):
            return wording.NOT_YOURS
        # Whoever has become a guest, or has left, owns it still and may do nothing with it.
        person = await self.people.find(clicker.user_id)
        if person is None:
            return wording.SENDER_UNKNOWN
        return (held, Actor.SENDER) if self.policy.may_send(person) else wording.MAY_NOT

    def _is_owner(self, held: Held, clicker: Clicker) -> bool:
        owner, team = (None, None) if held.named is None else (held.named.owner, held.named.team)
        return bool(owner) and owner == clicker.user_id and clicker.team_id == team == self.rights.team_id
