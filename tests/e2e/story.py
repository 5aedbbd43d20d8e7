"""
The whole way in one picture and in a short animation, both taken from one walk through the demonstration.

The picture stands at the top of the README: form, DM, page, tombstone, audit thread.
"""

import base64
import io
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Browser, Locator, Page

from sandbox.fixtures import DANA, MAYA, SAM
from tests.e2e.by_hand import Demo, walk

PANELS: Final = {
    "slack-2-form": "1. Maya fills in the form, and tells Dana the passphrase by phone",
    "slack-4-recipient": "2. Dana gets a link in her DM",
    "page-4-shown": "3. One page load shows the secret",
    "slack-5-tombstone": "4. The link becomes a tombstone",
    "slack-6-audit": "5. Security has seen every step",
}
_WIDEST: Final = 710
_FRAME_MS: Final = 2200
_FRAME_WIDTH: Final = 900
_COLOURS: Final = 96

_SHEET: Final = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #eef1f6; font: 600 19px/1.35 system-ui, sans-serif; color: #1d2433; }}
main {{ display: grid; grid-template-columns: repeat(3, 1fr); gap: 26px; padding: 30px; align-items: start; }}
figure {{ margin: 0; }} figcaption {{ margin: 0 0 10px; }}
.column {{ display: grid; gap: 26px; }}
img {{ width: 100%; border-radius: 12px; box-shadow: 0 2px 14px rgb(20 30 60 / .18); display: block; }}
</style><main>{columns}</main>"""


@dataclass
class Story:
    """What the walk has shown so far."""

    panels: dict[str, bytes] = field(default_factory=dict)
    frames: list[bytes] = field(default_factory=list)

    async def snap(self, name: str, page: Page) -> None:
        """Keep a frame of the page, and the part of it that belongs into the picture."""
        await page.wait_for_timeout(300)  # transitions end
        self.frames.append(await page.screenshot())
        if name in PANELS:
            panel = _panel(name, page)
            box = await panel.bounding_box()
            assert box is not None
            # A message is as wide as the window and written to a part of that.
            self.panels[name] = await page.screenshot(clip={**box, "width": min(box["width"], _WIDEST)})


def _panel(name: str, page: Page) -> Locator:
    match name:
        case "slack-2-form":
            return page.locator(f"section[data-user={MAYA}]").get_by_role("dialog")
        case "slack-4-recipient" | "slack-5-tombstone":
            return page.locator(f"section[data-user={DANA}] article[data-ts]").last
        case "slack-6-audit":
            return page.locator(f"section[data-user={SAM}] aside.thread")
    return page.locator("main")


async def tell(demo: Demo, browser: Browser, folder: Path, name: str = "handoff") -> None:
    """Walk once and write `name`.png and `name`.gif into `folder`."""
    story = Story()
    await walk(demo, browser, story.snap, viewport={"width": 1280, "height": 860}, device_scale_factor=2)
    await _picture(browser, story, folder / f"{name}.png")
    _animate(story.frames, folder / f"{name}.gif")


async def _picture(browser: Browser, story: Story, path: Path) -> None:
    figures = {
        name: f'<figure><figcaption>{words}</figcaption><img src="data:image/png;base64,'
        f'{base64.b64encode(story.panels[name]).decode()}"></figure>'
        for name, words in PANELS.items()
    }
    form, arrived, shown, tombstone, audit = figures.values()
    columns = "".join(f'<div class="column">{inside}</div>' for inside in (form, arrived + shown + tombstone, audit))
    context = await browser.new_context(viewport={"width": 1500, "height": 400})
    page = await context.new_page()
    await page.set_content(_SHEET.format(columns=columns))
    await page.screenshot(path=path, full_page=True)
    await context.close()
    shrink(path)


def shrink(path: Path) -> None:
    """Few colours are enough for a page."""
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256).save(path, optimize=True)


def _animate(frames: list[bytes], path: Path) -> None:
    pictures = []
    for frame in frames:
        with Image.open(io.BytesIO(frame)) as picture:
            height = math.ceil(picture.height * _FRAME_WIDTH / picture.width)
            small = picture.convert("RGB").resize((_FRAME_WIDTH, height), Image.Resampling.LANCZOS)
            pictures.append(small.quantize(_COLOURS, dither=Image.Dither.NONE))
    first, *others = pictures
    first.save(path, save_all=True, append_images=others, duration=_FRAME_MS, loop=0, optimize=True)
