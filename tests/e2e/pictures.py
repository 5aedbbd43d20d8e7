"""
Every page, view and message, at two widths, light and dark: `python -m tests.e2e.pictures FOLDER`.

Taken of the real demonstration, the real page and the bot's own views, so that what one looks at is what people get.
Also the README's picture and animation, into docs/pictures.
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from playwright.async_api import Browser, Page

from reveal_web.assets import load
from sandbox.fixtures import MAYA
from tests.browser.chromium import running as chromium
from tests.browser.real_receipts import real_receipts
from tests.browser.scenes import SCENES, showing
from tests.browser.serving import application, serving
from tests.browser.visiting import visiting
from tests.composer import scenes as composer_scenes
from tests.composer.real_composer import real_composer
from tests.e2e import gallery, story
from tests.e2e.by_hand import Demo, Snap, demonstration, walk
from tests.store.packs import MONTH, QUARTER, kept
from tests.store.test_receipts import WAYS

SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
SCHEMES = ("light", "dark")
OF_THE_README = Path(__file__).parents[2] / "docs" / "pictures"


async def take(folder: Path) -> None:
    """Save all that there is to see."""
    for size, viewport in SIZES.items():
        for scheme in SCHEMES:
            snap = _saving(folder, f"{size}-{scheme}")
            look: dict[str, Any] = {"viewport": viewport, "color_scheme": scheme}
            async with chromium() as browser:
                await gallery.draw(browser, snap, **look)
                await _scenes(browser, snap, look)
                await _composer(browser, snap, look)
                await _receipts(browser, snap, look)
                await _packs(browser, snap, look)
                with tempfile.TemporaryDirectory() as place:
                    async with demonstration(Path(place)) as demo:
                        await walk(demo, browser, snap, **look)
    with tempfile.TemporaryDirectory() as place:
        async with chromium() as browser, demonstration(Path(place)) as demo:
            await story.tell(demo, browser, OF_THE_README)
            await _receipt_of_the_readme(demo, browser)


async def _scenes(browser: Browser, snap: Snap, look: dict[str, Any]) -> None:
    async with serving(application(load("http://localhost:8080"))) as url:
        for name in SCENES:
            async with showing(browser, url, name, **look) as visit:
                await snap(f"page-scene-{name}", visit.page)


async def _composer(browser: Browser, snap: Snap, look: dict[str, Any]) -> None:
    """From the form to the cleared page; and as somebody sees it who was asked for a secret."""
    asked = {"kind": "request", "sender_name": "Dana Petrov", "recipient_name": "Maya Okafor", "hint": None}
    for name, scene in composer_scenes.SCENES.items():
        with tempfile.TemporaryDirectory() as place:
            async with real_composer(Path(place)) as server, visiting(browser, **look) as visit:
                await visit.come(await server.order())
                await scene(visit.page)
                await snap(f"page-composer-{name}", visit.page)
                if name == "cut":
                    await visit.page.goto("about:blank")
                    await visit.come(await server.order(recipient_class="member", **asked))
                    await snap("page-composer-request", visit.page)


async def _receipts(browser: Browser, snap: Snap, look: dict[str, Any]) -> None:
    """Every outcome as anybody sees it; the first also with its names and checked."""
    with tempfile.TemporaryDirectory() as place:
        async with real_receipts(Path(place), demo=False) as shown, visiting(browser, **look) as visit:
            for outcome in WAYS:
                rid = await shown.ended(outcome)
                await visit.page.goto(shown.address(rid))
                await snap(f"page-receipt-{outcome}", visit.page)
            rid = await shown.ended()
            await visit.page.goto(shown.address(rid, shown.token(rid)))
            await visit.page.wait_for_selector("#names dl")
            await visit.page.get_by_role("button", name="Check this receipt").click()
            await visit.page.wait_for_selector("#lines li")
            await snap("page-receipt-checked", visit.page)
            await visit.page.goto(shown.address("0" * 32))
            await snap("page-receipt-missing", visit.page)


async def _packs(browser: Browser, snap: Snap, look: dict[str, Any]) -> None:
    """A pack, one of a database that is not what was signed, and none."""
    with tempfile.TemporaryDirectory() as place:
        async with real_receipts(Path(place), demo=False) as shown, visiting(browser, **look) as visit:
            for name, request, faults in (("whole", QUARTER, 0), ("faulty", MONTH, 2)):
                pack = await kept(shown.store.db, Path(place, "zip"), bytes(3_000_000), request, faults=faults)
                await visit.page.goto(f"{shown.url}/evidence/{pack.hex()}")
                await snap(f"page-evidence-{name}", visit.page)
            await visit.page.goto(f"{shown.url}/evidence/{'0' * 32}")
            await snap("page-evidence-missing", visit.page)


async def _receipt_of_the_readme(demo: Demo, browser: Browser) -> None:
    """The one that Maya's message leads to, down to what it proves and what it does not."""
    path, dm = OF_THE_README / "receipt.png", {"user": MAYA, "conversation": f"D0{MAYA[1:]}"}
    async with ClientSession() as session, session.post(f"{demo.url}control/messages", json=dm) as answer:
        links = re.findall(r"http://localhost:[0-9]+/receipts/[0-9a-f]{32}#[\w-]+", await answer.text())
    async with visiting(browser, viewport={"width": 1000, "height": 800}, color_scheme="light") as visit:
        await visit.page.goto(links[0])
        await visit.page.wait_for_selector("#names dl")
        proves = await visit.page.locator(".both + .help").bounding_box()
        assert proves is not None
        tall = proves["y"] + proves["height"] + 8
        await visit.page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": 1000, "height": tall})
    story.shrink(path)


def _saving(folder: Path, suffix: str) -> Snap:
    async def snap(name: str, page: Page) -> None:
        await page.wait_for_timeout(300)  # transitions end
        await page.screenshot(path=folder / f"{name}-{suffix}.png", full_page=name.startswith("page"))

    return snap


def main() -> None:
    """Take them all."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(folder))
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}, and the README's in {OF_THE_README}")


if __name__ == "__main__":
    main()
