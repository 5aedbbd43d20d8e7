"""
What was erased on purpose, as signed events say: a month's names for good, or one person's in one drop.

What is missing and was not forgotten was deleted by hand; what is there and was said to be forgotten was not.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import KeyUnreadableError
from store.forgetting import FIELDS
from store.forgetting_owners import OF_OWNERS
from store.forgetting_records import FIELDS as OF_RECORDS
from store.formats import event_v1
from store.formats.errors import FormatError
from store.keyring import KeyState
from store.months import Months
from store.personal import RECIPIENT, SENDER
from store.schema import events, forgotten_months
from store.verifying.findings import Findings
from store.verifying.life import Told
from store.words import Event

_OF_VISITORS: Final = frozenset({"network", "browser"})
_TABLE: Final = "forgotten_months"
_OF_VISITS: Final = frozenset({Event.DOOR_OPENED, Event.CLAIMED, Event.PASSPHRASE_FAILED})


class Forgotten:
    """`months` are those that were forgotten whole."""

    def __init__(self) -> None:
        self.months: set[str] = set()
        self._of_drops: dict[bytes, frozenset[str]] = {}
        self._tokens: set[str] = set()
        self._of_records: dict[str, frozenset[str]] = {}

    def tell(self, claims: Mapping[str, Any]) -> None:
        """An event of the installation itself."""
        if claims.get("evt") == Event.PERSON_FORGOTTEN and isinstance(claims.get("month"), str):
            self.months.add(claims["month"])

    async def read_without_drop(self, tx: AsyncConnection) -> None:
        """
        The tokens whose owners were forgotten, and the records of which somebody was.

        Read before the events are told, of which the one that made it may come long before the one that forgets its
        owner; a signature that is wrong is found when they are.
        """
        of_nobody = select(events.c.leaf).where(events.c.event == Event.PERSON_FORGOTTEN, events.c.drop_id.is_(None))
        for leaf in (await tx.execute(of_nobody)).scalars():
            with suppress(FormatError, TypeError):
                said = event_v1.unverified(leaf)
                token, record, who = said.get("token"), said.get("record"), said.get("who")
                if isinstance(token, str):
                    self._tokens.add(token)
                if isinstance(record, str):
                    self._of_records[record] = self._of_records.get(record, frozenset()) | OF_RECORDS.get(
                        str(who), frozenset()
                    )

    def tell_drop(self, drop_id: bytes, told: Iterable[Told | None]) -> None:
        """The events of one drop."""
        roles = {one.claims.get("who") for one in told if one and one.row.event == Event.PERSON_FORGOTTEN}
        fields = [FIELDS[role] for role in (SENDER, RECIPIENT) if role in roles]
        if fields:
            self._of_drops[drop_id] = frozenset().union(*fields)

    async def close(
        self, tx: AsyncConnection, months: Months | None, states: Mapping[str, KeyState], findings: Findings
    ) -> None:
        """After all events were told: the table says the same, and the keys are what both say."""
        in_table = set((await tx.execute(select(forgotten_months.c.month))).scalars())
        for month in sorted(in_table ^ self.months):
            findings.fail(_TABLE, f"{month} stands in the table or in a signed event, and not in both")
        for month, state in states.items():
            if state is KeyState.ABSENT:
                findings.fail(_TABLE, f"the key of {month} is damaged: what is kept under it cannot be read")
            elif state is KeyState.LIVE and month in self.months and _is_live(months, month):
                findings.fail(_TABLE, f"the key of {month} is there, and the month was said to be forgotten")
            elif state is KeyState.ERASED and month not in self.months:
                findings.fail(_TABLE, f"the key of {month} was erased, and no event says so")
        findings.close(_TABLE, f"{len(in_table)}, each as a signed event says")

    def of_event(self, event: Any, claims: Mapping[str, Any]) -> frozenset[str]:
        """The names of disclosures that this row of events, which says so, may lack, and must."""
        if event.event == Event.TOKEN_CREATED:
            return OF_OWNERS if claims.get("token") in self._tokens else frozenset()
        if event.event == Event.RECORD_CREATED:
            return self._of_records.get(str(claims.get("record")), frozenset())
        of_drop = self._of_drops.get(event.drop_id, frozenset())
        return of_drop & _OF_VISITORS if event.event in _OF_VISITS else of_drop - _OF_VISITORS

    def of_drop(self, drop_id: bytes) -> frozenset[str]:
        """The names of everything that this drop must lack."""
        return self._of_drops.get(drop_id, frozenset())


def _is_live(months: Months | None, month: str) -> bool:
    """Asked again: it may have been forgotten since it was looked at."""
    try:
        return months is not None and months.read(month) is not None
    except KeyUnreadableError:
        return False
