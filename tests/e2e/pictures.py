"""
Every page and Slack view of a handoff, at two widths, light and dark: `python -m tests.e2e.pictures FOLDER`.

Taken of the real demonstration, so that what one looks at is what people get.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page

from tests.browser.chromium import running as chromium
from tests.e2e.by_hand import demonstration, walk

SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


async def take(folder: Path) -> None:
    """Walk four times and save what there is to see."""
    for size, viewport in SIZES.items():
        for scheme in ("light", "dark"):

            async def snap(name: str, page: Page, suffix: str = f"{size}-{scheme}") -> None:
                await page.wait_for_timeout(300)  # transitions end
                await page.screenshot(path=folder / f"{name}-{suffix}.png", full_page=name.startswith("page"))

            with tempfile.TemporaryDirectory() as place:
                async with chromium() as browser, demonstration(Path(place)) as demo:
                    await walk(demo, browser, snap, viewport=viewport, color_scheme=scheme)


def main() -> None:
    """Take them all."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(folder))
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main()
