"""The frozen accessibility trees of all scenes, one text file to be read: `python -m tests.browser.trees` writes it.

A changed tree is a changed page for whoever hears it: read the difference before you freeze it.
"""

import asyncio
import re
from pathlib import Path

from reveal_web.assets import load
from tests.browser.catalogue import read
from tests.browser.chromium import running
from tests.browser.scenes import SCENES
from tests.browser.serving import application, serving
from tests.browser.tour import Seen, touring

FILE = Path(__file__).with_name("trees.txt")


def written(seen: Seen) -> str:
    """One scene as it stands in the file."""
    return f"title: {seen.title}\nfocus: {seen.focus or 'nowhere'}\n{seen.tree}\n"


def frozen() -> dict[str, str]:
    """The file, by the name of the scene."""
    parts = re.split(r"^== (\S+)\n", FILE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {name: text.rstrip("\n") + "\n" for name, text in zip(parts[::2], parts[1::2], strict=True)}


async def _freeze() -> None:
    app = application(load("http://127.0.0.1", demo=True))
    async with running() as browser, serving(app) as url, touring(browser, url, read()) as tour:
        texts = [f"== {name}\n{written(await tour.seen(name))}" for name in SCENES]
    FILE.write_text("\n".join(texts), "utf-8")


if __name__ == "__main__":
    asyncio.run(_freeze())
