"""What doctor says of the way in: a front that passes everything on, and each way in which one does not."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import func, select

from sandbox.running import Sandbox
from store.schema import events
from tests.doctor.fronts import Passed, front
from tests.doctor.patient import Patient
from tests.programs import Running, web


@pytest.fixture
async def running(sqlite_patient: Patient) -> AsyncIterator[Running]:
    """The real web program of the patient."""
    async with web(sqlite_patient.home) as program:
        yield program


async def test_everything_is_well(sqlite_patient: Patient, running: Running) -> None:
    """Exit code 0, through a front, with Slack: every line is ok, and nothing was used up or written."""
    async with sqlite_patient.home.open() as store, store.db.read() as tx:
        before = await tx.scalar(select(func.count()).select_from(events))
    async with front(running.port) as url, Sandbox() as sandbox:
        said = await sqlite_patient.doctor(
            "--post",
            "--limits",
            PUBLIC_URL=url,
            SLACK_API_URL=sandbox.api_url,
            SLACK_BOT_TOKEN=sandbox.bot_token,
            SLACK_APP_TOKEN=sandbox.app_token,
        )
    assert said.code == 0, said.out
    assert {line.split()[0] for line in said.out.splitlines()} == {"ok"}
    said.require("front", "ok", "429 comes through with Retry-After")
    async with sqlite_patient.home.open() as store, store.db.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(events)) == before


def eats(*names: str) -> Callable[[Passed], None]:
    def change(passed: Passed) -> None:
        for name in names:
            passed.headers.pop(name, None)

    return change


def adds(name: str, value: str) -> Callable[[Passed], None]:
    return lambda passed: passed.headers.update({name: value})


def rewrites(passed: Passed) -> None:
    passed.body = passed.body.replace(b"</body>", b"<script src=//scan.example></script></body>")


def is_demo(passed: Passed) -> None:
    passed.body = passed.body.replace(b'data-demo="no"', b'data-demo="yes"')


def stamps(passed: Passed) -> None:
    if passed.method == "GET":
        passed.body += b"<!-- %d -->" % id(passed)


def redirects(passed: Passed) -> None:
    if passed.path.startswith("/s/"):
        passed.status = 302


def own_pages(passed: Passed) -> None:
    if passed.status >= 400:
        passed.body, passed.headers["Content-Type"] = b"<h1>Sorry</h1>", "text/html"


def hides_errors(passed: Passed) -> None:
    if passed.status == 404:
        passed.status = 200


def other_keys(passed: Passed) -> None:
    if passed.path.endswith("jwks.json"):
        passed.body = json.dumps({"keys": []}).encode()


def no_keys(passed: Passed) -> None:
    if passed.path.endswith("jwks.json"):
        passed.body = b"<html>"


def unready(passed: Passed) -> None:
    if passed.path == "/readyz":
        passed.status = 503


FRONTS: dict[str, tuple[Callable[[Passed], None], str, str]] = {
    "eats CSP": (eats("Content-Security-Policy"), "bad", "headers of the page are eaten or changed: Content-Security"),
    "eats no-store": (eats("Cache-Control"), "bad", "headers of the API are eaten or changed: Cache-Control"),
    "eats nosniff": (eats("X-Content-Type-Options"), "bad", "eaten or changed: X-Content-Type-Options"),
    "eats Referrer-Policy": (eats("Referrer-Policy"), "bad", "eaten or changed: Referrer-Policy"),
    "weakens CSP": (adds("Content-Security-Policy", "default-src *"), "bad", "Content-Security-Policy"),
    "caches": (adds("X-Cache", "HIT"), "bad", "the page comes through a cache (x-cache)"),
    "is old": (adds("Age", "77"), "bad", "the API comes through a cache (age)"),
    "sets a cookie": (adds("Set-Cookie", "a=b"), "bad", "a cookie is added to the page"),
    "lets others in": (adds("Access-Control-Allow-Origin", "*"), "bad", "lets other sites in"),
    "names itself": (adds("Server", "proxy/1.2"), "warn", "names a server's software"),
    "rewrites": (rewrites, "bad", "is not this release's"),
    "is a demonstration": (is_demo, "bad", "a demonstration answers at PUBLIC_URL"),
    "stamps": (stamps, "bad", "not the same for everybody"),
    "redirects": (redirects, "bad", "Slack's preview (302)"),
    "has pages of its own": (own_pages, "bad", "answers of the API do not come through"),
    "hides errors": (hides_errors, "bad", "unknown link (404): 200"),
    "serves other keys": (other_keys, "bad", "of the keys that sign here are not in jwks.json"),
    "serves no keys": (no_keys, "bad", "jwks.json is not served as it is"),
    "is not ready": (unready, "bad", "/readyz answers 503"),
}


@pytest.mark.parametrize("name", FRONTS)
async def test_a_front_that_changes_answers(sqlite_patient: Patient, running: Running, name: str) -> None:
    """Named, and what it must be told."""
    change, level, words = FRONTS[name]
    async with front(running.port, change) as url:
        said = await sqlite_patient.doctor(PUBLIC_URL=url)
    said.require("front", level, words)


async def test_a_front_that_eats_retry_after(sqlite_patient: Patient, running: Running) -> None:
    """Clients wait by it; and without --limits nobody is made to wait."""
    async with front(running.port, eats("Retry-After")) as url:
        assert not any("429" in line for line in (await sqlite_patient.doctor(PUBLIC_URL=url)).about("front"))
        said = await sqlite_patient.doctor("--limits", PUBLIC_URL=url)
    said.require("front", "bad", "and not 429 with Retry-After")


async def test_nobody_there(sqlite_patient: Patient) -> None:
    """A line, and no traceback; also where what is there speaks another language."""
    (await sqlite_patient.doctor()).require("front", "bad", "nobody answers at PUBLIC_URL")

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-none\r\n")
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        said = await sqlite_patient.doctor(PUBLIC_URL=f"http://127.0.0.1:{port}")
        said.require("front", "bad", "nobody answers at PUBLIC_URL")
        said = await sqlite_patient.doctor(PUBLIC_URL=f"https://127.0.0.1:{port}", TEST_CLOCK_FILE="")
        assert said.about("front", "bad")
