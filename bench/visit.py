"""
One visit to the reader's page, timed by the browser itself: from the address to the door, from Enter to the secret.

What is watched is put in beside the page's own script, under the page's own policy, and changes nothing that it does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, Request

# `seen` is the first frame after an element is there: what stands in the document is not on the screen yet.
_WATCH: Final = """
(() => {
  const times = (globalThis.felt = {});
  const seen = (name) => {
    times[name] = 0;
    requestAnimationFrame(() => setTimeout(() => (times[name] = performance.now())));
  };
  new MutationObserver(() => {
    if (times.door === undefined && document.querySelector("#passphrase")) seen("door");
    if (times.secret === undefined && document.querySelector("#secret")) seen("secret");
  }).observe(document, { childList: true, subtree: true });
  addEventListener("keydown", (event) => event.key === "Enter" && (times.enter = event.timeStamp), true);
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (...given) {
    times.asked = performance.now();
    this.addEventListener("message", ({ data }) => data.key && (times.derived = performance.now()));
    return post.apply(this, given);
  };
})();
"""
_CLAIM: Final = """
() => {
  const [claim] = performance.getEntriesByType("resource").filter((one) => one.name.endsWith("/claim"));
  return { ...globalThis.felt, claimed: claim.startTime, answered: claim.responseEnd };
}
"""
_DONE: Final = "() => globalThis.felt.{name} > 0"


@dataclass(frozen=True)
class Visit:
    """Milliseconds, and the paths that the browser asked for before Enter was pressed."""

    door: float
    secret: float
    deriving: float
    claiming: float
    opening: float
    """From the server's answer to the screen: decrypted, checked, shown."""
    asked: Sequence[str]


async def visit(browser: Browser, url: str, passphrase: str) -> Visit:
    """Come with nothing in the cache, wait until the page is quiet, type, press Enter."""
    context = await browser.new_context()
    try:
        page = await context.new_page()
        requests: list[Request] = []
        page.on("request", lambda request: requests.append(request))  # noqa: PLW0108 - marked by the library
        await page.add_init_script(_WATCH)
        await page.goto(url)
        await page.wait_for_function(_DONE.format(name="door"))
        await page.wait_for_load_state("networkidle")
        asked = [urlsplit(one.url).path for one in requests if one.method == "GET"]
        await page.locator("#passphrase").press_sequentially(passphrase)
        await page.press("#passphrase", "Enter")
        await page.wait_for_function(_DONE.format(name="secret"))
        return _visit(await _times(page), asked)
    finally:
        await context.close()


def _visit(at: dict[str, float], asked: Sequence[str]) -> Visit:
    return Visit(
        door=at["door"],
        secret=at["secret"] - at["enter"],
        deriving=at["derived"] - at["asked"],
        claiming=at["answered"] - at["claimed"],
        opening=at["secret"] - at["answered"],
        asked=asked,
    )


async def _times(page: Page) -> dict[str, float]:
    found: dict[str, Any] = await page.evaluate(_CLAIM)
    return found
