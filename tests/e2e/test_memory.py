"""The web program's memory never holds what it has no need of, while a drop goes through it from page to page."""

from sandbox.fixtures import MAYA
from store.formats import base64url, link_v1
from tests.bot.desk import found
from tests.bot.sealing_outside import urls_in
from tests.browser.chromium import running as chromium
from tests.browser.visiting import DONE, visiting
from tests.canaries import is_in
from tests.composer.hands import seal
from tests.e2e.acting import open_form, press_send
from tests.e2e.memory import memory_of
from tests.e2e.test_handoff import open_in_browser, url_for
from tests.e2e.workplace import Workplace, workplace
from tests.stores import Home

SECRET = "sk_live_memory_canary/51H8xQ"


async def test_no_link_no_passphrase_and_no_secret(sqlite_home: Home) -> None:
    """After sealing, and after opening: of a link only the id and the proof are there."""
    async with (
        workplace(sqlite_home) as at,
        chromium() as browser,
        visiting(browser) as maya,
        visiting(browser) as dana,
    ):
        await at.start_bot()
        view = await open_form(at)
        await at.sandbox.fill(view["id"], {"label": "Stripe restricted key", "delivery": "outside"})
        assert (await press_send(at, view))["outcome"] == "update"
        [order] = urls_in(found(await at.sandbox.wait_view(MAYA, "composers", seconds=20)))
        await maya.come(order)
        await maya.page.fill("#secret", SECRET)
        passphrase = await seal(maya.page)
        url = await url_for(at)
        require_nothing(at, url, passphrase)
        assert await open_in_browser(dana, url, passphrase) == SECRET
        await dana.page.wait_for_selector(DONE)
        require_nothing(at, url, passphrase)


def require_nothing(at: Workplace, url: str, passphrase: str) -> None:
    """A process that has just served page and link: neither is in it as whoever opens it has it."""
    before, _, fragment = url.partition("#")
    link = link_v1.parse(before.rpartition("/")[2], fragment)
    stretches = list(memory_of(at.web.process.pid))
    # The measure: what it must have seen is found.
    assert any(link.id_text.encode() in stretch for stretch in stretches)
    canonical = passphrase.replace(" ", "-")
    for canary in (link.key, SECRET.encode(), passphrase.encode(), canonical.encode(), fragment.encode()):
        assert not any(is_in(canary, stretch) for stretch in stretches)
    assert not any(base64url.encode(link.key).encode() in stretch for stretch in stretches)
