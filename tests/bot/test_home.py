"""The Home tab: what stands there, that it follows what happens, and what a press there does."""

import json
from dataclasses import replace

import pytest

from bot import home_view
from bot.home_rows import Reader, row
from bot.home_view import Home as Shown
from bot.home_view import Place, place_in
from bot.mrkdwn import fill
from bot.rights import Role
from sandbox.fixtures import DANA, MAYA, NOOR, SAM, TEAM
from sandbox.running import Sandbox
from store.attention import Why
from store.formats import base64url
from store.listing import After, Counts, Section
from store.words import Outcome, State
from tests.bot.desk import Desk, Json, found, shown_passphrase, working
from tests.bot.drops import NOW_MS, ended
from tests.store.living import created
from tests.stores import Home

LABEL = "Stripe restricted key"


async def home(desk: Desk, user: str = MAYA, contains: str = "", lacks: str = "") -> Json:
    """Somebody looks at the tab, once it is as expected."""
    await desk.sandbox.open_home(user)
    return found(await desk.sandbox.wait_view(user, home=True, contains=contains, lacks=lacks))


async def press(desk: Desk, view: Json, action: str, user: str = MAYA, number: int = 0) -> None:
    """Press the button of this action in one of the rows."""
    blocks = [b for b in view["blocks"] if any(e.get("action_id") == action for e in b.get("elements", ()))]
    await desk.sandbox.click(user, action, view=view["id"], block_id=blocks[number]["block_id"])


def rows_of(view: Json) -> list[str]:
    """The block ids of the rows that are not opened yet."""
    return [block["block_id"] for block in view["blocks"] if block.get("block_id", "").startswith("home-outstanding-")]


async def test_somebody_new_reads_three_lines_and_presses_the_first_button(desk: Desk) -> None:
    """And the form opens; beside it stand the ones for programs, and nothing else."""
    view = await home(desk, contains="They get a link that opens once")
    buttons = [e for b in view["blocks"] for e in b.get("elements", ()) if e["type"] == "button"]
    assert [button["text"]["text"] for button in buttons] == ["Send a credential", "For code…", "Records", "Tokens"]
    await desk.sandbox.click(MAYA, home_view.SEND, view=view["id"])
    assert await desk.sandbox.wait_view(MAYA)


async def test_it_follows_what_happens(desk: Desk) -> None:
    """Sent, opened and over, without another look."""
    await home(desk, contains="Send a credential")
    sent = await desk.send()
    # The numbers are read before the lists: what is counted stands there, too.
    shown = found(await desk.sandbox.wait_view(MAYA, home=True, contains="Not opened yet (1)"))
    assert f"{LABEL}* for" in json.dumps(shown)
    await desk.read(await desk.link(), shown_passphrase(sent))
    shown = found(await desk.sandbox.wait_view(MAYA, home=True, contains="In the last 30 days: 1 opened"))
    assert "Not opened yet (0)" in json.dumps(shown)
    shown = found(await desk.sandbox.wait_view(MAYA, home=True, contains="confirmed by the page, and destroyed"))
    assert "/receipts/" in json.dumps(shown)


async def test_a_press_is_answered_where_the_row_stands(desk: Desk) -> None:
    """Revoked by a plain button; the row stays until the next look, and then is over."""
    await desk.send()
    link = await desk.link()
    view = await home(desk, contains=LABEL)
    await press(desk, view, "revoke")
    shown = found(await desk.sandbox.wait_view(MAYA, home=True, contains="Revoked. The secret is destroyed"))
    outstanding = json.dumps(shown["blocks"]).partition("*Not opened yet*")[2].partition("*Over*")[0]
    assert "Revoked. The secret is destroyed" in outstanding
    assert (await desk.drop(link)).state is State.DESTROYED
    await desk.audit_thread("Destroyed: revoked")
    calls = len(desk.sandbox.calls("views.publish"))
    await desk.sandbox.wait_call("views.publish", count=calls + 1, seconds=1)
    assert "Revoked. The secret is destroyed" in json.dumps(desk.sandbox.home(MAYA))
    assert await home(desk, lacks="Revoked. The secret is destroyed", contains="Revoked <!date")


async def test_a_stale_row_says_how_it_stands(desk: Desk) -> None:
    """Opened since the tab was drawn: too late, in the same place."""
    sent = await desk.send()
    view = await home(desk, contains=LABEL)
    await desk.read(await desk.link(), shown_passphrase(sent))
    stale = next(b["block_id"] for b in view["blocks"] if b.get("block_id", "").startswith("home-outstanding-"))
    await desk.sandbox.wait_view(MAYA, home=True, contains="confirmed by the page")
    tab = desk.sandbox.workspace.modals.homes[MAYA]
    tab.set({**tab.definition, "blocks": view["blocks"]})
    await desk.sandbox.click(MAYA, "revoke", view=view["id"], block_id=stale)
    assert await desk.sandbox.wait_view(MAYA, home=True, contains="Too late: it was opened")


async def test_a_row_that_needs_somebody_begins_with_why(desk: Desk) -> None:
    """For its sender and for the office, before anything else that stands in it; the others begin with their label."""
    await desk.send()
    await desk.guess_wrong(await desk.link(), 5)
    shown = await home(desk, contains="Needs you (1)")
    [told] = [b["text"]["text"] for b in shown["blocks"] if f"{LABEL}* for" in json.dumps(b)]
    assert told.startswith("*Locked: 5 wrong passphrases*\n*Stripe")
    await press(desk, shown, "unlock")
    assert await desk.sandbox.wait_view(MAYA, home=True, contains="more tries", lacks="Locked: 5")


@pytest.mark.parametrize("role", Role)
def test_every_reason_is_in_words(role: Role) -> None:
    """Several in one line; that a key is due is said once, and that it is late not beside the last hour."""
    drop = ended(Outcome.VIEWED, rotate_by=NOW_MS)
    for why in Why:
        [text, _] = row(drop, Section.ATTENTION, Reader(role, reasons=[why]))
        first, *rest = text["text"]["text"].split("\n")
        assert first.strip("*"), why
        assert rest
    told = row(drop, Section.ATTENTION, Reader(role, reasons=[Why.LAST_HOUR, Why.UNVIEWED, Why.ROTATE]))[0]["text"][
        "text"
    ]
    assert told.splitlines()[0].startswith("*Less than an hour left, and not opened · To be rotated by ")
    assert "Not opened since" not in told
    assert told.count("rotated by") == 1


async def test_the_access_log_opens_in_words(desk: Desk) -> None:
    """Every event with its time; network and browser, never an address or a name of an event."""
    sent = await desk.send()
    await desk.guess_wrong(await desk.link(), 1)
    await desk.read(await desk.link(), shown_passphrase(sent))
    view = await home(desk, contains="confirmed by the page")
    await press(desk, view, "access_log")
    log = found(await desk.sandbox.wait_view(MAYA, "access_log", contains="Times are yours"))
    told = json.dumps(log["blocks"])
    for words in ("Sealed", "Link delivered", "Wrong passphrase; tries left: 4", "Right passphrase", "Receipt issued"):
        assert words in told
    assert "drop." not in told


async def test_only_an_office_sees_everybodys(sandbox: Sandbox, sqlite_home: Home) -> None:
    """An auditor sees who, when and how, and no link, no label and no button that acts; others see their own."""
    async with working(sandbox, sqlite_home, auditors=NOOR) as desk:
        await desk.send()
        link = await desk.link()
        view = await home(desk, NOOR, contains="Everybody's")
        await desk.sandbox.click(NOOR, "home_show_all", view=view["id"])
        shown = found(await desk.sandbox.wait_view(NOOR, home=True, contains="Credentials that anybody sent"))
        told = json.dumps(shown)
        assert LABEL not in told
        assert base64url.encode(link.id)[:6] in told
        assert base64url.encode(link.key) not in told
        assert "/s/" not in told
        actions = {e["action_id"] for b in shown["blocks"] for e in b.get("elements", ()) if "action_id" in e}
        assert "access_log" in actions
        assert actions.isdisjoint({"revoke", "unlock", "resume", "again", "lost_passphrase"})
        assert "Everybody" not in json.dumps(await home(desk, DANA, contains="cannot send anything by itself"))


async def test_everybodys_are_narrowed_to_one_persons(sandbox: Sandbox, sqlite_home: Home) -> None:
    """In the list that is shown, over its pages, and back to everybody's; an office is asked of here, too."""
    async with working(sandbox, sqlite_home, auditors=NOOR) as desk:
        for sender in (MAYA, *[SAM] * 21):
            await created(desk.store, sender_id=sender, team_id=TEAM)
        view = await home(desk, NOOR, contains="Everybody's")
        await desk.sandbox.click(NOOR, "home_show_all", view=view["id"])
        assert await desk.sandbox.wait_view(NOOR, home=True, contains="Credentials that anybody sent")
        await desk.sandbox.click(NOOR, "home_show_outstanding", view=view["id"])
        assert await desk.sandbox.wait_view(NOOR, home=True, contains="Older")
        await desk.sandbox.click(NOOR, home_view.SENDER, view=view["id"], chosen=SAM)
        shown = found(await desk.sandbox.wait_view(NOOR, home=True, contains="Not opened yet (21)"))
        pickers = [e for b in shown["blocks"] for e in b.get("elements", ()) if e["type"] == "users_select"]
        assert [picker["initial_user"] for picker in pickers] == [SAM]
        assert len(rows_of(shown)) == 20
        await desk.sandbox.click(NOOR, "home_show_older", view=view["id"])
        shown = found(await desk.sandbox.wait_view(NOOR, home=True, contains="Back to the newest"))
        assert len(rows_of(shown)) == 1
        await desk.sandbox.click(NOOR, "home_show_all", view=view["id"])
        assert await desk.sandbox.wait_view(NOOR, home=True, contains="Not opened yet (22)", lacks="one person")
        await home(desk, DANA, contains="cannot send anything")
        tab = desk.sandbox.workspace.modals.homes[DANA]
        tab.set({**tab.definition, "blocks": shown["blocks"]})
        await desk.sandbox.click(DANA, home_view.SENDER, view=tab.id, chosen=SAM)
        assert await desk.sandbox.wait_view(DANA, home=True, contains="cannot send anything", lacks="one person")


async def test_an_office_that_was_taken_away_shows_nothing_more(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Who may look is asked at each look, whatever the tab that was drawn before says."""
    async with working(sandbox, sqlite_home, auditors=NOOR) as desk:
        await desk.send()
        view = await home(desk, NOOR, contains="Everybody's")
    async with working(sandbox, sqlite_home) as desk:
        await desk.sandbox.click(NOOR, "home_show_all", view=view["id"])
        first = "They get a link that opens once"
        shown = found(await desk.sandbox.wait_view(NOOR, home=True, contains=first, lacks="Everybody's"))
        assert "Maya" not in json.dumps(shown)


async def test_an_access_log_is_no_right_of_whoever_has_the_id(desk: Desk) -> None:
    """Another colleague presses with the id of a drop that is not theirs."""
    await desk.send()
    view = await home(desk, contains=LABEL)
    theirs = await home(desk, NOOR, contains="Send a credential")
    stands = desk.sandbox.workspace.modals.homes[NOOR]
    stands.set({**stands.definition, "blocks": view["blocks"]})
    await press(desk, {**theirs, "blocks": view["blocks"]}, "access_log", NOOR)
    refused = found(await desk.sandbox.wait_view(NOOR, "access_log", contains="Only the person who sent this"))
    assert "Sealed" not in json.dumps(refused)


async def test_pages_turn(desk: Desk) -> None:
    """45 drops: twenty on a page, each once, and back to the newest."""
    for _ in range(45):
        await created(desk.store, sender_id=MAYA, team_id=TEAM)
    view = await home(desk, contains="There are more")
    await desk.sandbox.click(MAYA, "home_show_outstanding", view=view["id"])
    seen: list[str] = []
    shown = found(await desk.sandbox.wait_view(MAYA, home=True, contains="Older"))
    for turn in range(3):
        seen += rows_of(shown)
        if turn < 2:
            await desk.sandbox.click(MAYA, "home_show_older", view=view["id"])
            lacks = seen[-1]
            shown = found(await desk.sandbox.wait_view(MAYA, home=True, contains="Back to the newest", lacks=lacks))
    assert len(seen) == len(set(seen)) == 45


async def test_a_store_that_is_away_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a button to look again."""
    (desk.home.keyring / "months").rename(desk.home.keyring / "away")
    view = await home(desk, contains="I could not reach my store just now")
    (desk.home.keyring / "away").rename(desk.home.keyring / "months")
    await desk.sandbox.click(MAYA, "home_show", view=view["id"])
    assert await desk.sandbox.wait_view(MAYA, home=True, contains="Send a credential")


async def test_whoever_slack_does_not_name_is_shown_nothing(desk: Desk) -> None:
    """An office is held by somebody, not by an id alone."""
    desk.sandbox.fault("users.info", "error", None, error="user_not_visible")
    await home(desk, SAM, contains="Slack did not say just now who you are")
    desk.sandbox.clear_faults()
    assert await home(desk, SAM, contains="Everybody's")


async def test_an_access_log_that_slack_does_not_open_is_said(desk: Desk) -> None:
    """In words, to whoever pressed."""
    await desk.send()
    view = await home(desk, contains=LABEL)
    desk.sandbox.fault("views.open", "error", error="expired_trigger_id")
    await press(desk, view, "access_log")
    assert await desk.sandbox.wait_message(MAYA, contains="Slack did not open the access log")


async def test_the_messages_tab_publishes_nothing(desk: Desk) -> None:
    """Slack tells of it by the same event."""
    await desk.sandbox.open_home(MAYA, tab="messages")
    await home(desk, SAM, contains="Send a credential")
    assert desk.sandbox.home(MAYA) is None


@pytest.mark.parametrize(
    "place",
    [
        Place(),
        Place(True),
        Place(True, Section.HISTORY),
        Place(False, Section.ATTENTION, After(1, bytes(16))),
        Place(True, sender=MAYA),
        Place(True, Section.HISTORY, After(1, bytes(16)), MAYA),
    ],
)
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    """And whatever else somebody sends is the overview."""
    assert place_in(place.encode()) == place
    for wrong in (
        "",
        "all.x",
        "all@",
        f"mine@{MAYA}",
        place.encode() + ".",
        "mine.history.1.short",
        "all.history.9999999999999999." + "A" * 22,
    ):
        assert place_in(wrong) == Place()


def test_rules_are_told_in_whole_sentences() -> None:
    """As many as there is room for: half of one may say the opposite, and half of its markup is none."""
    rule = fill("*{word}* are not sent to guests.", word="Keys & tokens")
    shown = home_view.view(Shown(Place(), [], Counts(0, 0, 0, 0, None), rules=[rule] * 100))
    told = shown["blocks"][-1]["elements"][0]["text"]
    assert told.endswith(rule)
    assert 1900 < len(told) < 2100


def test_a_place_names_no_more_than_it_must() -> None:
    """Slack keeps it: where in the list, and which drop, which opens nothing."""
    after = replace(Place(), section=Section.HISTORY, after=After(1_790_000_000_000, bytes(16)))
    assert after.encode() == "mine.history.1790000000000." + "A" * 22
