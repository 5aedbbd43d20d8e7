"""A server that lies, stalls, floods or leads elsewhere: it learns nothing more, and a person is told in words."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from store.formats import base64url
from store.formats.payload_v1 import Text
from tests.browser.pretend_reader import SILENCE, Answer, problem
from tests.opening.links import PIPED
from tests.opening.pretend_server import PASSPHRASE, PretendServer, pretending
from tests.opening.seat import LINK, Done, alone, seated
from tests.opening.seat import PASSPHRASE as ASKED

GIGANTIC, UNSAID = {"Content-Length": str(10**12)}, {"Content-Length": ""}


async def run(pretend: PretendServer, folder: Path, *words: str, typed: str = PASSPHRASE) -> Done:
    """One try by a script."""
    return await alone(folder, *PIPED, "--json", *words, typed=f"{pretend.url}\n{typed}\n")


@pytest.mark.parametrize("route", ["door", "claim", "acknowledge"])
async def test_no_redirect_is_followed(tmp_path: Path, route: str) -> None:
    """Neither link_proof nor auth_token goes where a redirect leads, whichever kind it is."""
    async with pretending() as pretend, pretending() as elsewhere:
        target = {"Location": f"{elsewhere.base}/api/v1/drops/{elsewhere.link.id_text}/{route}"}
        pretend.say(route, *(Answer(status, headers=target) for status in (307, 302, 308)))
        done = await run(pretend, tmp_path)
        assert elsewhere.raw == []
        said = json.loads(done.out)
        if route == "door":
            assert (done.code, said["problem"], said["why"]) == (6, "unavailable", "redirected")
            assert len(pretend.requests("door")) == 1
        else:
            # Perhaps a gate on the way that closes again: the same request is made until it is through.
            assert (done.code, said["text"]) == (0, "sk_live_51")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, octets=b"x" * 70_000, headers={"Content-Type": "application/json"}),
        Answer(200, octets=b"x" * 70_000, headers=UNSAID | {"Content-Type": "application/json"}),
        Answer(200, octets=b"{}", headers=GIGANTIC | {"Content-Type": "application/json"}),
        Answer(200, octets=b"<html>Log in to this network</html>", headers={"Content-Type": "text/html"}),
        Answer(410, octets=b"gone", headers={"Content-Type": "text/html"}),
        Answer(200, octets=b"[" * 50_000, headers={"Content-Type": "application/json"}),
        Answer(200, {"state": "sealed", "header": 7}),
        Answer(200, {"state": ["sealed"], "header": "{}"}),
        Answer(410, {"type": "about:blank", "state": "viewed", "at": 1}),
    ],
    ids=[
        "long",
        "length unsaid",
        "gigantic",
        "portal",
        "foreign 410",
        "nested",
        "no header",
        "no state",
        "not our 410",
    ],
)
async def test_an_answer_that_is_not_ours_says_nothing_about_the_drop(tmp_path: Path, answer: Answer) -> None:
    """Asked again for some seconds, then exit code 6; the drop is not said to have ended, and nothing is claimed."""
    async with pretending() as pretend:
        pretend.say("door", *[answer] * 9)
        done = await run(pretend, tmp_path)
        said = json.loads(done.out)
        assert (done.code, said["problem"]) == (6, "unavailable")
        assert "Nothing is used up. Run this again" in said["sentence"]
        assert 2 <= len(pretend.requests("door")) <= 4
        assert pretend.requests("claim") == []


async def test_an_answer_is_never_unpacked(tmp_path: Path) -> None:
    """A packed door is not ours: what unpacks to gigabytes would not be either."""
    async with pretending() as pretend:
        packed = gzip.compress(json.dumps(pretend.door().members).encode())
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        pretend.say("door", *[Answer(200, octets=packed, headers=headers)] * 9)
        assert (await run(pretend, tmp_path)).code == 6
        assert all(b"accept-encoding: identity" in raw.lower() for raw in pretend.raw)


async def test_an_envelope_without_end_is_not_read(tmp_path: Path) -> None:
    """More than any envelope has, with and without its length said; the same claim then gets the real one."""
    async with pretending() as pretend:
        endless = {"Sends-Left": "2", "Content-Type": "application/octet-stream"}
        pretend.say("claim", Answer(200, octets=b"", headers=endless | GIGANTIC))
        pretend.say("claim", Answer(200, octets=bytes(17 * 1024 * 1024), headers=endless | UNSAID))
        done = await run(pretend, tmp_path)
        assert (done.code, json.loads(done.out)["text"]) == (0, "sk_live_51")
        assert len({said["claim"] for said in pretend.requests("claim")}) == 1
        assert done.err.count("The answer is larger than any that belongs to a link") == 2


CHANGES: dict[str, dict[str, Any]] = {
    "another link's": {"id": base64url.encode(bytes(16))},
    "no passphrase": {"mode": "n"},
    "another form": {"form": "telephone"},
    "one more member": {"url": "https://evil.example"},
    "another version": {"v": 2},
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_header_that_does_not_belong_to_the_link(tmp_path: Path, change: str) -> None:
    """Exit code 7 before a passphrase is asked for or anything of the header is shown."""
    async with pretending(sender="Mallory") as pretend:
        header = json.dumps(json.loads(pretend.header) | CHANGES[change])
        pretend.say("door", pretend.door(header=header))
        async with seated(tmp_path, "--json", piped=True) as seat:
            await seat.answers(LINK, pretend.url)
            assert json.loads(await seat.ends(7))["problem"] == "foreign-header"
        assert (ASKED in seat.screen, "Mallory" in seat.screen) == (False, False)
        assert pretend.requests("claim") == []


async def test_a_label_carries_nothing_out(tmp_path: Path) -> None:
    """Escape sequences, line breaks and bidirectional controls of header and hint reach no terminal."""
    evil = "\x1b[2J\x1b]0;owned\x07\r\nTries: 5\u202eegap\u2066\u2028\x9b31m"
    async with pretending(sender=f"Maya{evil}", label=f"Key{evil}" + "x" * 900) as pretend:
        pretend.hint = f"four{evil}"
        async with seated(tmp_path) as seat:
            await seat.answers(LINK, pretend.url)
            await seat.sees(ASKED)
        for control in "\x1b\x07\x9b\u202e\u2066\u2028":
            assert control not in seat.screen
        assert "\nTries" not in seat.screen
        assert "From:       Maya\ufffd" in seat.screen
        assert "x…\n" in seat.screen


async def test_another_text_than_was_sealed_is_not_handed_out(tmp_path: Path) -> None:
    """A changed envelope is damaged, after the server had a second chance; exit code 7, and it is not acknowledged."""
    async with pretending() as pretend:
        changed = bytearray(pretend.sealed.envelope)
        changed[-20] ^= 1
        pretend.say("claim", *[pretend.release(bytes(changed))] * 2)
        done = await run(pretend, tmp_path)
        assert (done.code, json.loads(done.out)["problem"]) == (7, "damaged")
        assert len({said["claim"] for said in pretend.requests("claim")}) == 1
        assert pretend.requests("acknowledge") == []


async def test_a_damaged_transfer_is_asked_for_once_more(tmp_path: Path) -> None:
    """The same claim, and the second one opens."""
    async with pretending() as pretend:
        pretend.say("claim", pretend.release(pretend.sealed.envelope[:-1]))
        done = await run(pretend, tmp_path)
        assert (done.code, json.loads(done.out)["text"]) == (0, "sk_live_51")


@pytest.mark.parametrize("receipt", ["https://evil.example/receipts/" + "0" * 32, "\x1b[2J", 7, None, "own"])
async def test_a_receipt_of_another_server_is_not_shown(tmp_path: Path, receipt: object) -> None:
    """Only an address of the very server that was asked leads on."""
    async with pretending() as pretend:
        own = f"{pretend.base}/receipts/{'0' * 32}"
        said = own if receipt == "own" else receipt
        pretend.say("acknowledge", Answer(200, {"state": "destroyed", "receipt": said}))
        done = await run(pretend, tmp_path)
        assert json.loads(done.out)["receipt"] == (own if receipt == "own" else None)
        assert ("evil" in done.err, "\x1b" in done.err) == (False, False)


@pytest.mark.parametrize(
    ("answer", "code", "problem_word"),
    [
        (problem(403, "verification-required"), 5, "verification-required"),
        (problem(400, "malformed"), 6, "unavailable"),
        (problem(451, "of-a-later-version"), 6, "unavailable"),
        (problem(423, "of-a-later-version"), 4, "locked"),
        (problem(429, "too-soon", retry_after_seconds=2**53 - 1), 4, "too-soon"),
        (problem(410, "ended", state="\x1b[2J", at=2**53 - 1), 1, "ended"),
        (problem(410, "ended", state="viewed", at="soon"), 1, "ended"),
        (problem(403, "wrong-passphrase", tries_left="\x1b[2J", retry_after_seconds=[]), 4, "wrong-passphrase"),
    ],
)
async def test_refusals_as_the_protocol_has_them(tmp_path: Path, answer: Answer, code: int, problem_word: str) -> None:
    """Unknown words go by their status, and members of any kind and size make a sentence."""
    async with pretending() as pretend:
        pretend.say("claim", answer)
        done = await run(pretend, tmp_path)
        assert (done.code, json.loads(done.out)["problem"]) == (code, problem_word)
        assert ("\x1b" in done.err, "Traceback" in done.err) == (False, False)


async def test_a_year_that_no_calendar_has(tmp_path: Path) -> None:
    """An absurd expiry is a sentence too."""
    async with pretending(Text("x")) as pretend:
        header = json.loads(pretend.header) | {"expires_at": 2**53 - 1}
        pretend.say("door", pretend.door(header=json.dumps(header)))
        pretend.say("claim", problem(423, "locked"))
        done = await run(pretend, tmp_path)
        assert (done.code, "a day beyond all calendars" in done.err) == (4, True)


async def test_silence_at_the_door(tmp_path: Path) -> None:
    """A connection that breaks twice is no reason to give up, and nobody listening is said in words."""
    async with pretending() as pretend:
        pretend.say("door", SILENCE, SILENCE)
        assert (await run(pretend, tmp_path)).code == 0
    done = await run(pretend, tmp_path)
    assert (done.code, json.loads(done.out)["why"]) == (6, "unreachable")
