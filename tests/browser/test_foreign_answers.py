"""Answers that are not the server's own, and words of the server that the page does not know.

The sealed secret may have been released by a request whose answer was lost, so no such answer may make the page
forget its claim.
"""

import pytest
from playwright.async_api import Route, expect

from store.formats.payload_v1 import Text
from store.words import Outcome
from tests.browser.pretend_reader import SILENCE, Answer, PretendReader, problem
from tests.browser.real_reader import RealReader
from tests.browser.visiting import DONE, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


def page_of_a_proxy(status: int) -> Answer:
    """What something between page and server answers in its place."""
    return Answer(status, octets=b"<html>Sorry</html>", headers={"content-type": "text/html"})


FOREIGN = [
    *[page_of_a_proxy(status) for status in (200, 400, 403, 404, 410, 423, 429, 502)],
    Answer(403, {"type": "about:blank", "title": "Forbidden", "status": 403}),
    Answer(410, {"message": "gone"}),
    Answer(200, {"message": "sign in to this network"}),
    Answer(200, octets=b"[]", headers={"content-type": "application/json"}),
    Answer(403, octets=b"null", headers={"content-type": "application/json"}),
    Answer(200, octets=b'{"cut', headers={"content-type": "application/json"}),
    Answer(200, octets=b"a download", headers={"content-type": "application/octet-stream"}),
    problem(408, "malformed"),
    problem(503, "word-of-tomorrow"),
    problem(429, "word-of-tomorrow"),
]


async def hurry(visit: Visit) -> None:
    """Wait until the page says that it tries again, and let it do so at once, as when a device comes online."""
    await expect(visit.page.locator("#status")).to_contain_text("Trying again")
    await visit.page.evaluate("dispatchEvent(new Event('online'))")


@pytest.mark.parametrize("foreign", FOREIGN)
async def test_a_foreign_answer_repeats_the_same_pair(visit: Visit, shell_url: str, foreign: Answer) -> None:
    """After a lost answer, whatever else answers than the server, the very same pair is sent again and opens."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("claim", SILENCE, foreign)
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    await visit.try_passphrase("4711")
    await hurry(visit)
    await visit.page.wait_for_selector(DONE)
    first, *rest = pretend.requests("claim")
    assert rest == [first, first]
    visit.console.clear()


@pytest.mark.parametrize("foreign", [page_of_a_proxy(404), Answer(200, {"message": "sign in"}), Answer(403, {"x": 1})])
async def test_a_foreign_answer_at_the_door_is_waited_out(visit: Visit, shell_url: str, foreign: Answer) -> None:
    """Before any passphrase, too, a proxy's page is no statement about the drop: the page asks again."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("door", foreign)
    await pretend.attach(visit.page)
    await visit.page.goto(pretend.link.url(shell_url))
    await hurry(visit)
    await visit.page.wait_for_selector("#passphrase")
    visit.console.clear()


async def test_a_proxys_refusal_after_a_lost_release_loses_nothing(reader: RealReader, visit: Visit) -> None:
    """The server released, its answer was cut, a proxy refused the second request: the third brings the secret."""
    drop = await reader.send(Text("s3cret"))
    sent = 0

    async def road(route: Route) -> None:
        nonlocal sent
        sent += 1
        if sent == 1:
            await route.fetch()
            await route.abort("connectionreset")
        elif sent == 2:
            await route.fulfill(status=429, body="<html>Too Many Requests</html>", content_type="text/html")
        else:
            await route.continue_()

    await visit.page.route("**/claim", road)
    await visit.come(drop.url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    assert await visit.secret() == "s3cret"
    assert await reader.outcome(drop) is Outcome.VIEWED
    visit.console.clear()


async def test_only_the_server_confirms_the_end(visit: Visit, shell_url: str) -> None:
    """Another's 200 to the acknowledgement does not make the page say that the secret is destroyed."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("acknowledge", Answer(200, {"message": "sign in to this network"}))
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector("text=has not confirmed yet")
    await visit.page.wait_for_selector(DONE)
    assert len(pretend.requests("acknowledge")) == 2


async def test_only_the_server_takes_a_message(visit: Visit, shell_url: str) -> None:
    """Another's 200 to a request for the sender does not make the page say that the sender was told."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("ask", Answer(200, {"message": "sign in to this network"}))
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    await visit.page.locator("summary").first.click()
    await visit.page.get_by_role("button", name="for the passphrase").click()
    await expect(visit.page.locator("#problem")).to_contain_text("this may not have arrived")
    assert await visit.page.locator(".done").count() == 0


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "taken back, or has expired"),
        (410, "It has ended."),
        (423, "Locked: all tries are used up"),
        (403, "do not understand each other"),
        (400, "do not understand each other"),
    ],
)
async def test_an_unknown_word_goes_by_its_status(visit: Visit, shell_url: str, status: int, words: str) -> None:
    """A problem of the server's whose word is of a later version is treated as its status alone says."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("claim", problem(status, "word-of-tomorrow"))
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    await visit.try_passphrase("4711")
    await expect(visit.page.locator("#view")).to_contain_text(words)
    # A lost answer before this one may have paid; the page cannot know.
    assert "Nothing is used up" not in await visit.text()


async def test_a_refused_door_has_used_up_nothing(visit: Visit, shell_url: str) -> None:
    """Looking never costs anything, so a refusal at the door may say so."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("door", problem(403, "wrong-origin"))
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    assert await visit.heading() == "The page and the server do not understand each other"
    assert "Nothing is used up" in await visit.text()
