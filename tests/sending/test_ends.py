"""How the command ends where something is wrong: nothing cut or lost, no traceback, and a documented code."""

import io
import json
import re
import stat
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from multidict import CIMultiDict, CIMultiDictProxy

from sendsecret.__main__ import main
from sendsecret.sending import ending, logging_in, login_file, ordering, secret_in, wording
from sendsecret.sending.answers import Open, asked, sealed
from sendsecret.sending.from_secret_to_delivery import Afoot
from sendsecret.sending.handing_in import hand_in
from sendsecret.sending.login_file import Login
from sendsecret.sending.ordering import turn_away
from sendsecret.sending.stopping import CODES, Exit, StoppedError
from sendsecret.talking.exchange import Reply
from sendsecret.talking.refusals import Refused
from store.formats import order_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_order_v1 import Wishes
from store.formats.order_link_v1 import OrderLink
from store.formats.payload_v1 import Text
from tests.opening.seat import Seat, alone, seated
from tests.programs import ROOT
from tests.sending.at_work import Client

PAGE = (ROOT / "docs" / "sending.md").read_text()
TOKEN = ApiToken(bytes(12), bytes(32)).text
NOWHERE = {"SENDSECRET_URL": "http://localhost:1", "SENDSECRET_TOKEN": TOKEN}
LINK = OrderLink(bytes(16), bytes(32))
SAID: dict[str, object] = {"drop": "d", "recipient": "\u0141ukasz", "passphrase": "four words made here"}


def at_prompt(folder: Path) -> AbstractAsyncContextManager[Seat]:
    """Somebody who is asked for the secret, by a command whose server is not there."""
    return seated(
        folder, "@dana", "-l", "Key", verb="send", SENDSECRET_URL="http://localhost:1", SENDSECRET_TOKEN=TOKEN
    )


@pytest.mark.parametrize("pasted", ["first\nsecond", "first\nsecond\n", "a\n" * 900])
async def test_several_pasted_lines_are_none_of_them_sent(tmp_path: Path, pasted: str) -> None:
    """Not the first as the secret, nor the next as anything else, and none of it is shown."""
    async with seated(
        tmp_path, "@dana", "-l", "Key", verb="send", SENDSECRET_URL="http://localhost:1", SENDSECRET_TOKEN=TOKEN
    ) as seat:
        await seat.sees("not shown while you type")
        seat.types(pasted, end="")
        await seat.sees("Several lines were pasted: use -f or a pipe. Nothing was sent.")
        await seat.ends(2)
    assert "second" not in seat.screen


@pytest.mark.parametrize("length", [4095, 6000])
async def test_a_line_that_a_terminal_cuts_is_refused(tmp_path: Path, length: int) -> None:
    """What is left of it would pass for the whole."""
    async with seated(
        tmp_path, "@dana", "-l", "Key", verb="send", SENDSECRET_URL="http://localhost:1", SENDSECRET_TOKEN=TOKEN
    ) as seat:
        await seat.sees("not shown while you type")
        for at in range(0, length, 1000):
            seat.types("x" * min(1000, length - at), end="")
        seat.types("")
        await seat.sees("A terminal cuts a line as long as this")
        await seat.ends(2)


@pytest.mark.parametrize("option", ["-l", "--hint", "--reference"])
async def test_bytes_that_are_no_text_are_refused(tmp_path: Path, option: str) -> None:
    """In a sentence and in the object for programs."""
    line = f"exec %s {option} \"$(printf 'k\\377')\""
    done = await alone(tmp_path, "@dana", "-l", "Key", "--json", typed="x", verb="send", settings=NOWHERE, line=line)
    assert (done.code, json.loads(done.out)["problem"], "Traceback" in done.err) == (2, "wrong-use", False)


@pytest.mark.parametrize("raw", [b"\n", b" \r\n\t"])
def test_an_unset_variable_is_no_secret(raw: bytes) -> None:
    """`echo "$UNSET" |` sends a line break, and nobody means that."""
    with pytest.raises(StoppedError) as stopped:
        secret_in.of_bytes(raw)
    assert stopped.value.problem == "empty"
    assert secret_in.of_bytes(b" x\n") == Text(" x\n")


def test_an_endless_pipe_is_read_to_a_byte_too_many() -> None:
    """Never without a bound."""

    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            assert size == order_v1.MOST_BYTES + 1
            return bytes(size)

    with pytest.raises(StoppedError) as stopped:
        secret_in._bounded(Endless())  # type: ignore[arg-type]
    assert stopped.value.problem == "too-large"


def ended(error: BaseException | None, afoot: Afoot, *, as_json: bool, capsys: pytest.CaptureFixture[str]) -> object:
    """With which code, once this has happened."""

    def whole() -> tuple[int, dict[str, object]]:
        if error is not None:
            raise error
        return 0, SAID

    with pytest.raises(SystemExit) as stopped:
        ending.run(whole, afoot, as_json=as_json)
    return stopped.value.code


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (ValueError("canary"), 9)])
def test_no_end_loses_the_passphrase(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Once it is handed in, whatever ends the command: shown, or in the object, and never "Nothing was sent"."""
    for is_in, link in ((True, None), (False, None), (True, "https://x/s/kept"), (False, "https://x/s/kept")):
        said = SAID | {"link": link}
        assert ended(error, Afoot(said, is_in), as_json=False, capsys=capsys) == code
        out, told = capsys.readouterr()
        assert ("four words made here" in told, wording.NOTHING in told, "canary" in told) == (True, False, False)
        # A link of which only this command knows is not lost, and nobody is promised that it comes by itself.
        assert (out, "gets the link" in told or "delivered without" in told) == (f"{link}\n" if link else "", not link)
        assert ended(error, Afoot(said, is_in), as_json=True, capsys=capsys) == code
        shown = json.loads(capsys.readouterr().out)
        assert (shown["passphrase"], shown["link"]) == (SAID["passphrase"], link)
    assert ended(error, Afoot(), as_json=True, capsys=capsys) == code
    assert wording.NOTHING in json.loads(capsys.readouterr().out)["sentence"]


@pytest.mark.asyncio(loop_scope="session")
async def test_an_answer_that_cannot_be_written_is_told(client: Client) -> None:
    """A full disk: the passphrase comes on standard error, with a code that does not say "nothing was sent"."""
    done = await client.run("send", "@dana", "-l", "Key", "-y", "--json", typed="x", line="exec %s > /dev/full")
    assert (done.code, "Passphrase, shown only here" in done.err) == (Exit.UNTOLD, True), done.err
    nothing = await client.run("send", "@dana", "-l", "Key", "--json", typed="", line="exec %s > /dev/full")
    assert (nothing.code, "Traceback" in nothing.err) == (2, False)


def test_the_object_for_programs_is_in_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output may be latin-1, and a name Łukasz."""
    assert ended(None, Afoot(), as_json=True, capsys=capsys) == 0
    out = capsys.readouterr().out
    assert (out.isascii(), json.loads(out)["recipient"]) == (True, SAID["recipient"])


def reply(status: int, word: str) -> Reply:
    """A problem of the server's."""
    body = json.dumps({"type": f"urn:sendsecret:problem:{word}"}).encode()
    headers = CIMultiDict({"Content-Type": "application/problem+json"})
    return Reply(status, CIMultiDictProxy(headers), body)


def test_what_the_server_does_not_take_is_a_refusal() -> None:
    """Not a server that does not answer; but one that was too slow is asked again."""
    for status, word in ((400, "malformed"), (413, "too-large")):
        refused = asked(reply(status, word))
        assert isinstance(refused, Refused)
        with pytest.raises(StoppedError) as stopped:
            turn_away(refused)
        assert (stopped.value.problem, stopped.value.facts) == ("refused", {"why": word})
    slow = sealed(reply(408, "malformed"))
    assert isinstance(slow, Refused)
    assert slow.word == "unavailable"

    class Routes:
        def hand_in(self, *_: object) -> Refused:
            return Refused("malformed")

    with pytest.raises(StoppedError) as stopped:
        hand_in(Routes(), LINK, b"", print)  # type: ignore[arg-type]
    assert (stopped.value.problem, stopped.value.facts) == ("refused", {"why": "malformed"})


def test_an_order_for_something_else_is_not_sealed_under(monkeypatch: pytest.MonkeyPatch) -> None:
    """Label, hint, time, template, way and day are what was asked for, or nothing is sealed."""
    wishes = Wishes("@dana", "Key", "phone", 3600, None, anyway=False)
    right = Open("Maya", "Dana", "member", "Key", "phone", 3600, 0, b"", "https://x")

    class Routes:
        host = "x"

    others = ({"label": "Other"}, {"hint": ""}, {"lives_seconds": 60}, {"template": "stripe"}, {"way": "shown"})
    for change in ({}, *others):
        found = ordering.Ordered(LINK, Open(**asdict(right) | change), 0)
        monkeypatch.setattr(ordering, "_once", lambda *_, found=found: found)
        if not change:
            assert ordering.order(Routes(), wishes, print) is found  # type: ignore[arg-type]
            continue
        with pytest.raises(StoppedError) as stopped:
            ordering.order(Routes(), wishes, print)  # type: ignore[arg-type]
        assert stopped.value.problem == "other-order"


@pytest.mark.parametrize(
    ("asked", "answers", "is_taken"),
    [
        ({}, {}, True),
        ({}, {"template": "anything"}, False),
        ({}, {"way": "dm"}, False),
        ({}, {"rotate_by": 0}, False),
        ({"engagement_ends": "none"}, {"rotate_by": 0}, True),
        ({"label": None, "lives_seconds": None}, {"label": "Stripe restricted key", "lives_seconds": 7200}, True),
        ({"lives_seconds": None}, {"lives_seconds": 0}, False),
    ],
)
def test_what_a_template_fills_in_is_taken_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], answers: dict[str, Any], is_taken: bool
) -> None:
    """Only what the sender left to it; a link that was to be kept here is, and a day that was named is held."""
    usual = Wishes("@dana", " Key ", None, 3600, None, False, "stripe", "2030-12-31", "link")
    found = Open(
        "Maya", "Dana", "member", "Key", "On your badge", 3600, 0, b"", "https://x", "shown", "stripe", rotate_by=9
    )
    found = replace(found, **answers)
    monkeypatch.setattr(ordering, "_once", lambda *_: ordering.Ordered(LINK, found, 0))

    class Routes:
        host = "x"

    with nullcontext() if is_taken else pytest.raises(StoppedError, match="something else"):
        ordering.order(Routes(), replace(usual, **asked), print)  # type: ignore[arg-type]


def test_a_login_that_can_be_read_by_others_is_not_used(tmp_path: Path) -> None:
    """By whomever."""
    where = tmp_path / "sendsecret" / "login.json"
    login_file.keep(Login("https://x", ApiToken(bytes(12), bytes(32))), where)
    here = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert login_file.find(here).url == "https://x"
    for bit in (stat.S_IRGRP, stat.S_IROTH, stat.S_IWGRP):
        where.chmod(0o600 | bit)
        with pytest.raises(StoppedError) as stopped:
            login_file.find(here)
        assert stopped.value.problem == "unsafe-login"


def test_half_an_environment_goes_nowhere(tmp_path: Path) -> None:
    """A token for one server is not sent to the one that is logged in to here."""
    login_file.keep(Login("https://x", ApiToken(bytes(12), bytes(32))), tmp_path / "sendsecret" / "login.json")
    with pytest.raises(StoppedError) as stopped:
        login_file.find({"XDG_CONFIG_HOME": str(tmp_path), "SENDSECRET_TOKEN": TOKEN})
    assert stopped.value.problem == "not-logged-in"


def test_a_year_that_no_calendar_has_is_no_servers_answer() -> None:
    """And no traceback; the token is not kept for it."""
    with pytest.raises(StoppedError) as stopped:
        logging_in._day(2**70)
    assert stopped.value.problem == "unavailable"


def test_every_problem_and_exit_code_is_documented() -> None:
    """In the help, and each word in the page's table beside its code."""
    shown = CliRunner().invoke(main, ["send", "--help"]).output
    assert {int(code) for code in re.findall(r"^ {4}(\d+) ", shown, re.MULTILINE)} == set(Exit)
    rows = dict(re.findall(r"^\| (\d+) \| (.*) \|$", PAGE, re.MULTILINE))
    for problem, code in CODES.items():
        assert f"`{problem}`" in rows[str(code.value)]
    for why in wording.REFUSED:
        assert f"`{why}`" in rows["5"] or why in {"no-token", "other"}
