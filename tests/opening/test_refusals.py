"""Every no of the real reveal server, in words and as an exit code; and what is refused before it is asked."""

import asyncio
import getpass
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from argon2.exceptions import HashingError

from sendsecret.opening import passphrase_tries
from sendsecret.opening.answers import Door
from sendsecret.opening.pasted_link import PastedLink
from sendsecret.opening.reader_routes import ReaderRoutes
from sendsecret.opening.stopping import StoppedError
from sendsecret.talking import stopping, terminal
from store import deliveries, endings, pausing
from store.formats import header_v1
from store.formats.payload_v1 import Text
from tests.opening.links import CORRECT, PIPED, both, url
from tests.opening.pretend_server import pretending
from tests.opening.seat import LINK, PASSPHRASE, alone, seated
from tests.web.conftest import Holder, World

Ending = Callable[[World, Holder], Awaitable[object]]


async def _viewed(world: World, holder: Holder) -> None:
    body = holder.claim()
    await world.claim(holder, body)
    del body["auth_token"]
    assert (await world.post(f"{holder.path}/acknowledge", body)).status == 200


async def _lost(world: World, holder: Holder) -> None:
    world.store.keyring.erase(holder.link.id)
    assert (await world.claim(holder)).status == 410


async def _expired(world: World, holder: Holder) -> None:
    world.move_clock(3601)


ENDINGS: dict[str, tuple[Ending, str]] = {
    "viewed": (_viewed, "The secret was opened and shown on"),
    "released": (lambda world, holder: world.claim(holder), "The secret was given out on"),
    "revoked": (lambda world, holder: endings.revoke(world.store, holder.link.id), "It was taken back on"),
    "expired": (_expired, "It expired on"),
    "undelivered": (
        lambda world, holder: deliveries.record_undelivered(world.store, holder.link.id),
        "or it came back",
    ),
    "lost": (_lost, "Its key was found missing on"),
}


@pytest.mark.parametrize("outcome", ENDINGS)
async def test_an_ended_drop_says_how_it_ended(world: World, tmp_path: Path, outcome: str) -> None:
    """Exit code 1 and the outcome, to people and to programs."""
    holder = await world.make(passphrase=CORRECT, delivered=outcome != "undelivered")
    end, sentence = ENDINGS[outcome]
    await end(world, holder)
    done = await alone(tmp_path, *PIPED, "--json", typed=both(world, holder))
    said = json.loads(done.out)
    assert (done.code, said["state"], said["problem"], said["outcome"]) == (1, "stopped", "ended", outcome)
    assert said["sentence"].startswith(f"This link no longer exists. {sentence}" if sentence[0] in "TI" else "This")
    assert sentence in done.err


async def test_guesses_used_up_end_a_drop_that_is_to_end_so(world: World, tmp_path: Path) -> None:
    """`locked_out`, where the sender chose that; exit code 1."""
    holder = await world.make_locked(on_lock="destroy")
    done = await alone(tmp_path, *PIPED, typed=both(world, holder, "open"))
    assert (done.code, "Too many wrong passphrases were tried" in done.err) == (1, True)


async def test_wrong_passphrases_until_it_is_locked(world: World, tmp_path: Path) -> None:
    """Tries left after each; the next is waited for and sent by itself; the fifth locks, and nothing is destroyed."""
    holder = await world.make(Text("still there"), passphrase=CORRECT)
    async with seated(tmp_path) as seat:
        await seat.answers(LINK, url(world, holder))
        for left in (4, 3, 2):
            await seat.answers(PASSPHRASE, "wrong")
            await seat.sees(f"That is not the passphrase. {left} tries left.")
        await seat.sees("The next one counts in 0:30.")
        world.move_clock(28)
        await seat.answers(PASSPHRASE, "wrong")
        await seat.sees("There is a pause before the next try. Sending this passphrase in 0:0")
        await seat.sees("That is not the passphrase. 1 try left. The next one counts in 5:00.")
        world.move_clock(301)
        await seat.answers(PASSPHRASE, "wrong")
        await seat.sees("Locked: all tries are used up. The secret is still there")
        await seat.ends(4)
    assert (await world.events(holder)).count("drop.passphrase_failed") == 5
    again = await alone(tmp_path, *PIPED, "--json", typed=both(world, holder))
    assert (again.code, json.loads(again.out)["problem"]) == (4, "locked")


async def test_a_script_has_one_try(world: World, tmp_path: Path) -> None:
    """A wrong passphrase, one that cannot be one, and one too soon: exit code 4, with what is left; nobody is asked."""
    holder = await world.make(passphrase=CORRECT)
    words = (*PIPED, "--json")
    runs = [await alone(tmp_path, *words, typed=both(world, holder, typed)) for typed in ("a", "b", "\u0378", "c", "d")]
    said = [json.loads(run.out) for run in runs]
    assert [run.code for run in runs] == [4] * 5
    problems = ["wrong-passphrase", "wrong-passphrase", "unusable-passphrase", "wrong-passphrase", "too-soon"]
    assert [one["problem"] for one in said] == problems
    assert [one.get("tries_left") for one in said] == [4, 3, None, 2, None]
    assert 0 < said[4]["retry_after_seconds"] <= 30


async def test_a_passphrase_that_cannot_be_one_costs_nothing(world: World, tmp_path: Path) -> None:
    """It is asked for again at once, and nothing is sent."""
    holder = await world.make(Text("x"), passphrase="12345678", form="digits")
    async with seated(tmp_path, piped=True) as seat:
        await seat.answers(LINK, url(world, holder))
        await seat.answers(PASSPHRASE, "no digit in it")
        await seat.sees("No try is used up.")
        await seat.answers(PASSPHRASE, "1234 5678")
        assert await seat.ends(0) == b"x"
    assert "drop.passphrase_failed" not in await world.events(holder)


async def test_a_paused_drop(world: World, tmp_path: Path) -> None:
    """Exit code 5 at the door, and also when the pause begins while the passphrase is typed."""
    holder = await world.make(passphrase=CORRECT)
    async with seated(tmp_path) as seat:
        await seat.answers(LINK, url(world, holder))
        await seat.sees(PASSPHRASE)
        await pausing.pause(world.store, holder.link.id)
        seat.types(CORRECT)
        await seat.sees("Paused: the person this was sent to said in Slack")
        await seat.ends(5)
    done = await alone(tmp_path, *PIPED, "--json", typed=both(world, holder))
    assert (done.code, json.loads(done.out)["problem"]) == (5, "paused")


async def test_somebody_else_was_faster(world: World, tmp_path: Path) -> None:
    """Claimed while the passphrase is typed: that it was somebody else is said, because no answer was lost."""
    holder = await world.make(passphrase=CORRECT)
    async with seated(tmp_path) as seat:
        await seat.answers(LINK, url(world, holder))
        await seat.sees(PASSPHRASE)
        await world.claim(holder)
        seat.types(CORRECT)
        await seat.sees("Somebody else got it on ")
        await seat.ends(1)


async def test_a_link_that_nobody_made(world: World, tmp_path: Path) -> None:
    """A whole link that this server does not know: exit code 1."""
    holder = await world.make(passphrase=CORRECT)
    other = holder.link.__class__(id=bytes(16), key=holder.link.key, mode="p")
    typed = f"{other.url(f'http://127.0.0.1:{world.port}')}\nx\n"
    done = await alone(tmp_path, *PIPED, "--json", typed=typed)
    assert (done.code, json.loads(done.out)["problem"]) == (1, "not-found")


async def test_ctrl_c_and_ctrl_d_use_nothing_up(world: World, tmp_path: Path) -> None:
    """At the passphrase: a sentence, 130, no traceback, no guess."""
    holder = await world.make(passphrase=CORRECT)
    for key in ("\x03", "\x04"):
        async with seated(tmp_path) as seat:
            await seat.answers(LINK, url(world, holder))
            await seat.sees(PASSPHRASE)
            await seat.presses(key)
            await seat.sees("Stopped. No secret was given out.")
            await seat.ends(130)
        assert "Traceback" not in seat.screen
    assert (await world.door(holder)).json()["tries_left"] == 5


async def test_ctrl_c_does_not_throw_an_opened_secret_away(world: World, tmp_path: Path) -> None:
    """Once it is opened the first Ctrl-C asks again; the second is meant."""
    holder, other = await world.make(Text("kept"), passphrase=CORRECT), await world.make(passphrase=CORRECT)
    for one, second in ((holder, "\n"), (other, "\x03")):
        async with seated(tmp_path) as seat:
            await seat.answers(LINK, url(world, one))
            await seat.answers(PASSPHRASE, CORRECT)
            await seat.sees("window may keep it")
            await seat.presses("\x03")
            await seat.sees("Ctrl-C once more does that.")
            await seat.sees("write it into: ")
            await seat.presses(second)
            await seat.sees("kept\n" if one is holder else "is nowhere now")
            await seat.ends(0 if one is holder else 130)


def test_a_terminal_that_cannot_hide_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than show what is typed, the command stops in words."""
    monkeypatch.setattr(terminal, "is_there", lambda: True)
    monkeypatch.setattr(getpass, "getpass", getpass.fallback_getpass)  # type: ignore[attr-defined]
    with pytest.raises(stopping.StoppedError, match="shows what is typed") as stopped:
        terminal.hidden("Passphrase: ")
    assert stopped.value.code == 2


async def test_too_little_memory_costs_no_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id takes 46 MiB; where they are not to be had, that is said, and nothing is sent."""

    def no_memory(*_: object) -> None:
        raise HashingError("Memory allocation error")

    async with pretending() as pretend:
        monkeypatch.setattr(passphrase_tries, "derive", no_memory)
        door = Door("sealed", pretend.header, "", 5, 0)
        header = header_v1.parse(pretend.header)
        routes = ReaderRoutes(PastedLink(pretend.base, pretend.link), asyncio.Runner(), lambda *_: None)
        with pytest.raises(StoppedError) as stopped:
            passphrase_tries.Tries(routes, pretend.link, door, header, lambda _: None, "4711").until_open()
        assert (stopped.value.problem, pretend.asked) == ("no-memory", [])


BAD_LINKS: dict[str, tuple[Callable[[str], str], str]] = {
    "cut": (lambda whole: whole[:-3], "cut-link"),
    "mistyped": (lambda whole: whole[:-9] + ("A" if whole[-9] != "A" else "B") + whole[-8:], "cut-link"),
    "no key": (lambda whole: whole.partition("#")[0], "cut-link"),
    "of a later version": (lambda whole: whole.replace("#1", "#2"), "unknown-link"),
    "unsafe": (lambda whole: whole.replace("127.0.0.1", "drops.example"), "insecure-link"),
    "another host before an at sign": (lambda whole: whole.replace("//", "//drops.example@"), "unknown-link"),
    "no link": (lambda _whole: "hunter2", "unknown-link"),
    "a page": (lambda whole: re.sub("/s/.*", "/receipts/1", whole), "cut-link"),
    "not a port": (lambda whole: re.sub(r":\d+/", ":99999/", whole), "unknown-link"),
    "an escape sequence": (lambda whole: whole.replace("//", "//\x1b[2J"), "unknown-link"),
    "nothing": (lambda _whole: "", "unknown-link"),
}


@pytest.mark.parametrize("kind", BAD_LINKS)
async def test_a_link_that_is_none_is_refused_here(world: World, tmp_path: Path, kind: str) -> None:
    """A sentence and exit code 2; the server is asked nothing, and nothing of the link is repeated."""
    holder = await world.make(passphrase=CORRECT)
    change, problem = BAD_LINKS[kind]
    done = await alone(tmp_path, *PIPED, "--json", typed=f"{change(url(world, holder))}\n{CORRECT}\n")
    said = json.loads(done.out)
    assert (done.code, said["problem"], "Nothing was sent" in said["sentence"]) == (2, problem, True)
    assert holder.link.id_text not in done.err
    assert "drop.door_opened" not in await world.events(holder)


async def test_a_link_as_mail_programs_mangle_it(world: World, tmp_path: Path) -> None:
    """Line breaks, angles and an escaped # are forgiven."""
    holder = await world.make(Text("x"), passphrase=CORRECT)
    mangled = f"  <{url(world, holder).replace('#', '%23').replace('/s/', '/s/ ')}> "
    done = await alone(tmp_path, *PIPED, typed=f"{mangled}\r\n{CORRECT}\r\n")
    assert (done.code, done.out) == (0, b"x"), done.err


async def test_nobody_to_ask(world: World, tmp_path: Path) -> None:
    """Without a terminal, and with too few lines: exit code 2 and what to do; nothing is sent."""
    holder = await world.make(passphrase=CORRECT)
    link = url(world, holder)
    runs = {
        "no-terminal": [await alone(tmp_path, "--json"), await alone(tmp_path, "-", "--json", typed=link + "\n")],
        "wrong-use": [
            await alone(tmp_path, "-", "--json"),
            await alone(tmp_path, *PIPED, "--json", typed=link + "\n"),
            await alone(tmp_path, *PIPED, "--json", typed=f"{link}\n{'x' * 9000}"),
        ],
    }
    found = [(problem, run.code, json.loads(run.out)["problem"]) for problem, many in runs.items() for run in many]
    assert found == [(problem, 2, problem) for problem, _, _ in found]
    async with seated(tmp_path, *PIPED) as seat:
        await seat.sees("--passphrase-stdin is for a pipe")
        await seat.ends(2)
    assert "drop.door_opened" not in await world.events(holder)
