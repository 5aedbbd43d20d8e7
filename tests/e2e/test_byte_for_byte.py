"""Whoever seals and whoever opens: what comes out is what went in, byte for byte."""

from pathlib import Path

from tests.browser.chromium import running as chromium
from tests.e2e.acting import PASSPHRASE, hand_over
from tests.e2e.contents import Content, texts
from tests.e2e.openers import with_command, with_page
from tests.e2e.workplace import Workplace, workplace
from tests.stores import Home


async def by_form(at: Workplace, content: Content) -> tuple[str, str]:
    """Maya types it into Slack's form; link and passphrase."""
    return (await hand_over(at, secret=content.bytes.decode())).url, PASSPHRASE


async def test_what_the_form_takes(sqlite_home: Home, tmp_path: Path) -> None:
    """Out of page and command line."""
    async with workplace(sqlite_home) as at, chromium() as browser:
        await at.start_bot()
        for content in [one for one in texts() if one.fits_the_form]:
            for opened in (with_page(browser), with_command(tmp_path)):
                assert await opened(*await by_form(at, content)) == content.bytes, content.what
