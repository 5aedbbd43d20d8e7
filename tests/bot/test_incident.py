"""A laptop is gone: who sees what its owner was handed, who revokes it, and what they read."""

import json

import pytest

from bot import incident_desk, incident_views, incident_wording, rotation_wording
from bot.audit_messages import short
from bot.incident_desk import person_in
from sandbox.fixtures import AUDIT, DANA, MAYA, MAYA_DANA, SAM, TEAM
from sandbox.running import Sandbox
from store import handed, history, rotating
from store.drops import find
from store.errors import StoreUnavailableError
from store.formats import base64url
from store.revoking import Tally
from store.words import Actor, Event, State
from tests.bot import looking_back
from tests.bot.desk import Desk, found, shown_passphrase, working
from tests.bot.looking_back import PEOPLE, SEES, UNNAMED, Screen, buttons_of, three, typed_by
from tests.store.living import created, viewed
from tests.stores import Home

LABEL = "Stripe restricted key"
REVOKES = {"sender": {"own"}, "administrator": {"own", "a colleague's"}, "both": {"own", "a colleague's"}}
ADMIN = PEOPLE["administrator"]


@pytest.mark.parametrize("who", PEOPLE)
async def test_who_sees_and_who_revokes(sqlite_home: Home, who: str) -> None:
    """Everybody with an office sees it all, senders their own; auditors end nothing; of another workspace, nobody."""
    async with sqlite_home.open("bot") as store:
        made, screen = await three(store), Screen()
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(PEOPLE[who]))
        seen = {name for name, one in made.items() if short(one.new.id) in screen.text}
        assert seen == SEES.get(who, set())
        assert (LABEL in screen.text) == (who in SEES and who != "auditor")
        assert (incident_views.REVOKE_ALL in screen.text) == (who in REVOKES)
        # No more than it ends: of another workspace's there is one, too.
        assert (f"Revoke all outstanding ({len(REVOKES.get(who, ()))})" in screen.text) == (who in REVOKES)
        await desk.revoke_all(screen.shown, PEOPLE[who])
        drops = {name: await find(store, one.new.id) for name, one in made.items()}
        ended = {name for name, drop in drops.items() if drop and drop.state is State.DESTROYED}
        assert ended == REVOKES.get(who, set())
        by = {drop.ended_by for drop in drops.values() if drop} - {None}
        assert by == ({Actor.SENDER} if who == "sender" else {Actor.ADMIN} if ended else set())


@pytest.mark.parametrize("who", PEOPLE)
async def test_who_says_that_it_was_rotated(sqlite_home: Home, who: str) -> None:
    """The button stands only before whoever may, and is judged again when it is pressed."""
    async with sqlite_home.open("bot") as store:
        made, screen = await three(store), Screen()
        for one in made.values():
            await viewed(store, sqlite_home, one)
        await looking_back.incident_desk(store, screen).answer(f"<@{DANA}>", typed_by(PEOPLE[who]))
        may = {name for name, one in made.items() if f'"value": "{base64url.encode(one.new.id)}"' in screen.text}
        assert may == REVOKES.get(who, set())
        rotation = looking_back.rotation(store)
        for name, one in made.items():
            value = base64url.encode(one.new.id)
            answers = [await rotation.rotated(value, PEOPLE[who]) for _ in range(2)]
            drop = await find(store, one.new.id)
            assert drop is not None
            assert (drop.rotated_at is not None) == (name in may)
            if name in may:
                assert answers == [rotation_wording.ROTATED_NOW, rotation_wording.ROTATED_ALREADY]
            said = [step.event for step in await history.of(store, one.new.id)].count(Event.ROTATED)
            assert said == (name in may)


async def test_what_nobody_has_seen_is_not_rotated(sqlite_home: Home) -> None:
    """Said in words, and no event."""
    async with sqlite_home.open("bot") as store:
        made = await three(store)
        rotation = looking_back.rotation(store)
        answer = await rotation.rotated(base64url.encode(made["own"].new.id), ADMIN)
        assert answer == rotation_wording.NOT_OPENED


async def test_auditors_read_labels_where_the_operator_shows_them(sqlite_home: Home) -> None:
    """As in the audit channel; and whom to ask to revoke."""
    async with sqlite_home.open("bot") as store:
        await three(store)
        screen = Screen()
        await looking_back.incident_desk(store, screen, show_labels=True).answer(
            f"<@{DANA}>", typed_by(PEOPLE["auditor"])
        )
        assert LABEL in screen.text
        assert f"Ask <@{SAM}>" in screen.text


async def test_the_list_turns_its_pages(sqlite_home: Home) -> None:
    """Every drop once, the most urgent first, the provider's page beside it; the counts are of all."""
    async with sqlite_home.open("bot") as store:
        made = [await created(store, sender_id=MAYA, recipient_id=DANA, team_id=TEAM) for _ in range(45)]
        await viewed(store, sqlite_home, made[3])
        await rotating.remind_on(store, made[3].new.id, 1_900_000_000_000)
        screen = Screen()
        desk = looking_back.incident_desk(store, screen, rotate_url=lambda name: f"https://example.com/{name}?a&b")
        await desk.answer(f"<@{DANA}>", typed_by(ADMIN))
        assert "Opened and not rotated: *1* · Outstanding: *44*" in screen.text
        first = next(block for block in screen.views[-1]["blocks"] if "drop-" in block.get("block_id", ""))
        assert short(made[3].new.id) in first["text"]["text"]
        assert "<https://example.com/anything?a&amp;b|rotate it there>" in first["text"]["text"]
        assert "to be rotated by <!date^1900000000^" in first["text"]["text"]
        seen = []
        for where in ("1 to 20 of 45", "21 to 40 of 45", "41 to 45 of 45"):
            assert where in screen.text
            seen += [block["block_id"] for block in screen.views[-1]["blocks"] if "drop-" in block.get("block_id", "")]
            value = next(
                (one["value"] for one in buttons_of(screen.views[-1]) if one.get("action_id") == incident_views.NEXT),
                "first",
            )
            await desk.turn(screen.shown, value, ADMIN)
        assert len(seen) == len(set(seen)) == 45
        assert "1 to 20 of 45" in screen.text


async def test_a_page_is_no_right_to_see_it(sqlite_home: Home) -> None:
    """Whoever sends somebody else's view, or their own of yesterday, is judged now."""
    async with sqlite_home.open("bot") as store:
        await three(store)
        screen = Screen()
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(ADMIN))
        shown = screen.shown
        await desk.turn(shown, "first", PEOPLE["colleague"])
        assert incident_wording.NOTHING_OWN in screen.text
        assert "*2*" not in screen.text
        await desk.revoke_all(shown, PEOPLE["colleague"])
        assert incident_wording.NONE_LEFT in screen.text
        assert (await handed.counts(store, DANA, None)).revoke == 3


async def test_what_there_was_no_time_for_is_said(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same press goes on; pressed once more there is nothing left."""
    async with sqlite_home.open("bot") as store:
        for _ in range(3):
            await created(store, sender_id=MAYA, recipient_id=DANA, team_id=TEAM)
        screen = Screen()
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(ADMIN))
        with monkeypatch.context() as hurried:
            hurried.setattr(incident_desk, "_MOST_SECONDS", 0.0)
            await desk.revoke_all(screen.shown, ADMIN)
        assert "Not finished: 3. Press the button again." in screen.text
        before = len(screen.views)
        await desk.revoke_all(screen.shown, ADMIN)
        assert incident_views.REVOKE_ALL not in json.dumps(screen.views[before])
        assert "Revoked and destroyed unopened: 3." in screen.text
        await desk.revoke_all(screen.shown, ADMIN)
        assert incident_wording.NONE_LEFT in screen.text


async def test_what_goes_wrong_is_said(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name, no view, no store: each in words, and what to do."""
    async with sqlite_home.open("bot") as store:
        screen = Screen(refuses="expired_trigger_id")
        desk = looking_back.incident_desk(store, screen)
        await desk.answer("dana", typed_by(ADMIN))
        await desk.answer(f"<@{DANA}>", typed_by(ADMIN))
        assert screen.replies == [incident_wording.WHOM, incident_wording.NOT_OPENED]

        async def away(*_: object, **__: object) -> None:
            raise StoreUnavailableError

        screen = Screen()
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(ADMIN))
        monkeypatch.setattr(handed, "counts", away)
        shown = screen.shown
        await desk.turn(shown, "first", ADMIN)
        assert incident_wording.STORE_AWAY in screen.text
        await desk.revoke_all(shown, ADMIN)
        assert incident_wording.STORE_AWAY in screen.text

        async def broken(*_: object, **__: object) -> None:
            raise ValueError

        for name in ("counts", "stoppable"):
            monkeypatch.setattr(handed, name, broken)
            await (desk.turn(shown, "first", ADMIN) if name == "counts" else desk.revoke_all(shown, ADMIN))
            assert incident_wording.FAILED in screen.text


async def test_whoever_slack_does_not_name_is_told_so(sqlite_home: Home) -> None:
    """Somebody from outside whose team is not known just then is called no stranger, and ends nothing."""
    async with sqlite_home.open("bot") as store:
        await created(store, sender_id=UNNAMED.user_id, recipient_id=DANA, team_id=TEAM)
        screen = Screen()
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(UNNAMED))
        assert incident_wording.WHO_ASKS in screen.text
        await desk.revoke_all(screen.shown, UNNAMED)
        assert (await handed.counts(store, DANA, None)).revoke == 1


async def test_nothing_was_handed_over(sqlite_home: Home) -> None:
    """Said as it is, with the name as Slack has it, and what to look for besides."""
    async with sqlite_home.open("bot") as store:
        screen = Screen()
        await looking_back.incident_desk(store, screen).answer("<@U0NEW>", typed_by(ADMIN))
        assert incident_wording.NOTHING in screen.text
        assert "Name of U0NEW" in screen.text
        assert incident_wording.OTHER_NAME in screen.text


def test_what_an_act_came_to_is_said() -> None:
    """A sentence for each thing that happened, and none for what did not."""
    told = incident_views.news_of(Tally(revoked=1, opened=2, over=3, unfinished=4))
    wanted = (incident_wording.REVOKED, incident_wording.OPENED, incident_wording.OVER, incident_wording.UNFINISHED)
    assert told == [sentence.format(count=number) for number, sentence in enumerate(wanted, 1)]
    assert incident_views.news_of(Tally(is_cut=True)) == [incident_wording.UNFINISHED_CUT]
    assert incident_views.news_of(Tally(refused=2)) == [incident_wording.NOT_MAY.format(count=2)]
    assert incident_views.news_of(Tally()) == [incident_wording.NONE_LEFT]


@pytest.mark.parametrize(
    ("words", "person"),
    [
        ("<@U0DANA|dana>", "U0DANA"),
        ("<mailto:Dana@Example.com|Dana@Example.com>", "Dana@example.com"),
        ("dana@example.com", "dana@example.com"),
        ("", None),
        ("@dana", None),
        ("<@U0DANA> <@U0SAM>", None),
        ("<@U0DANA> because the laptop was stolen", "U0DANA"),
        ("<@U0DANA|dana>, laptop stolen", "U0DANA"),
        ("dana@example.com laptop stolen", "dana@example.com"),
        ("because laptop stolen", None),
        ("dana@example.com sam@example.com", None),
        ("dana@example.com and sam@example.com", None),
        ("<@U0DANA> and <@U0SAM>", None),
        ("<@U0DANA> <mailto:sam@example.com|sam@example.com>", None),
    ],
)
def test_whose_laptop_it_is(words: str, person: str | None) -> None:
    """One person or one address; why, behind it, is not looked at, but somebody else there is not left out."""
    assert person_in(words) == person


async def test_from_the_command_to_the_end(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Sam sees what Dana has, revokes what waits, and says that the rest was rotated; Maya is told."""
    async with working(sandbox, sqlite_home, admins=SAM) as desk:
        view = await desk.send()
        await desk.read(await desk.link(), shown_passphrase(view))
        seen = await desk.link()
        await desk.send()
        assert (await sandbox.type(SAM, AUDIT, "/sendsecret incident @dana"))["outcome"] == "acked"
        shown = found(await sandbox.wait_view(SAM, "incident", contains="Outstanding: *1*"))
        await sandbox.click(SAM, "revoke_handed", view=shown["id"])
        shown = found(await sandbox.wait_view(SAM, "incident", contains="Revoked and destroyed unopened: 1."))
        assert await sandbox.wait_message(MAYA, contains="An administrator revoked")
        row = f"drop-{base64url.encode(seen.id)}"
        await sandbox.click(SAM, "rotated", view=shown["id"], block_id=row)
        shown = found(await sandbox.wait_view(SAM, "incident", contains="Noted that it was rotated"))
        assert "Opened and not rotated" not in json.dumps(shown)
        [block] = [block for block in shown["blocks"] if block.get("block_id") == row]
        assert "accessory" not in block
        assert LABEL in block["text"]["text"]
        drop = await desk.drop(seen)
        assert drop.rotated_at is not None


async def test_a_sender_sees_their_own(desk: Desk) -> None:
    """And reads whom to tell."""
    await desk.send()
    await desk.sandbox.type(MAYA, MAYA_DANA, "/sendsecret incident @dana")
    shown = found(await desk.sandbox.wait_view(MAYA, "incident", contains="Outstanding: *1*"))
    assert f"Tell <@{SAM}> at once" in json.dumps(shown["blocks"])
