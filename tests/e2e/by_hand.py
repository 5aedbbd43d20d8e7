"""The demonstration as a newcomer walks it: `sendsecret demo`, then nothing but a browser."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Locator, Page

from sandbox.fixtures import DANA, MAYA, SAM
from tests.programs import Running, free_port, running, until_answering

SECRET = "rk_live_51Nx8Zq0TBpwUX3d"
PEOPLE = {"maya": MAYA, "dana": DANA, "sam": SAM}

Snap = Callable[[str, Page], Awaitable[None]]


async def no_picture(name: str, page: Page) -> None:
    """For those who only walk."""


@dataclass
class Demo:
    """A running demonstration."""

    program: Running
    sandbox_port: int
    web_port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.sandbox_port}/"


@asynccontextmanager
async def demonstration(folder: Path) -> AsyncIterator[Demo]:
    """`sendsecret demo` on free ports, ready, with its data in `folder`."""
    sandbox_port, web_port = free_port(), free_port()
    words = ["sendsecret", "demo", "--sandbox-port", str(sandbox_port), "--web-port", str(web_port)]
    words += ["--data", str(folder / "demo")]
    async with running(words, {"LOG_LEVEL": "DEBUG"}, folder / "demo.log", port=web_port) as program:
        await until_answering(program, "/readyz")
        async with asyncio.timeout(30):
            while "Stop with Ctrl-C" not in program.written():  # noqa: ASYNC110 - another program's act
                await asyncio.sleep(0.1)
        yield Demo(program, sandbox_port, web_port)
        await program.stop()


def screen(page: Page, person: str) -> Locator:
    """One person's part of the page."""
    return page.locator(f"section[data-user={PEOPLE[person]}]")


async def walk(demo: Demo, browser: Browser, snap: Snap, **context: object) -> tuple[str, Page, Page]:
    """
    Maya sends, Dana types a wrong and then the right passphrase, clears the page; Sam watches.

    Returns what Dana read, the workspace's page and Dana's.
    """
    tabs = await browser.new_context(**context)  # type: ignore[arg-type]
    tabs.set_default_timeout(20_000)
    page = await tabs.new_page()
    await page.goto(demo.url)
    await page.get_by_text("The app is connected").wait_for()
    await show(page, "maya")
    await snap("slack-1-start", page)
    passphrase = await send(page, snap)
    await show(page, "dana")
    dana = screen(page, "dana")
    await dana.get_by_role("button", name="Sendsecret").click()
    await snap("slack-4-recipient", page)
    async with tabs.expect_page() as opening:
        await dana.get_by_role("link", name="Open").click()
    read, reader = await open_drop(await opening.value, passphrase, snap)
    await dana.get_by_text("(edited)").wait_for()
    await snap("slack-5-tombstone", page)
    await show(page, "sam")
    sam = screen(page, "sam")
    await sam.get_by_text("Destroyed").first.wait_for()
    await sam.get_by_role("button", name=re.compile("repl")).first.click()
    await snap("slack-6-audit", page)
    return read, page, reader


async def send(page: Page, snap: Snap) -> str:
    """Maya's part; the passphrase that she is shown."""
    maya = screen(page, "maya")
    composer = maya.get_by_role("textbox", name="Message")
    await composer.fill("/sendsecret @dana")
    await composer.press("Escape")
    await maya.get_by_role("button", name="Send", exact=True).click()
    dialog = maya.get_by_role("dialog")
    await dialog.get_by_label("What it is").fill("Stripe restricted key, webhooks")
    await dialog.get_by_label("The secret").fill(SECRET)
    await snap("slack-2-form", page)
    send = dialog.get_by_role("button", name="Send", exact=True)
    await send.click()
    anyway = dialog.get_by_role("checkbox")
    await anyway.or_(dialog.get_by_text("Passphrase:")).first.wait_for()
    if await anyway.count():
        await snap("slack-2b-guest", page)
        await anyway.check()
        await send.click()
    await dialog.get_by_role("button", name="Revoke (wrong person)").wait_for()
    await snap("slack-3-sent", page)
    found = re.search(r"Passphrase:\s*([0-9 ]+)", await dialog.inner_text())
    assert found
    await dialog.get_by_role("button", name="Done").click()
    return found[1].strip()


async def open_drop(reader: Page, passphrase: str, snap: Snap) -> tuple[str, Page]:
    """Dana's part in the browser."""
    await reader.wait_for_selector("#passphrase")
    await snap("page-1-door", reader)
    await reader.fill("#passphrase", "0000 0000")
    await reader.press("#passphrase", "Enter")
    await reader.get_by_text("4 tries left").wait_for()
    await snap("page-2-wrong", reader)
    await reader.fill("#passphrase", passphrase)
    await reader.press("#passphrase", "Enter")
    await reader.wait_for_selector("#secret")
    await reader.get_by_text("destroyed on the server").wait_for()
    await snap("page-3-masked", reader)
    await reader.get_by_role("button", name="Show").click()
    read = await reader.input_value("#secret")
    await snap("page-4-shown", reader)
    await reader.get_by_role("button", name="I have it, clear this page").click()
    await reader.wait_for_selector("#secret", state="detached")
    await snap("page-5-cleared", reader)
    return read, reader


async def show(page: Page, person: str) -> None:
    """On a phone one person is shown at a time."""
    if await screen(page, person).is_visible():
        return
    await page.get_by_role("button", name=person.capitalize()).first.click()
    await screen(page, person).wait_for()
