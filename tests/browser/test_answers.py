"""What the page makes of each answer of a server, faults included."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from store.formats.payload_v1 import Text
from tests.browser.pretend_reader import SILENCE, Answer, PretendReader, problem
from tests.browser.visiting import DONE, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def come(visit: Visit, pretend: PretendReader, shell_url: str) -> None:
    """Open the pretend reader's drop."""
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (SILENCE, "The server does not answer. Keep this page open:"),
        (Answer(502), "The server does not answer. Keep this page open:"),
        (problem(503, "key-unreadable"), "The server cannot reach its key at the moment. Keep this page open:"),
        (problem(429, "slow-down", retry_after_seconds=1), "Too many requests come from your network. Keep this page"),
        (Answer(200, {"not": "ours"}), "The server does not answer. Keep this page open:"),
    ],
)
async def test_trouble_repeats_the_same_pair(visit: Visit, shell_url: str, trouble: Answer, words: str) -> None:
    """Whatever keeps the answer away, the page says so and sends the very same request until it is answered."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("claim", trouble, trouble)
    await come(visit, pretend, shell_url)
    await visit.try_passphrase("4711")
    await expect(visit.page.locator("#status")).to_contain_text(words)
    await visit.page.wait_for_selector(DONE)
    first, *rest = pretend.requests("claim")
    assert len(rest) == 2
    assert all(again == first for again in rest)
    visit.console.clear()


async def test_each_typed_passphrase_has_its_own_claim(visit: Visit, shell_url: str) -> None:
    """Two passphrases typed one after the other share no claim."""
    pretend = PretendReader(Text("s3cret"))
    await come(visit, pretend, shell_url)
    await visit.try_passphrase("1")
    await expect(visit.page.locator("#problem")).to_contain_text("4 tries left")
    await visit.try_passphrase("1")
    await expect(visit.page.locator("#problem")).to_contain_text("3 tries left")
    claims = [body["claim"] for body in pretend.requests("claim")]
    assert len(set(claims)) == 2


@pytest.mark.parametrize(("typed", "words"), [("", "digits 0 to 9"), ("abc", "digits 0 to 9"), ("1" * 257, "longer")])
async def test_what_cannot_be_a_passphrase_is_refused_here(
    visit: Visit, shell_url: str, typed: str, words: str
) -> None:
    """A passphrase that canon refuses costs no request and no try, and the page says why."""
    pretend = PretendReader(Text("s3cret"))
    await come(visit, pretend, shell_url)
    await visit.try_passphrase(typed)
    await expect(visit.page.locator("#problem")).to_contain_text(words)
    await expect(visit.page.locator("#problem")).to_contain_text("No try is used up.")
    assert pretend.requests("claim") == []


@pytest.mark.parametrize(
    "answer",
    [
        problem(403, "wrong-passphrase", tries_left=2, retry_after_seconds=30),
        problem(429, "too-soon", retry_after_seconds=30),
    ],
)
async def test_the_wait_between_tries_is_counted_down(visit: Visit, shell_url: str, answer: Answer) -> None:
    """During the wait nothing is sent, the button says how long, and afterwards the right passphrase opens."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("claim", answer)
    await visit.page.clock.install()
    await come(visit, pretend, shell_url)
    await visit.try_passphrase("1234")
    button = visit.page.locator("form button[type=submit]")
    await expect(button).to_be_disabled()
    await expect(button).to_contain_text("Next try in")
    await visit.try_passphrase("4711")
    assert len(pretend.requests("claim")) == 1
    await visit.page.clock.fast_forward(31_000)
    await expect(button).to_have_text("Open")
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)


@pytest.mark.parametrize("where", ["door", "claim"])
async def test_a_locked_drop_says_who_decides(visit: Visit, shell_url: str, where: str) -> None:
    """Locked at the door or by the last guess: the sender is named and can be asked, and looking again leads back."""
    pretend = PretendReader(Text("s3cret"))
    if where == "door":
        pretend.say("door", pretend.door(state="locked", tries_left=0))
        await come(visit, pretend, shell_url)
    else:
        pretend.say("claim", problem(423, "locked"))
        await come(visit, pretend, shell_url)
        await visit.try_passphrase("1234")
    await visit.page.wait_for_selector("text=Locked: all tries are used up")
    assert "Maya Okafor decides: they may be able to allow more tries" in await visit.text()
    await visit.page.get_by_role("button", name="that it is locked").click()
    await visit.page.wait_for_selector(".done")
    assert pretend.requests("ask")[0]["what"] == "tries"
    await visit.page.get_by_role("button", name="Look again").click()
    await visit.page.wait_for_selector("#passphrase")


@pytest.mark.parametrize(
    ("outcome", "words", "objection"),
    [
        ("viewed", "opened and shown on", "That was not me"),
        ("released", "has not been confirmed", "That was not me"),
        ("revoked", "Nobody opened it.", "I was not expecting this"),
        ("expired", "It expired on", "I was not expecting this"),
        (
            "undelivered",
            "confirmed that the message with this link arrived, or it came back",
            "I was not expecting this",
        ),
        ("locked_out", "Too many wrong passphrases", "I was not expecting this"),
        ("lost", "nobody can open it any more", "I was not expecting this"),
    ],
)
async def test_each_ending_is_told_to_a_holder(
    visit: Visit, shell_url: str, outcome: str, words: str, objection: str
) -> None:
    """The dead page says what happened and when, in a named zone; it offers to ask, and to object in fitting words."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("door", problem(410, "ended", state=outcome, at=1_795_003_600))
    await come(visit, pretend, shell_url)
    told = await visit.text()
    assert "This link no longer exists." in told
    assert words in told
    assert "18 November 2026" in told
    assert "Central European Standard Time" in told
    assert await visit.page.get_by_role("button").all_inner_texts() == ["Ask for a new one", objection]
    await visit.page.get_by_role("button", name=objection).click()
    await visit.page.wait_for_selector(".done")
    assert len(pretend.requests("not-me")) == 1


@pytest.mark.parametrize("end", [problem(410, "ended", state="revoked", at=1_795_003_600), problem(404, "not-found")])
async def test_looking_again_at_a_drop_that_ended_says_only_that(visit: Visit, shell_url: str, end: Answer) -> None:
    """Under a dead link nothing says that the drop is still locked."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("door", pretend.door(state="locked", tries_left=0), end)
    await come(visit, pretend, shell_url)
    await visit.page.get_by_role("button", name="Look again").click()
    await visit.page.wait_for_selector("text=This link no longer exists.")
    # A further round through the page's queue comes after everything that followed the answer.
    await visit.page.evaluate("new Promise((done) => setTimeout(done))")
    assert await visit.page.inner_text("#status") == ""


async def test_looking_again_says_that_nothing_changed(visit: Visit, shell_url: str) -> None:
    """A drop that is still locked is said to be so."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("door", *[pretend.door(state="locked", tries_left=0)] * 2)
    await come(visit, pretend, shell_url)
    await visit.page.get_by_role("button", name="Look again").click()
    await expect(visit.page.locator("#status")).to_have_text("It is still locked.")


@pytest.mark.parametrize("change", ['"v":1|"v":2', '"mode":"p"|"mode":"n"', '"sender"|"v":1,"sender"', "{|[{"])
async def test_a_foreign_header_stops_before_any_passphrase(visit: Visit, shell_url: str, change: str) -> None:
    """A header that is not this link's gets no passphrase field and no sentence with its claims."""
    pretend = PretendReader(Text("s3cret"))
    old, _, new = change.partition("|")
    assert old in pretend.header
    pretend.say("door", pretend.door(header=pretend.header.replace(old, new, 1)))
    await come(visit, pretend, shell_url)
    assert await visit.heading() == "This does not belong to your link"
    assert await visit.page.locator("input").count() == 0
    assert "Maya" not in await visit.text()


async def test_a_damaged_transfer_is_fetched_again(visit: Visit, shell_url: str) -> None:
    """An envelope that arrives damaged is asked for once more with the same claim."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("claim", pretend.release(pretend.sealed.envelope[:-1] + b"\x00"))
    await come(visit, pretend, shell_url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    first, second = pretend.requests("claim")
    assert first == second


async def test_a_damaged_envelope_is_never_acknowledged(visit: Visit, shell_url: str) -> None:
    """What cannot be opened is not confirmed as seen; the page says so and offers to ask for a new one."""
    pretend = PretendReader(Text("s3cret"))
    bad = pretend.release(pretend.sealed.envelope[:-1] + b"\x00")
    pretend.say("claim", bad, bad)
    await come(visit, pretend, shell_url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector("text=The secret arrived damaged")
    assert pretend.requests("acknowledge") == []
    await visit.page.get_by_role("button", name="Ask for a new one").click()
    await visit.page.wait_for_selector(".done")
    assert pretend.requests("ask")[0]["what"] == "again"


async def test_a_large_envelope_may_come_as_octets(visit: Visit, shell_url: str) -> None:
    """An envelope outside JSON opens like one inside."""
    secret = "x" * 100_000
    pretend = PretendReader(Text(secret))
    left = {"Sends-Left": "2", "Seconds-Left": "60"}
    pretend.say("claim", Answer(200, octets=pretend.sealed.envelope, headers=left))
    await come(visit, pretend, shell_url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    assert await visit.secret() == secret


async def test_a_fault_of_the_page_is_not_silence(visit: Visit, shell_url: str) -> None:
    """When the page itself fails in the middle, it says so and offers to load again, instead of waiting for ever."""
    pretend = PretendReader(Text("s3cret"))
    await visit.page.add_init_script("crypto.getRandomValues = () => { throw new TypeError('broken'); };")
    await come(visit, pretend, shell_url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector("text=Something on this page went wrong")
    await expect(visit.page.get_by_role("button", name="Load the page again")).to_be_visible()


async def test_a_changed_script_does_not_run(visit: Visit, shell_url: str) -> None:
    """A script whose bytes are not those of the shell's hash is refused by the browser, however small the change."""

    async def change(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=await answer.text() + " ")

    await visit.page.route("**/assets/page-*.js", change)
    refused = visit.page.wait_for_event("console", lambda said: "integrity" in said.text)
    await asyncio.gather(refused, visit.page.goto(f"{shell_url}/s/x"))
    assert await visit.heading() == "Opening…"
    visit.console.clear()


async def test_names_and_labels_are_text(visit: Visit, shell_url: str) -> None:
    """Markup and direction overrides from a sender are shown as characters, never obeyed."""
    hostile = '<img src=x onerror="alert(1)">\u202e evil'
    pretend = PretendReader(Text("s3cret"), sender=hostile, label=hostile)
    pretend.hint = hostile
    await come(visit, pretend, shell_url)
    assert await visit.page.locator("img").count() == 0
    assert (await visit.text()).count('<img src=x onerror="alert(1)">\ufffd evil') >= 3


async def test_asking_for_the_passphrase_reaches_the_sender(visit: Visit, shell_url: str) -> None:
    """ "I don't have the passphrase" explains where it comes from and asks the sender for it."""
    pretend = PretendReader(Text("s3cret"))
    await come(visit, pretend, shell_url)
    await visit.page.locator("summary").first.click()
    assert "The passphrase does not come with the link." in await visit.text()
    await visit.page.get_by_role("button", name="for the passphrase").click()
    await visit.page.wait_for_selector(".done")
    assert pretend.requests("ask")[0]["what"] == "passphrase"
