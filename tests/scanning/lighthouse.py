"""
Lighthouse judges every page of the running programs, in the system's Chromium.

Pages that an address leads to are loaded by it (a navigation); what opens once, what is typed, and what the server
answers with 404 or 410 is brought there first and judged as it stands (a snapshot): a browser notes each such answer
in its console, and Lighthouse takes every note there for a fault of the page.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from playwright.async_api import async_playwright

from tests.browser.page_checks import node
from tests.chromium import FLAGS, path
from tests.programs import free_port
from tests.scanning.installation import TYPED, Installation
from tests.scanning.planted import NOT_JUDGED
from tests.store.looking import TYPED as TYPED_BY_VIEWERS

HERE: Final = Path(__file__).parent
SECONDS: Final = 180
LOOKS: Final = (("phone", "dark"), ("desktop", "light"))
"""Each size and each scheme once: no colour of the pages depends on their width."""


@dataclass(frozen=True)
class Scene:
    """`urls` are one for each look; `steps` lead on from the first scene, without them it is a navigation."""

    name: str
    urls: Sequence[str]
    steps: Sequence[Mapping[str, str]] | None = None


@dataclass
class Verdicts:
    """By scene and look; `audits` is how many were looked at in all, `version` Lighthouse's."""

    version: str = ""
    judged: int = 0
    audits: int = 0
    findings: list[str] = field(default_factory=list)


def scenes(at: Installation) -> list[Scene]:
    """Every page, and what it shows at its end."""
    content, url = at.content, at.url
    secret = [{"fill": "#passphrase", "text": f"{TYPED}\n"}, {"wait": ".ack"}]
    shown = [{"fill": "#passphrase", "text": f"{TYPED_BY_VIEWERS}\n"}, {"wait": "#secret"}]
    sealed = [{"fill": "#secret", "text": "sk_live_canary"}, {"click": "button::-p-text(Seal it)"}, {"wait": ".made"}]
    door, rid = content.untouched.link.url(url), content.receipt.partition("#")[0]

    def one(address: str) -> list[str]:
        return [address] * len(LOOKS)

    return [
        Scene("incident", one(f"{url}/incident/{at.incident()}")),
        Scene("incident-over", one(f"{url}/incident/over"), []),
        Scene("door", one(door)),
        Scene("door-wrong", one(door), [{"fill": "#passphrase", "text": "\n"}, {"wait": "#problem:not(:empty)"}]),
        Scene("secret", [each.link.url(url) for each in content.opened], secret),
        Scene("dead", one(content.ended.link.url(url)), []),
        Scene("unknown", one(replace(content.untouched.link, id=bytes(16)).url(url)), []),
        Scene("cut", one(door[:-3])),
        Scene("home", one(f"{url}/"), []),
        Scene("no-such-page", one(f"{url}/s/cut"), []),
        Scene("composer", one(content.composer)),
        Scene("composer-request", one(content.request)),
        Scene("composer-cut", one(content.composer[:-2])),
        Scene("composer-sealed", list(content.orders), sealed),
        Scene("viewer", one(content.viewer.link.url(url))),
        Scene("viewer-shown", one(content.viewer.link.url(url)), shown),
        Scene("viewer-cut", one(content.viewer.link.url(url)[:-2])),
        Scene("receipt", one(f"{url}/receipts/{content.receipt}")),
        Scene("receipt-unnamed", one(f"{url}/receipts/{rid}")),
        Scene("receipt-missing", one(f"{url}/receipts/{'0' * 32}"), []),
        Scene("pack", one(f"{url}/evidence/{content.pack}")),
        Scene("pack-missing", one(f"{url}/evidence/{'0' * 32}"), []),
    ]


async def judge(wanted: Sequence[Scene], *, spoil: str | None = None) -> Verdicts:
    """Each scene in each look; `spoil` is a script that spoils the page first.  Both scores must be 100."""
    executable, port, verdicts = path(), free_port(), Verdicts()
    assert executable is not None, "there is no Chromium; `python -m tests.chromium` says how to get one"
    flags = [*FLAGS, f"--remote-debugging-port={port}", "--ignore-certificate-errors"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=flags)
        try:
            for scene in wanted:
                for url, (size, scheme) in zip(scene.urls, LOOKS, strict=True):
                    job = {"port": port, "url": url, "size": size, "scheme": scheme, "spoil": spoil}
                    said = await _asked(job | {"steps": scene.steps if spoil is None else scene.steps or []})
                    _take(verdicts, f"{scene.name}, {size}, {scheme}", said)
        finally:
            await browser.close()
    return verdicts


def _take(verdicts: Verdicts, where: str, said: Mapping[str, Any]) -> None:
    verdicts.judged += 1
    if trouble := said.get("trouble"):
        verdicts.findings.append(f"{where}{NOT_JUDGED}{trouble}")
        return
    verdicts.version = said["version"]
    verdicts.audits += said["audits"]
    low = [f"{where}: {name} {score}" for name, score in said["scores"].items() if score != 1]
    verdicts.findings += [*low, *[f"{where}: {wrong}" for wrong in said["wrong"]]]


async def _asked(job: Mapping[str, Any]) -> dict[str, Any]:
    """What Lighthouse says of one page."""
    judging = await asyncio.create_subprocess_exec(
        node(), str(HERE / "lighthouse.mjs"), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(SECONDS):
            said, _ = await judging.communicate(json.dumps(job).encode() + b"\n")
    except TimeoutError:
        return {"trouble": f"no answer in {SECONDS} s"}
    finally:
        if judging.returncode is None:
            judging.kill()
            await judging.wait()
    verdict: dict[str, Any] = json.loads(said) if said else {"trouble": f"it ended with {judging.returncode}"}
    return verdict
