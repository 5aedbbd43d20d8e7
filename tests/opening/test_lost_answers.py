"""Answers that get lost: the same claim is sent again and paid for once, and what was opened is handed out."""

import json
import time
from itertools import pairwise
from pathlib import Path

import pytest

from sendsecret.talking import patience
from sendsecret.talking.refusals import Refused
from store.formats.payload_v1 import Text
from tests.browser.pretend_reader import FOREVER, SILENCE, Answer, problem
from tests.opening.links import CORRECT, PIPED, url
from tests.opening.pretend_server import PASSPHRASE, pretending
from tests.opening.seat import LINK, alone, seated
from tests.opening.seat import PASSPHRASE as ASKED
from tests.web.conftest import World


async def test_a_lost_claim_is_sent_again_as_it_was(tmp_path: Path) -> None:
    """Broken connections and a server that is away for a moment: one claim, one secret."""
    async with pretending() as pretend:
        pretend.say("claim", SILENCE, problem(503, "key-unreadable", retry_after_seconds=1), SILENCE)
        done = await alone(tmp_path, *PIPED, typed=f"{pretend.url}\n{PASSPHRASE}\n")
        assert (done.code, done.out) == (0, b"sk_live_51"), done.err
        sent = pretend.requests("claim")
        assert (len(sent), len({json.dumps(one) for one in sent})) == (4, 1)
        assert done.err.count("and that counts once.") == 3


async def test_every_typed_passphrase_has_a_claim_of_its_own(tmp_path: Path) -> None:
    """Two wrong ones and a right one are three claims, and each is 32 bytes."""
    async with pretending() as pretend:
        async with seated(tmp_path, piped=True) as seat:
            await seat.answers(LINK, pretend.url)
            for typed in ("1", "2", PASSPHRASE):
                await seat.answers(ASKED, typed)
            assert await seat.ends(0) == b"sk_live_51"
        assert len({one["claim"] for one in pretend.requests("claim")}) == 3
        assert {len(one["claim"]) for one in pretend.requests("claim")} == {43}


async def test_given_out_while_there_was_no_connection(tmp_path: Path) -> None:
    """After a lost answer it may have been this command's own: that is said, and nobody is accused."""
    async with pretending() as pretend:
        pretend.say("claim", SILENCE, problem(410, "ended", state="released", at=1_795_000_000))
        done = await alone(tmp_path, *PIPED, typed=f"{pretend.url}\n{PASSPHRASE}\n")
        assert (done.code, "perhaps to this command, whose answer was lost" in done.err) == (1, True)
        assert "Somebody else" not in done.err


async def test_a_lost_acknowledgement_loses_no_secret(tmp_path: Path) -> None:
    """The secret is handed out, with a sentence, and the exit code is 0."""
    async with pretending() as pretend:
        pretend.say("acknowledge", *[SILENCE] * 9)
        done = await alone(tmp_path, *PIPED, typed=f"{pretend.url}\n{PASSPHRASE}\n")
        assert (done.code, done.out) == (0, b"sk_live_51")
        assert "The server has not confirmed it." in done.err
        assert len({json.dumps(one) for one in pretend.requests("acknowledge")}) == 1


async def test_whoever_is_tired_of_waiting_gets_the_secret(tmp_path: Path) -> None:
    """Ctrl-C while the server is told ends the telling, not the handing out."""
    async with pretending() as pretend:
        pretend.say("acknowledge", FOREVER)
        async with seated(tmp_path) as seat:
            await seat.answers(LINK, pretend.url)
            await seat.answers(ASKED, PASSPHRASE)
            await seat.sees("Telling the server")
            await pretend.hears("acknowledge")
            await seat.presses("\x03")
            await seat.sees("The server has not confirmed it.")
            await seat.answers("window may keep it", "")
            await seat.sees("sk_live_51\n")
            await seat.ends(0)


async def test_ctrl_c_while_the_server_is_asked_says_what_is_not_known(tmp_path: Path) -> None:
    """Whether the try was counted: running it again tells."""
    async with pretending() as pretend:
        pretend.say("claim", FOREVER)
        async with seated(tmp_path) as seat:
            await seat.answers(LINK, pretend.url)
            await seat.answers(ASKED, PASSPHRASE)
            await seat.sees("Fetching the secret…")
            await pretend.hears("claim")
            await seat.presses("\x03")
            await seat.sees("Whether this try was counted is not known.")
            await seat.ends(130)
        assert "Traceback" not in seat.screen


async def test_the_real_server_gives_a_lost_envelope_again(world: World, tmp_path: Path) -> None:
    """The first answer is thrown away on its way; the second comes by the same claim, and one try is paid for."""
    holder = await world.make(Text("twice sent"), passphrase=CORRECT)
    async with pretending() as between:
        # A stand-in that passes everything on to the real server, and loses its first yes.
        lost: list[str] = []

        async def passed_on(name: str, said: dict[str, str]) -> Answer:
            reply = await world.post(f"{holder.path}/{name}", said)
            if name == "claim" and not lost:
                lost.append(name)
                return SILENCE
            return Answer(reply.status, reply.json())

        between.pass_on = passed_on
        link = url(world, holder).replace(f"http://127.0.0.1:{world.port}", between.base)
        done = await alone(tmp_path, *PIPED, typed=f"{link}\n{CORRECT}\n")
    assert (done.code, done.out, lost) == (0, b"twice sent", ["claim"]), done.err
    events = await world.events(holder)
    assert (events.count("drop.claimed"), events.count("drop.redelivered")) == (1, 1)
    assert (await world.door(holder)).json()["state"] == "viewed"


@pytest.mark.parametrize("seconds", [0, 10, 120])
def test_patience_has_an_end(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Asked ever more slowly and never past its time, whatever the server says about when to come back."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda wait: now.__setitem__(0, now[0] + wait))
    asked = []

    def attempt() -> Refused:
        asked.append(now[0])
        return Refused("unavailable", retry_after_seconds=10**9 if len(asked) > 8 else 0)

    answer = patience.until_answered(attempt, lambda *_: None, seconds)
    assert isinstance(answer, Refused)
    assert now[0] <= seconds
    waits = [later - earlier for earlier, later in pairwise(asked)]
    assert waits == sorted(waits) or max(waits) <= 15 * 1.25
    assert len(asked) >= {0: 1, 10: 3, 120: 8}[seconds]
