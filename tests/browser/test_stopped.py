"""A drop that cannot be opened for now, or ended while somebody was at its door: the page says only what it knows."""

import asyncio

import pytest
from playwright.async_api import expect

from store.formats.payload_v1 import Text
from tests.browser.pretend_reader import FOREVER, SILENCE, Answer, PretendReader, problem
from tests.browser.visiting import DONE, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")
AT = 1_795_003_600


async def come(visit: Visit, pretend: PretendReader, shell_url: str) -> None:
    """Open the pretend reader's drop."""
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))


async def look_again(visit: Visit) -> None:
    """Press the button."""
    await visit.page.get_by_role("button", name="Look again").click()


async def test_a_paused_drop_says_who_decides_and_leads_back(visit: Visit, shell_url: str) -> None:
    """Paused at the door: why, that nothing is used up, who was told; and once it goes on, the same page goes on."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("door", *[pretend.door(state="paused")] * 2)
    await come(visit, pretend, shell_url)
    assert await visit.heading() == "Paused until Maya Okafor has checked"
    told = await visit.text()
    assert "said in Slack that they were not expecting it" in told
    assert "Nothing is used up" in told
    assert await visit.page.locator("input").count() == 0
    await look_again(visit)
    await expect(visit.page.locator("#status")).to_have_text("It is still paused.")
    await look_again(visit)
    await visit.page.wait_for_selector("#passphrase")
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)


async def test_a_pause_while_somebody_types_costs_no_try(visit: Visit, shell_url: str) -> None:
    """Paused between door and claim: the passphrase was not tried, the page says so, and it opens afterwards."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("claim", problem(423, "paused"))
    await come(visit, pretend, shell_url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector("text=Your passphrase was not tried: no try is used up")
    await look_again(visit)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    first, second = pretend.requests("claim")
    assert first["claim"] != second["claim"]


async def test_a_pause_after_a_lost_answer_promises_nothing_about_the_try(visit: Visit, shell_url: str) -> None:
    """The lost answer may have been a refusal that was paid for, so the page does not say that no try is used up."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("claim", SILENCE, problem(423, "paused"))
    await come(visit, pretend, shell_url)
    await visit.try_passphrase("1234")
    await visit.page.wait_for_selector("text=cannot tell whether your try was counted")
    told = await visit.text()
    assert "no try is used up" not in told
    assert "Nothing is used up" not in told
    visit.console.clear()


@pytest.mark.parametrize("state", ["locked", "paused"])
async def test_looking_again_asks_once_at_a_time(visit: Visit, shell_url: str, state: str) -> None:
    """Pressed three times while the server is away, "Look again" is one look; it is another once that was answered."""
    pretend = PretendReader(Text("s3cret"))
    stopped = pretend.door(state=state)
    pretend.say("door", stopped, SILENCE, FOREVER, stopped)
    await come(visit, pretend, shell_url)
    for _ in range(3):
        await look_again(visit)
    await expect(visit.page.locator("#status")).to_contain_text("Trying again")
    await visit.page.evaluate("dispatchEvent(new Event('online'))")
    async with asyncio.timeout(10):
        while len(pretend.requests("door")) < 3:  # noqa: ASYNC110 - requests arrive by themselves
            await asyncio.sleep(0.02)
    await look_again(visit)
    # A further round through the page's queue comes after everything that the press could have begun.
    await visit.page.evaluate("new Promise((done) => setTimeout(done))")
    assert len(pretend.requests("door")) == 3
    await pretend.let_go()
    await expect(visit.page.locator("#status")).to_have_text(f"It is still {state}.")
    assert len(pretend.requests("door")) == 4
    visit.console.clear()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([], "Another page got it on"),
        ([SILENCE], "perhaps to this page, whose answer was lost, or to another one"),
    ],
)
@pytest.mark.parametrize("state", ["released", "viewed"])
async def test_a_drop_opened_elsewhere_meanwhile(
    visit: Visit, shell_url: str, state: str, answers: list[Answer], words: str
) -> None:
    """A claim that comes too late is told so; only a page that missed no answer says that it was another page."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("claim", *answers, problem(410, "ended", state=state, at=AT))
    await come(visit, pretend, shell_url)
    await visit.try_passphrase("4711")
    await expect(visit.page.locator("#view")).to_contain_text(words)
    assert "18 November 2026" in await visit.text()
    await visit.page.get_by_role("button", name="That was not me").click()
    await visit.page.wait_for_selector(".done")
    assert len(pretend.requests("not-me")) == 1
    visit.console.clear()


@pytest.mark.parametrize("state", ["revoked", "expired", "locked_out"])
async def test_a_drop_that_ends_unopened_meanwhile(visit: Visit, shell_url: str, state: str) -> None:
    """An end that came between door and claim is told as at the door: nobody opened it."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("claim", problem(410, "ended", state=state, at=AT))
    await come(visit, pretend, shell_url)
    await visit.try_passphrase("4711")
    await expect(visit.page.locator("#view")).to_contain_text("Nobody opened it.")
    await expect(visit.page.get_by_role("button", name="I was not expecting this")).to_be_visible()


@pytest.mark.parametrize(
    "trouble", [SILENCE, problem(503, "key-unreadable"), problem(429, "slow-down", retry_after_seconds=2)]
)
async def test_a_lost_act_is_not_said_to_be_free(visit: Visit, shell_url: str, trouble: Answer) -> None:
    """Without a passphrase a lost claim may have won: the page asks to be kept open and promises nothing more."""
    pretend = PretendReader(Text("s3cret"), None)
    pretend.say("claim", trouble, FOREVER)
    await come(visit, pretend, shell_url)
    await visit.page.fill("#act", "open")
    await expect(visit.page.locator("#status")).to_contain_text("Keep this page open")
    assert "Nothing is used up" not in await visit.page.inner_text("#status")
    await pretend.let_go()
    visit.console.clear()


@pytest.mark.parametrize("slug", ["locked", "paused"])
async def test_a_door_that_does_not_say_whose_it_is_names_nobody(visit: Visit, shell_url: str, slug: str) -> None:
    """A refusal in place of the door carries no header: the page has no sender to name and offers to load again."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("door", problem(423, slug))
    await come(visit, pretend, shell_url)
    assert "undefined" not in await visit.text()
    await expect(visit.page.get_by_role("button", name="Load the page again")).to_be_visible()


async def test_somebody_who_did_not_expect_it_says_so_at_the_door(visit: Visit, shell_url: str) -> None:
    """ "I was not expecting this" tells the sender, opens nothing, and leaves the drop as it was."""
    pretend = PretendReader(Text("s3cret"))
    await come(visit, pretend, shell_url)
    await visit.page.get_by_text("I was not expecting this", exact=True).click()
    await visit.page.locator("details[open]").get_by_role("button").click()
    await visit.page.wait_for_selector(".done")
    assert [name for name, _ in pretend.asked] == ["door", "not-me"]
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
