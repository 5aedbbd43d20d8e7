"""axe-core in a page under test.

It runs in a world of its own beside the page's, as an extension's script does, so that the page keeps its policy: no
script but the page's own ever runs in the page's world.
"""

import json
from functools import cache

from playwright.async_api import Page

from tests.browser.page_checks import package

# What does not change with width or colours is judged once.
_LOOKS = {
    "type": "rule",
    "values": ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"],
}
# Best practices of axe, and the rules of WCAG 2.0 to 2.2 at levels A and AA.
_ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@cache
def _source() -> str:
    return (package("axe-core") / "axe.min.js").read_text("utf-8")


async def violations(page: Page, *, looks_only: bool = False) -> list[str]:
    """What axe finds wrong with the page as it is now: rule, then where; what it cannot decide is not counted."""
    session = await page.context.new_cdp_session(page)
    try:
        tree = await session.send("Page.getFrameTree")
        frame = {"frameId": tree["frameTree"]["frame"]["id"], "worldName": "axe"}
        world = (await session.send("Page.createIsolatedWorld", frame))["executionContextId"]

        async def run(code: str) -> object:
            asked = {"expression": code, "contextId": world, "awaitPromise": True, "returnByValue": True}
            answer = await session.send("Runtime.evaluate", asked)
            assert "exceptionDetails" not in answer, answer["exceptionDetails"]
            return answer["result"].get("value")

        if not await run("typeof axe === 'object'"):
            await run(f"{_source()};0")
        options = json.dumps({"runOnly": _LOOKS if looks_only else _ALL, "resultTypes": ["violations"]})
        found = await run(
            f"axe.run(document, {options}).then((all) => all.violations.flatMap((each) =>"
            " each.nodes.map((node) => `${each.id}: ${node.target} ${node.failureSummary}`)))"
        )
    finally:
        await session.detach()
    assert isinstance(found, list)
    return found
