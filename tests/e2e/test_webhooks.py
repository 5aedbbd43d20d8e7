"""Another program follows a whole handoff through the real programs, believes every delivery, and learns no secret."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import jwt
import pytest
from aiohttp import web

from sandbox.fixtures import DANA, MAYA
from store import webhooks_standing
from store.log import published
from tests.bot.consumer import consuming, file_of
from tests.bot.desk import SECRET
from tests.canaries import is_in
from tests.e2e.acting import PASSPHRASE, hand_over
from tests.e2e.workplace import Mode, workplace
from tests.programs import ROOT
from tests.store.reading import claims_of, words_of
from tests.stores import Home

HINT = "planted hint, ü"
PATH = "planted-in-the-path"


@pytest.fixture
def wordy(tmp_path: Path) -> Path:
    """Where webhooks' files stand, apart from what the installation keeps."""
    folder = tmp_path / "webhooks"
    folder.mkdir()
    return folder


async def test_a_whole_handoff_is_told(home: Home, wordy: Path) -> None:
    """Every event once, in order, verified by `standardwebhooks`, each leaf signed by a published key; no canary."""
    async with workplace(home, Mode.SOCKET) as at, consuming() as siem, consuming() as dead:
        dead.verdict = lambda _told: web.Response(status=503)
        file = file_of(wordy, siem=siem, dead=dead)
        file.write_text(file.read_text().replace("/hook", f"/{PATH}"))
        bot = await at.start_bot(WEBHOOKS_FILE=str(file))
        other = await at.start_bot(WEBHOOKS_FILE=str(file))
        drop = await hand_over(at, hint=HINT)
        assert await at.desk.read(drop.link, PASSPHRASE) == SECRET
        await siem.until(lambda it: "drop.receipt" in it.of_drop(drop.value), seconds=60)
        expected = [f"drop.{word}" for word in await words_of(at.desk.store, drop.link.id)]
        await siem.until(lambda it: len(it.of_drop(drop.value)) >= len(expected))
        assert siem.of_drop(drop.value) == expected
        assert len(siem.ids) == len(set(siem.ids))
        assert siem.refused == []
        keys = [jwt.PyJWK.from_json(jwk) for jwk in await published.event_keys(at.desk.store)]
        leaves = [told["data"]["leaf"].encode() for told in siem.told]
        for told, jti, leaf in zip(siem.told, siem.ids, leaves, strict=True):
            assert any(is_signed_by(leaf, key) for key in keys)
            assert (claims_of(leaf)["jti"], claims_of(leaf)["evt"]) == (jti, told["type"])
        assert await bot.stop() == await other.stop() == 0
        everything = siem.everything() + b"\n".join(str(claims_of(leaf)).encode() for leaf in leaves)
        assert is_in(drop.value.encode(), everything), "a search that finds nothing proves nothing"
        people = ("Dana Okafor", "Maya Okafor", DANA, MAYA)
        fragment = drop.url.partition("#")[2]
        for canary in (SECRET, PASSPHRASE, PASSPHRASE.replace(" ", ""), drop.label, HINT, fragment, *people):
            assert not is_in(canary.encode(), everything), canary
        assert not is_in(drop.link.key, everything)
        written = at.logs()
        assert b"a webhook was not taken" in written
        for secret in (siem.secret, dead.secret, siem.secret.removeprefix("whsec_"), PATH):
            assert secret.encode() not in written
        standing = {one.endpoint: one for one in await webhooks_standing.standing(at.desk.store)}
        assert standing["siem"].waiting == standing["siem"].failed == standing["dead"].failed == 0
        assert standing["dead"].waiting + standing["dead"].ahead >= len(expected)


async def test_a_killed_bot_loses_no_event(sqlite_home: Home, wordy: Path) -> None:
    """It dies with deliveries in hand; the next one brings them, with what happened in between."""
    async with workplace(sqlite_home, Mode.SOCKET) as at, consuming() as siem:
        file = file_of(wordy, siem=siem)
        met = asyncio.Event()

        def hold(told: object) -> web.Response:
            met.set()
            return web.Response(status=500)

        siem.verdict = hold
        doomed = await at.start_bot(WEBHOOKS_FILE=str(file))
        drop = await hand_over(at)
        async with asyncio.timeout(60):
            await met.wait()
        await doomed.kill()
        await at.desk.read(drop.link, PASSPHRASE)
        siem.verdict = lambda _told: None
        sqlite_home.advance_clock(3600)
        await at.start_bot(WEBHOOKS_FILE=str(file))
        await siem.until(lambda it: "drop.receipt" in it.of_drop(drop.value), seconds=60)
        told = siem.of_drop(drop.value)
        assert told == [f"drop.{word}" for word in await words_of(at.desk.store, drop.link.id)]


async def test_a_wrong_file_stops_the_start(sqlite_home: Home, wordy: Path) -> None:
    """With its setting, the endpoint, the rule and the line; nothing of a value."""
    file = wordy / "webhooks.yml"
    file.write_text(f"siem:\n  url: http://127.0.0.1/{PATH}\n  secret_file: none\n")
    environment = sqlite_home.environment() | {"WEBHOOKS_FILE": str(file), "PATH": os.environ["PATH"]}
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "sendsecret", "bot"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "WEBHOOKS_FILE: endpoint siem, url must begin with https:// (http:// only with" in done.stderr
    assert done.stderr.count("(line 2)") == 1
    assert "endpoint siem, secret_file names a file that cannot be read (line 3)" in done.stderr
    assert PATH not in done.stderr
    assert "Traceback" not in done.stderr


def is_signed_by(leaf: bytes, key: jwt.PyJWK) -> bool:
    """Whether this key signed it, as a stranger's library sees it."""
    try:
        jwt.PyJWS().decode(leaf, key, algorithms=["EdDSA"])
    except jwt.InvalidSignatureError:
        return False
    return True
