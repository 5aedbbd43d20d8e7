"""
Thousands of drops at once, for rounds that use them up.

One is sealed, created and delivered by the store's own verbs; the others are its rows again, each with an id, a key, an
envelope, verifiers and signed events of its own.  What proves a link is random: a server that is asked cannot tell, and
no page is there that would open the envelope.  Names behind the digests of their events are left out.
"""

import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table, delete, insert, select

from store import creation, deliveries, personal
from store.deliveries import Place
from store.formats import base64url, stored_v1
from store.opened import Store
from store.schema import drops, events, messages, notices
from store.schema_of_watches import watches
from tests.stores import Home, Sealed, seal

_DAY: Final = 86_400
_AT_ONCE: Final = 1000
_SERIAL: Final = {events: "position", notices: "id"}


@dataclass(frozen=True)
class Many:
    """Drops that can be claimed, and what their pages would present."""

    id: bytes
    link_proof: bytes
    auth_token: bytes

    @property
    def path(self) -> str:
        """Where its routes begin."""
        return f"/api/v1/drops/{base64url.encode(self.id)}"


class Template:
    """One drop as its rows are just before it is claimed."""

    def __init__(
        self, home: Home, store: Store, sealed: Sealed, rows: Mapping[Table, Sequence[dict[str, Any]]]
    ) -> None:
        self._home, self._store, self._sealed, self._rows = home, store, sealed, rows
        self._made: list[bytes] = []

    @staticmethod
    async def make(home: Home, store: Store) -> "Template":
        """`store` is the bot's."""
        sealed = seal(lives_seconds=_DAY)
        await creation.create(store, sealed.new)
        await deliveries.record_delivered(store, sealed.new.id, Place("D1", "1.2"))
        rows: dict[Table, list[dict[str, Any]]] = {}
        async with store.db.read() as tx:
            for table in (drops, events, notices, messages, watches):
                whose = table.c.id if table is drops else table.c.drop_id
                found = await tx.execute(select(table).where(whose == sealed.new.id))
                rows[table] = [_without(dict(row._mapping), _SERIAL.get(table)) for row in found]
        return Template(home, store, sealed, rows)

    async def more(self, count: int) -> list[Many]:
        """So many like it; their keys are in the keyring before their rows are in the database."""
        made: list[Many] = []
        while len(made) < count:
            some = [_one() for _ in range(min(_AT_ONCE, count - len(made)))]
            rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in self._rows}
            for one in some:
                self._add(one, rows)
            async with self._store.db.write() as tx:
                for table, values in rows.items():
                    if values:
                        await tx.execute(insert(table), values)
            made += some
        os.sync()  # a round must not wait for what was written before it
        self._made += [one.id for one in made]
        return made

    def made_elsewhere(self, drop_ids: Iterable[bytes]) -> None:
        """Drops to be taken away with the others."""
        self._made += drop_ids

    async def clear(self) -> None:
        """Take away what was made: a minute later the sweeper would end what was claimed, in another one's round."""
        for at in range(0, len(self._made), _AT_ONCE):
            async with self._store.db.write() as tx:
                await tx.execute(delete(drops).where(drops.c.id.in_(self._made[at : at + _AT_ONCE])))
        for drop_id in self._made:
            (self._home.keyring / "drops" / drop_id.hex()).unlink(missing_ok=True)
        self._made = []

    def _add(self, one: Many, rows: Mapping[Table, list[dict[str, Any]]]) -> None:
        key, new, store = secrets.token_bytes(32), self._sealed.new, self._store
        (self._home.keyring / "drops" / one.id.hex()).write_bytes(key)
        (row,) = self._rows[drops]
        own = {
            "id": one.id,
            "form": one.id,
            "personal": personal.seal(store.months.to_write(row["month"]), one.id, new.personal),
            "v1": stored_v1.link_proof_verifier(store.keyring.peppers.current, one.id, one.link_proof),
            "v2": stored_v1.auth_token_verifier(key, one.id, one.auth_token),
            "envelope": stored_v1.wrap(key, one.id, secrets.token_bytes(12), new.envelope),
        }
        rows[drops].append(row | own)
        for event in self._rows[events]:
            jti = f"ev_{secrets.token_hex(16)}"
            payload = base64url.decode(event["leaf"].decode().split(".")[1])
            for old, is_now in ((event["jti"], jti), (base64url.encode(new.id), base64url.encode(one.id))):
                payload = payload.replace(old.encode(), is_now.encode())
            leaf = store.signer.sign(payload).leaf
            rows[events].append(event | {"drop_id": one.id, "jti": jti, "leaf": leaf})
        for table in (notices, messages, watches):
            rows[table].extend(each | {"drop_id": one.id} for each in self._rows[table])


def _one() -> Many:
    return Many(secrets.token_bytes(16), secrets.token_bytes(32), secrets.token_bytes(32))


def _without(row: dict[str, Any], name: str | None) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}
