"""An evidence pack, from the command in Slack to the auditor's own check, through the real programs."""

import asyncio
import hashlib
import subprocess
import tempfile
from pathlib import Path

from playwright.async_api import Browser

from bot import evidence_wording, pack_wording
from sandbox.fixtures import AUDIT, GENERAL, SAM
from tests.browser.visiting import visiting
from tests.e2e.acting import answer_to, hand_over
from tests.e2e.reading import mark, reads
from tests.e2e.workplace import Workplace
from tests.evidence.packs import verify


async def ask(at: Workplace, words: str, sentence: str) -> str:
    """Sam types the command and reads the sentence; the moment before."""
    before = mark(at)
    await at.sandbox.type(SAM, GENERAL, f"/sendsecret evidence {words}")
    await answer_to(at, SAM, before, sentence)
    return before


async def open_pack(at: Workplace, browser: Browser) -> None:
    """Asked for by an auditor, told in the DM and the audit channel, downloaded in a browser, and found to hold."""
    await hand_over(at)
    before = await ask(at, "this month guest", evidence_wording.BEGUN)
    message = await reads(at, SAM, pack_wording.READY, after=before)
    audited = await reads(at, SAM, pack_wording.AUDITED, after=before)
    assert audited["conversation"] == AUDIT
    clicked = await at.sandbox.click(SAM, "open_pack", message["conversation"], message["ts"])
    assert clicked["opens"].startswith(f"http://localhost:{at.web.port}/evidence/")
    for place in (audited, at.logs()):
        assert clicked["opens"].rpartition("/")[2] not in str(place)
    with tempfile.TemporaryDirectory() as folder:
        async with visiting(browser, java_script_enabled=False) as auditor:
            await auditor.page.goto(clicked["opens"])
            shown = await auditor.page.inner_text("main")
            async with auditor.page.expect_download() as download:
                await auditor.page.get_by_role("link", name="Download the zip").click()
            saved = await download.value
            path = Path(folder, saved.suggested_filename)
            await saved.save_as(path)
            assert auditor.console == []
        assert path.name.endswith("-guest.zip")
        assert hashlib.sha256(path.read_bytes()).hexdigest() in shown
        assert f"({path.stat().st_size} bytes)" in shown
        unzip = ["unzip", "-q", path.name]
        await asyncio.to_thread(subprocess.run, unzip, cwd=folder, check=True)
        checked = await asyncio.to_thread(verify, path.with_suffix(""))
        assert checked.exit_code == 0, checked.output
        assert "recipients: guest" in checked.output
