"""A client looks at what Maya sent and revokes it, through the real programs; and an operator makes it a token."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import insert

from bot import audit_wording, recipient_wording
from sandbox.fixtures import AUDIT, DANA, MAYA, NOOR, SAM
from store import asked_revokes, delivery_keys
from store.asked_words import AskedRevoke, NotRevoked
from store.formats import api_token_v1, asked_revoke_v1, delivery_v1, event_v1
from store.formats.api_token_v1 import ApiToken
from store.schema import events
from store.schema_of_tokens import asked_revokes as questions
from store.words import Event, Outcome
from tests.bot.desk import found
from tests.canaries import is_in
from tests.e2e.acting import PASSPHRASE, Handover, hand_over
from tests.e2e.reading import audited, mark, reads
from tests.e2e.workplace import Workplace
from tests.programs import ROOT
from tests.sending.at_work import TOKEN, slack_says
from tests.web import wire

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Program:
    """Somebody's program with a token; `heard` is all that it was answered."""

    at: Workplace
    token: str
    heard: bytes = b""

    async def ask(self, path: str, method: str = "GET") -> wire.Reply:
        """One request about /api/v1/drops."""
        raw = wire.get(f"/api/v1/drops{path}", method, Authorization=f"Bearer {self.token}")
        reply = await wire.exchange(self.at.web.port, raw)
        self.heard += reply.body
        return reply

    async def revoke(self, drop: Handover) -> wire.Reply:
        """Revoke one, and again for as long as no bot has answered."""
        async with asyncio.timeout(60):
            while (reply := await self.ask(f"/{drop.link.id_text}/revoke", "POST")).status == 202:  # noqa: ASYNC110 - the bot's act
                await asyncio.sleep(0.1)
        return reply


async def program(at: Workplace, words: str, user: str = MAYA) -> Program:
    """A program with a token as the command makes it."""
    [token] = TOKEN.findall(await slack_says(at, user, f"token {words}"))
    return Program(at, str(token))


async def used(at: Workplace, token: str) -> list[dict[str, Any]]:
    """What of a token's use is on record."""
    async with at.desk.store.db.read() as tx:
        leaves = (await tx.execute(events.select().where(events.c.event == Event.TOKEN_USED))).all()
    claims = [event_v1.unverified(row.leaf) for row in leaves]
    return [one for one in claims if one["token"] == api_token_v1.parse(token).id_text]


async def test_from_the_list_to_the_tombstone(at: Workplace) -> None:
    """Listed, looked at, revoked once and again; Dana and the security team see it, and nothing secret is anywhere."""
    maya = await program(at, "read revoke")
    drop = await hand_over(at)
    [listed] = [one for one in (await maya.ask("?section=outstanding")).json()["drops"] if one["label"] == drop.label]
    assert (listed["id"], listed["recipient"]["name"]) == (drop.link.id_text, "Dana Okafor")
    assert (await maya.ask(f"/{listed['id']}/receipt")).slug == "no-receipt"
    for _ in range(2):
        reply = await maya.revoke(drop)
        assert (reply.status, reply.json()["outcome"]) == (200, "revoked")
    await reads(at, DANA, recipient_wording.TOMBSTONES[Outcome.REVOKED], about=drop.label, lacks="open_drop")
    await audited(at, drop.link.id, audit_wording.REVOKED["sender"])
    steps = [one["event"] for one in (await maya.ask(f"/{listed['id']}/events")).json()["events"]]
    assert steps[-3:] == ["drop.revoked", "drop.destroyed", "drop.receipt"]
    receipt = (await maya.ask(f"/{listed['id']}/receipt")).json()
    public = await wire.exchange(at.web.port, wire.get(f"/receipts/{receipt['rid']}.jws"))
    assert public.body.decode().strip() == receipt["jws"]
    said = await used(at, maya.token)
    assert [one["what"] for one in said if one["what"] != "revoke"] == ["list", "receipt", "events"]
    assert {(one["what"], one["answer"]) for one in said if one["what"] == "revoke"} == {("revoke", "revoke")}
    kept = b"".join(path.read_bytes() for path in at.home.path.glob("store.db*"))
    for canary in (drop.link.key, drop.link.fragment().encode(), PASSPHRASE.encode()):
        assert not is_in(canary, maya.heard)
    for canary in (maya.token.encode(), api_token_v1.parse(maya.token).secret):
        assert not is_in(canary, kept + at.logs() + maya.heard)


async def test_what_was_opened_is_too_late(at: Workplace) -> None:
    """It says how it ended."""
    maya, drop = await program(at, "send revoke"), await hand_over(at)
    await at.desk.read(drop.link, PASSPHRASE)
    reply = await maya.revoke(drop)
    assert (reply.status, reply.slug, reply.json()["outcome"]) == (409, "too-late", "viewed")
    assert (await maya.ask("")).slug == "wrong-scope"


async def test_nobody_elses_program_revokes_it(at: Workplace) -> None:
    """Noor's token, and one of Maya's for something else."""
    drop = await hand_over(at)
    noor = await program(at, "read revoke", NOOR)
    assert [(await noor.revoke(drop)).status, (await noor.ask(f"/{drop.link.id_text}")).status] == [404, 404]
    assert [(one["what"], one.get("answer")) for one in await used(at, noor.token)] == [
        ("revoke", "refused"),
        ("drop", None),
    ]
    assert (await (await program(at, "send read")).revoke(drop)).slug == "wrong-scope"
    assert (await drop.now()).outcome is None


async def test_what_somebody_wrote_into_the_database_revokes_nothing(at: Workplace) -> None:
    """Under the name of Maya's token, without the token itself: refused, and in no log."""
    drop, maya = await hand_over(at), await program(at, "read revoke")
    store, key = at.desk.store, await delivery_keys.newest(at.desk.store.db)
    token = api_token_v1.parse(maya.token)
    assert key is not None
    asked_id, until = os.urandom(16), store.clock.now_seconds() + 60
    text = asked_revoke_v1.to_seal(ApiToken(token.id, bytes(32)), drop.link.id, until)
    proof = delivery_v1.seal(key.public, asked_id, text)
    row = {"id": asked_id, "state": AskedRevoke.ASKED, "token_id": token.id, "drop_id": drop.link.id}
    async with store.db.write() as tx:
        await tx.execute(insert(questions).values(**row, proof=proof, until=until * 1000))
    async with asyncio.timeout(30):
        while (found_now := await asked_revokes.look(store, asked_id))[0] is AskedRevoke.ASKED:  # noqa: ASYNC110 - the bot's act
            await asyncio.sleep(0.1)
    assert found_now == (AskedRevoke.REFUSED, NotRevoked.NO_TOKEN)
    assert (await drop.now()).outcome is None
    assert await used(at, maya.token) == []


async def typed(at: Workplace, *words: str) -> tuple[int, str, str]:
    """`sendsecret token …` where the programs run; its code and both outputs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sendsecret", "token", *words, cwd=ROOT, env={**os.environ, **at.environment()},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_an_operator_makes_a_token_for_somebody(at: Workplace) -> None:
    """Printed once on standard output, for what was said; the audit channel reads who made it."""
    drop, before = await hand_over(at), mark(at)
    code, out, err = await typed(at, "make", "--person", f"<@{MAYA}>", "--scope", "read", "--days", "3")
    assert code == 0, err
    assert TOKEN.fullmatch(out.strip())
    operators = Program(at, out.strip())
    assert (await operators.ask(f"/{drop.link.id_text}")).json()["label"] == drop.label
    assert (await operators.revoke(drop)).slug == "wrong-scope"
    name = api_token_v1.parse(operators.token).id_text
    told = found(await at.sandbox.wait_message(SAM, AUDIT, contains="by whoever runs Sendsecret", after=before))
    assert name in json.dumps(told)
    assert operators.token not in err
    code, out, _ = await typed(at, "list")
    [line] = [one for one in out.splitlines() if one.startswith(name)]
    assert (code, line.split()[1:3]) == (0, [MAYA, "read"])
    for words in (
        ["make", "--person", DANA, "--scope", "read"],
        ["make", "--person", "dana@example.com", "--scope", "read"],
        ["make", "--person", MAYA],
        ["make", "--person", MAYA, "--scope", "everything"],
        ["make", "--person", MAYA, "--scope", "read", "--days", "91"],
    ):
        code, out, err = await typed(at, *words)
        assert (code, out) == (2, "")
        assert "Traceback" not in err
