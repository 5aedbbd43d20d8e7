"""The whole product at work, and a client's computer: a folder of its own, in which somebody is logged in."""

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from sandbox.fixtures import DANA, GENERAL, MAYA
from store import claims, door
from store.door import Visitor
from store.formats import derivation_v1, link_v1, passphrase_v1, seal_v1
from store.formats.payload_v1 import File, Text
from store.schema_of_orders import orders as table
from tests.bot.desk import found, link_in
from tests.e2e.workplace import Workplace
from tests.opening.seat import Done, alone

TOKEN = re.compile(r"sst_[A-Za-z0-9_-]{64}")
LABEL = "Deploy key"


@dataclass
class Client:
    """Somebody's computer."""

    at: Workplace
    folder: Path
    token: str

    @property
    def server(self) -> str:
        """Where the server is."""
        return f"http://localhost:{self.at.web.port}"

    async def run(
        self, verb: str, *words: str, typed: str | bytes = "", line: str = "exec %s", **settings: str
    ) -> Done:
        """A command without a terminal."""
        return await alone(self.folder, *words, typed=typed, line=line, verb=verb, settings=settings)

    async def send(self, *words: str, typed: str | bytes = "sk_live_canary", **settings: str) -> Done:
        """To Dana, who is a guest, under a label, with the object for programs."""
        return await self.run("send", "@dana", "-l", LABEL, "--yes", "--json", *words, typed=typed, **settings)

    async def newest(self, after: str = "0") -> link_v1.Link:
        """Dana's newest link."""
        message = found(await self.at.sandbox.wait_message(DANA, contains="open_drop", after=after))
        return link_in(message)

    async def read(self, passphrase: str, after: str = "0") -> Text | File:
        """Open Dana's newest link as her page does."""
        link, store = await self.newest(after), self.at.desk.store
        proof = derivation_v1.link_proof(link)
        seen = await door.look(store, link.id, proof, Visitor())
        form = seal_v1.check_header(link, seen.header).form
        keys = derivation_v1.derive(link, passphrase_v1.canon(form, passphrase))
        presented = claims.Presented(link.id, proof, keys.auth_token, bytes(32))
        release = await claims.claim(store, presented, Visitor())
        return seal_v1.open_with_keys(link, seen.header, keys, release.envelope)

    async def orders(self) -> set[bytes]:
        """The ids of all that was asked for; those that are over may be swept away."""
        async with self.at.desk.store.db.read() as tx:
            return set((await tx.scalars(select(table.c.id))).all())

    def now(self) -> str:
        """A moment in Slack's time, before whatever comes."""
        return self.at.sandbox.workspace.new_ts()


async def slack_says(at: Workplace, user: str, words: str) -> str:
    """Somebody types the command in a channel; what only they read."""
    before = at.sandbox.workspace.new_ts()
    await at.sandbox.type(user, GENERAL, f"/sendsecret {words}")

    def look() -> str | None:
        seen = at.sandbox.messages(user, GENERAL)
        return next((str(one["text"]) for one in seen if one["ts"] > before and one.get("seen_by") == user), None)

    answer = await at.sandbox.workspace.changes.until(look, 20)
    assert answer is not None
    return answer


async def new_token(at: Workplace, user: str = MAYA) -> str:
    """A token, as Slack shows it."""
    [token] = TOKEN.findall(await slack_says(at, user, "token"))
    return str(token)
