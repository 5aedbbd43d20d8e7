"""The program as an operator runs it: a process of its own, told by its environment, stopped by a signal."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import structlog

from reveal_web import program
from reveal_web.assets import Assets
from reveal_web.reader.parts import Parts
from reveal_web.settings import WebSettings
from store.errors import StoreUnavailableError
from store.opened import Store, opened
from store.sweeper import Swept
from tests.web import wire
from tests.web.conftest import World

START = """
import asyncio, sys
from reveal_web import program
from reveal_web.settings import WebSettings
from store.settings import read_settings
try:
    asyncio.run(program.run(read_settings(WebSettings)))
except program.ProgramError as error:
    sys.exit(str(error))
"""


async def started(settings: WebSettings, **more: str) -> asyncio.subprocess.Process:
    """The program in a process of its own, with no more of an environment than it needs."""
    environment = {
        "PATH": os.environ["PATH"],
        "PUBLIC_URL": settings.public_url,
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "KEYRING_DIR": str(settings.keyring_dir),
        "TEST_CLOCK_FILE": str(settings.test_clock_file),
        "WEB_PORT": "0",
        "WEB_METRICS_PORT": "0",
        "LOG_LEVEL": "DEBUG",
        "LOG_FORMAT": "json",
        **more,
    }
    arguments = (sys.executable, "-W", "error", "-c", START)
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*arguments, env=environment, stdout=pipe, stderr=pipe)


@dataclass
class Running:
    """A running program beside a store of the test's own."""

    world: World
    process: asyncio.subprocess.Process
    early: bytes = b""

    async def heard(self, event: str) -> dict[str, object]:
        """Wait until the log says so, and return the entry."""
        assert self.process.stderr is not None
        async with asyncio.timeout(wire.SECONDS):
            while line := await self.process.stderr.readline():
                self.early += line
                entry: dict[str, object] = json.loads(line)
                if entry["event"] == event:
                    return entry
        raise AssertionError(f"it ended and said: {self.early!r}")

    async def stop(self, number: int = signal.SIGTERM) -> list[dict[str, object]]:
        """Stop it and return its whole log; it printed nothing and ended well."""
        self.process.send_signal(number)
        out, err = await asyncio.wait_for(self.process.communicate(), wire.SECONDS)
        assert (self.process.returncode, out) == (0, b"")
        return [json.loads(line) for line in (self.early + err).splitlines()]


@asynccontextmanager
async def running(settings: WebSettings, page: Assets, **more: str) -> AsyncIterator[Running]:
    """Start the program; kill it at the end if the test did not stop it."""
    process = await started(settings, **more)
    try:
        async with opened(settings, program="web", event_key=settings.event_key) as store:
            assert settings.test_clock_file is not None
            world = World(store, settings, Parts(store, settings, page), 0, settings.test_clock_file)
            one = Running(world, process)
            world.port = int(str((await one.heard("listening"))["port"]))
            yield one
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_serves_until_it_is_told_to_stop(installed: WebSettings, page: Assets, number: int) -> None:
    """It opens a drop over its real page, prints nothing, and ends with 0 on either signal, idle connections or not."""
    async with running(installed, page) as one:
        holder = await one.world.make()
        shell = await one.world.ask(wire.get(f"/s/{holder.link.id_text}"))
        assert b"<noscript>" in shell.body
        assert (await one.world.claim(holder)).status == 200
        async with wire.connected(one.world.port) as (reader, writer):
            writer.write(wire.get("/healthz"))
            assert (await wire.read_reply(reader)).status == 200
            log = await one.stop(number)
    said = [entry["event"] for entry in log if entry["event"] != "answered"]
    assert said == ["listening", "telling metrics", "stopping", "stopped"]


async def test_a_claim_that_was_begun_is_finished_before_it_stops(installed: WebSettings, page: Assets) -> None:
    """A claim that waits for the database when the signal comes gets its answer."""
    async with running(installed, page) as one:
        holder = await one.world.make()
        async with wire.connected(one.world.port) as (reader, writer):
            async with one.world.store.db.write():
                writer.write(wire.post(f"{holder.path}/claim", holder.claim()))
                # Whoever comes after the claim was answered, so that the claim has been taken up.
                for _ in range(3):
                    await one.world.ask(wire.get("/readyz"))
                one.process.send_signal(signal.SIGTERM)
            assert (await wire.read_reply(reader)).status == 200
            await one.stop()
        assert (await one.world.events(holder))[-1] == "drop.claimed"


async def test_what_is_overdue_ends_though_nobody_looks(installed: WebSettings, page: Assets) -> None:
    """The sweeper destroys an expired drop; its key file goes."""
    async with running(installed, page) as one:
        holder = await one.world.make()
        one.world.move_clock(3601)
        await one.heard("ended what was overdue")
        assert not one.world.key_file(holder).exists()
        assert (await one.world.events(holder))[-3:] == ["drop.expired", "drop.destroyed", "drop.receipt"]
        await one.stop()


async def test_the_log_says_what_happened_and_to_whom_nothing(installed: WebSettings, page: Assets) -> None:
    """Method, route, status, time; at the most talkative level no path, query, header, address, proof or key."""
    canary = "kanarienvogel"
    async with running(installed, page) as one:
        world = one.world
        holder = await world.make()
        body, wrong = holder.claim(), holder.wrong()
        await world.ask(wire.get(f"/s/{holder.link.id_text}%23{holder.link.fragment()}"))
        await world.ask(
            wire.get(f"/{canary}?{canary}", User_Agent=canary, Referer=canary, X_Forwarded_For="198.51.100.7")
        )
        await world.ask(f"{canary} / HTTP/1.1\r\n\r\n".encode())
        await world.ask(wire.get("/", canary.upper()))
        await world.ask(wire.post(f"{holder.path}/claim", canary.encode()))
        assert (await world.claim(holder, wrong)).status == 403
        released = await world.claim(holder, body)
        log = await one.stop()
    text = json.dumps(log)
    secrets = [
        holder.link.fragment(),
        holder.link.id_text,
        canary,
        "127.0.0.1:",
        "198.51.100",
        *body.values(),
        *wrong.values(),
    ]
    assert [one for one in secrets if one.lower() in text.lower()] == []
    answered = [entry for entry in log if entry["event"] == "answered"]
    assert [(one["method"], one["route"], one["status"]) for one in answered] == [
        ("GET", "shell", 404),
        ("GET", "none", 404),
        ("other", "none", 400),
        ("other", "none", 400),
        ("POST", "claim", 400),
        ("POST", "claim", 403),
        ("POST", "claim", 200),
    ]
    assert all(isinstance(one["ms"], float) for one in answered)
    assert [one["problem"] for one in answered][-2:] == ["wrong-passphrase", "none"]
    # Each request has a word of its own, by which its lines are found; who was answered does not learn it.
    words = [str(one["request"]) for one in answered]
    assert len(set(words)) == len([word for word in words if re.fullmatch("[0-9a-f]{16}", word)]) == len(answered)
    assert words[-1] not in f"{released.headers} {released.body!r}"


async def refusal(settings: WebSettings, **more: str) -> str:
    """What it says instead of starting."""
    process = await started(settings, **more)
    out, err = await asyncio.wait_for(process.communicate(), wire.SECONDS)
    assert (process.returncode, out) == (1, b"")
    assert b"Traceback" not in err
    return err.decode().strip()


async def test_a_taken_port_is_one_sentence(installed: WebSettings) -> None:
    """It names host, port, reason and the settings to change."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = await refusal(installed, WEB_PORT=str(port))
    assert f"127.0.0.1 port {port}: another program has it" in said
    assert "WEB_PORT" in said


async def test_a_host_that_is_not_ours_is_one_sentence(installed: WebSettings) -> None:
    """An address of another machine cannot be listened on; the reason is the system's."""
    said = await refusal(installed, WEB_HOST="192.0.2.1")
    assert said.startswith("The reveal server cannot listen on 192.0.2.1 port 0:")


async def test_a_database_without_our_schema_is_one_sentence(installed: WebSettings) -> None:
    """It says which command helps."""
    said = await refusal(installed, DATABASE_URL=installed.database_url.get_secret_value().replace(".db", ".other.db"))
    assert "sendsecret migrate" in said


async def test_a_missing_keyring_is_one_sentence(installed: WebSettings) -> None:
    """It names the setting and changes nothing."""
    assert "KEYRING_DIR" in await refusal(installed, KEYRING_DIR=f"{installed.keyring_dir}-away")


async def test_a_failing_sweep_is_repeated_and_an_absent_key_is_an_alarm(world: World) -> None:
    """Whatever a sweep raises, the next one comes; live drops without a key are reported, by number only."""
    stop, results = asyncio.Event(), iter([StoreUnavailableError("x"), RuntimeError("kanarienvogel"), 2])

    async def sweep(_: Store) -> Swept:
        result = next(results)
        if isinstance(result, Exception):
            raise result
        stop.set()
        return Swept(absent=[bytes(16)] * 2)

    with structlog.testing.capture_logs() as log:
        await asyncio.wait_for(program._repeat(world.store, sweep, 0, stop), wire.SECONDS)
    assert [entry["log_level"] for entry in log] == ["error"] * 3
    assert log[2]["drops"] == 2
    assert "kanarienvogel" not in repr(log)
