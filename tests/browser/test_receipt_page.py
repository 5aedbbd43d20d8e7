"""The receipt's page in Chromium: what its button finds, true and changed, and what it says where it cannot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.async_api import Browser, Route, expect

from store.formats.checkpoint_v1 import LogKey
from store.log import published
from tests.browser.real_receipts import Receipts, real_receipts
from tests.browser.visiting import Visit, plain, visiting
from tests.store.test_receipts import WAYS

pytestmark = pytest.mark.asyncio(loop_scope="session")
SIGNED = "The receipt is signed by a key that this server publishes."
SHOWN = "Every value of the receipt stands on this page as it was signed."
NO_ED25519 = """
const real = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = async (...all) => {
    if (all[2]?.name === "Ed25519") throw new DOMException("Unrecognized name.", "NotSupportedError");
    return real(...all);
};"""


@pytest_asyncio.fixture(loop_scope="session")
async def shown(tmp_path: Path) -> AsyncIterator[Receipts]:
    """The server."""
    async with real_receipts(tmp_path) as server:
        yield server


async def check(visit: Visit, kept: str = "") -> tuple[list[str], str]:
    """Press the button: the lines, and the verdict."""
    if kept:
        await visit.page.fill("#kept", kept)
    await visit.page.get_by_role("button", name="Check this receipt").click()
    await expect(visit.page.get_by_role("button", name="Check this receipt")).to_be_enabled()
    lines = await visit.page.locator("#lines li").all_inner_texts()
    return [plain(line) for line in lines], plain(await visit.page.inner_text("#verdict"))


@pytest.mark.parametrize("outcome", WAYS)
async def test_every_outcome_checks_out(shown: Receipts, visit: Visit, outcome: str) -> None:
    """Signature, page, proof and checkpoint hold for each of the seven, and the verdict says by whose keys."""
    await visit.page.goto(shown.address(await shown.ended(outcome)))
    lines, verdict = await check(visit)
    assert lines[:2] == [f"ok {SIGNED}", f"ok {SHOWN}"]
    assert lines[2].startswith("ok The receipt is leaf ")
    assert lines[3] == "ok The log localhost:8080/audit signed that root, by the key that this server shows."
    assert len(lines) == 4
    assert verdict.startswith("Everything holds, by the keys that this same server shows. That proves less")


async def test_a_key_that_was_kept_proves_more(shown: Receipts, visit: Visit) -> None:
    """The pasted line is believed in place of the server's, and one that is another's or none is named."""
    await visit.page.goto(shown.address(await shown.ended()))
    [vkey] = await published.log_keys(shown.store)
    lines, verdict = await check(visit, f" {vkey}\n")
    assert lines[3].endswith("signed that root, by the key that you kept.")
    assert verdict == "Everything holds. The log's signature was checked by the key that you kept."
    foreign = LogKey("localhost:8080/audit", Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    lines, verdict = await check(visit, foreign.text)
    assert lines[3] == "failed The signature of the log. The checkpoint is not signed, once, by this key."
    assert verdict.startswith("Something does not hold.")
    lines, _ = await check(visit, vkey[:-4])
    assert "What you pasted is not the key of a log." in lines[3]


@pytest.mark.parametrize(
    ("file", "old", "new", "failing"),
    [
        ("**/*.jws", ".", ".e", [0, 1, 2]),
        ("**/*.tlog-proof", "index 5", "index 3", [2]),
        ("**/*.tlog-proof", "/audit\n", "/audit-2\n", [3]),
        ("**/jwks.json", '"x": "', '"x": "A', [0, 1]),
        ("**/log/vkey", "+", "-", [3]),
    ],
)
async def test_what_was_changed_is_named(
    shown: Receipts, visit: Visit, file: str, old: str, new: str, failing: list[int]
) -> None:
    """A file that differs in one place makes its own line fail, and the verdict with it."""
    rid = await shown.ended()

    async def changed(route: Route) -> None:
        answer = await route.fetch()
        text = await answer.text()
        assert old in text
        # Of the keys each: which of them signed is not for this test to know.
        await route.fulfill(response=answer, body=text.replace(old, new, -1 if file.endswith("jwks.json") else 1))

    await visit.page.route(file, changed)
    await visit.page.goto(shown.address(rid))
    lines, verdict = await check(visit)
    assert [at for at, line in enumerate(lines) if not line.startswith("ok ")] == failing
    assert verdict.startswith("Something does not hold.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("said that it decrypted it", "said nothing"),
        ("<li><span data-says=\"does_not_attest.2\">who read it</span></li>", ""),
        ("who read it", "who wrote it"),
        (">0</span>", ">1</span>"),
        ("November 2026", "December 2026"),
        ("</ul>", "<li><span data-says=\"attests.3\">and everything else</span></li></ul>"),
    ],
)  # fmt: skip
async def test_a_page_that_shows_something_else_is_named(shown: Receipts, visit: Visit, old: str, new: str) -> None:
    """A sentence, a number, a time that is not the signed one, a sentence too few or too many."""
    rid = await shown.ended()

    async def changed(route: Route) -> None:
        answer = await route.fetch()
        text = await answer.text()
        assert old in text
        await route.fulfill(response=answer, body=text.replace(old, new))

    await visit.page.route(f"**/receipts/{rid}", changed)
    await visit.page.goto(shown.address(rid))
    lines, _ = await check(visit)
    assert lines[1].startswith(
        "failed Whether every value of the receipt stands on this page as it was signed. The page shows "
    )
    assert [line.split()[0] for line in lines] == ["ok", "failed", "ok", "ok"]


async def test_a_browser_without_ed25519_says_so(shown: Receipts, visit: Visit) -> None:
    """What needs signatures is not checked, the rest is; what to use instead is named, and nothing is called false."""
    await visit.page.add_init_script(NO_ED25519)
    await visit.page.goto(shown.address(await shown.ended()))
    lines, verdict = await check(visit)
    for at in (0, 3):
        assert lines[at].startswith("not checked The signature of the ")
        assert "This browser cannot check Ed25519 signatures. Use a current Chrome" in lines[at]
    assert lines[1].startswith("not checked Whether every value")
    assert lines[2].startswith("ok ")
    assert verdict == "Nothing failed, and not everything could be checked."


async def test_before_the_log_has_it_the_rest_is_checked(shown: Receipts, visit: Visit) -> None:
    """The proof is missing for a moment: said so, and pressing again afterwards finds it."""
    await shown.ended()
    await visit.page.goto(shown.address(await shown.ended(integrated=False)))
    lines, verdict = await check(visit)
    assert lines[:2] == [f"ok {SIGNED}", f"ok {SHOWN}"]
    assert all("The log does not hold this receipt so far." in line for line in lines[2:])
    assert verdict == "Nothing failed, and not everything could be checked."
    await shown.integrate()
    lines, verdict = await check(visit)
    assert [line.split()[0] for line in lines] == ["ok"] * 4


async def test_a_server_that_is_away_is_no_failure(shown: Receipts, visit: Visit) -> None:
    """Silence proves nothing false: each line says that the file could not be fetched."""
    await visit.page.goto(shown.address(await shown.ended()))
    for path in ("**/*.jws", "**/*.tlog-proof", "**/jwks.json", "**/log/vkey"):
        await visit.page.route(path, lambda route: route.abort())
    lines, _ = await check(visit)
    assert [line.split(" ")[:2] for line in lines] == [["not", "checked"]] * 4
    visit.console.clear()


async def test_without_https_the_page_says_what_is_needed(shown: Receipts, visit: Visit) -> None:
    """Where the browser withholds its cryptography nothing is called true or false, and no name is shown."""
    await visit.page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})")
    rid = await shown.ended()
    await visit.page.goto(shown.address(rid, shown.token(rid)))
    lines, verdict = await check(visit)
    assert lines == []
    assert verdict.startswith("This browser offers its cryptography on https pages only, so nothing was checked.")
    assert "Without it no name can be checked, so none is shown." in await visit.page.inner_text("#names")


async def test_without_javascript_everything_but_the_check_is_there(chromium: Browser, shown: Receipts) -> None:
    """The page says all that the receipt says, and where the check is to be had."""
    rid = await shown.ended()
    async with visiting(chromium, java_script_enabled=False) as visit:
        await visit.page.goto(shown.address(rid))
        text = await visit.text()
        assert "that page said that it decrypted it" in text
        assert "what the reader did with it" in text
        assert "The check on this page needs JavaScript." in text
        assert "docs/verifying.md" in text
        assert await visit.page.get_by_role("button").count() == 0
        assert await visit.page.get_by_role("link").count() == 4
