"""People are told of an endpoint that fails, that gave up and that works again: once each, whoever says it."""

from functools import partial
from pathlib import Path
from typing import cast

import pytest
from aiohttp import web

from bot import alarm as ringing
from bot import webhook_alarm, webhook_wording
from bot.admins import Admins
from bot.alarm import Alarm
from bot.mrkdwn import Markup
from bot.webhook_alarm import WebhookAlarm
from sandbox.fixtures import AUDIT, SAM
from sandbox.running import Sandbox
from store import webhook_troubles, webhooks
from store.opened import Store
from store.webhook_troubles import Trouble
from tests.bot.consumer import consuming, file_of
from tests.bot.desk import working
from tests.e2e.reading import like
from tests.store.webhooks import SIEM, drain, enrolled, leased, published, told
from tests.stores import Home

DAY = 86_400
HOUR = 3600


class Heard:
    """Administrators, and the audit channel, as far as they can be reached."""

    def __init__(self, *, admins: bool = True, channel: bool = True) -> None:
        self.admins = admins
        self.channel = channel
        self.said: list[tuple[str, str]] = []

    async def reach(self, sentence: Markup) -> int:
        """How many administrators heard it."""
        return self._hear("admins", sentence, is_there=self.admins)

    async def tell_channel(self, _channel: str, sentence: Markup) -> bool:
        """Whether it stands in the audit channel."""
        return bool(self._hear("channel", sentence, is_there=self.channel))

    def _hear(self, who: str, sentence: str, *, is_there: bool) -> int:
        names = ("TELL_FAILING", "TELL_GIVEN_UP", "TELL_OVER", "TELL_FORGOTTEN")
        [which] = [name for name in names if like(vars(webhook_wording)[name]).search(sentence)]
        if is_there:
            self.said.append((who, which))
        return int(is_there)

    def new(self) -> list[tuple[str, str]]:
        """What was heard since the last look at it."""
        said, self.said = self.said, []
        return said


@pytest.fixture
def held(home: Home) -> Home:
    """An installation whose time stands still until it is moved."""
    home.hold_clock()
    return home


def looking(store: Store, heard: Heard, *names: str) -> WebhookAlarm:
    """The loop of one bot, that rings as often as it likes."""
    minutes = iter(range(0, 100_000, 61))
    return WebhookAlarm(store, Alarm(cast("Admins", heard), AUDIT, lambda: next(minutes)), names or (SIEM,))


async def not_taken(store: Store, name: str = SIEM) -> None:
    """Everything that is due is tried, and refused."""
    while (one := await webhooks.lease(store, name)) is not None:
        await webhooks.put_off(store, one, HOUR, "answered_503")


async def test_once_each_whichever_bot_looks(held: Home) -> None:
    """After an hour, when it is given up, and when it works again; also of two bots, and after a restart."""
    async with held.open("bot") as one, held.open("bot") as other:
        heard = Heard()

        async def look() -> list[str]:
            for store in (one, other, one):
                await looking(store, heard, SIEM, "other").look()
            return [which for _, which in heard.new()]

        sequencer = await enrolled(one, held, SIEM, "other")
        await published(one, sequencer)
        await told(one)
        await not_taken(one)
        held.advance_clock(HOUR - 60)
        assert await look() == []
        held.advance_clock(60)
        await not_taken(one)
        assert await look() == ["TELL_FAILING"]
        held.advance_clock(3 * DAY)
        await not_taken(one)
        assert await look() == ["TELL_GIVEN_UP"]
        assert await webhooks.replay(one, SIEM) == 1
        assert await look() == []  # it is tried again, and that says nothing
        await not_taken(one)
        held.advance_clock(3 * DAY + HOUR)
        await not_taken(one)
        assert await look() == []  # it has not worked since
        await webhooks.replay(one, SIEM)
        assert len(await drain(one)) == 1
        assert await look() == ["TELL_OVER"]
        await published(one, sequencer)
        await told(one)
        await not_taken(one)
        held.advance_clock(HOUR - 60)
        assert await look() == []
        held.advance_clock(120)
        await not_taken(one)
        assert await look() == ["TELL_FAILING"]


async def test_what_is_given_up_at_once(held: Home) -> None:
    """Nobody waits for an hour to hear of what is tried no more; and only endpoints of this bot are spoken of."""
    async with held.open("bot") as store:
        heard = Heard()
        sequencer = await enrolled(store, held)
        await published(store, sequencer)
        await told(store)
        await webhooks.give_up(store, await leased(store), "answered_410")
        await looking(store, heard, "other").look()
        assert heard.new() == []
        await looking(store, heard).look()
        assert heard.new() == [("admins", "TELL_GIVEN_UP")]
        await webhooks.replay(store, SIEM)
        await drain(store)
        await looking(store, heard).look()
        assert heard.new() == [("admins", "TELL_OVER")]


async def test_it_is_said_until_somebody_hears_it(held: Home) -> None:
    """Administrators first, the channel where none is reached, and again where nobody was; its end as well."""
    async with held.open("bot") as store:
        heard = Heard(admins=False, channel=False)
        alarm = looking(store, heard)
        sequencer = await enrolled(store, held)
        await published(store, sequencer)
        await told(store)
        await not_taken(store)
        held.advance_clock(HOUR + 60)
        await not_taken(store)
        await alarm.look()
        assert heard.new() == []
        heard.channel = True
        await alarm.look()
        assert heard.new() == [("channel", "TELL_FAILING")]
        await webhooks.replay(store, SIEM)
        await drain(store)
        heard.channel = False
        await alarm.look()
        assert heard.new() == []
        heard.admins = True
        for said in ([("admins", "TELL_OVER")], []):
            await alarm.look()
            assert heard.new() == said


async def test_what_was_forgotten_was_not_taken(held: Home) -> None:
    """After ninety days what was given up is thrown away, and nothing says that the endpoint works; then afresh."""
    async with held.open("bot") as store:
        heard = Heard()
        alarm = looking(store, heard)
        sequencer = await enrolled(store, held)
        await published(store, sequencer)
        await told(store)
        await webhooks.give_up(store, await leased(store), "answered_410")
        await alarm.look()
        assert heard.new() == [("admins", "TELL_GIVEN_UP")]
        held.advance_clock(90 * DAY)
        assert await webhooks.sweep(store) == 1
        for said in ([("admins", "TELL_FORGOTTEN")], []):
            await alarm.look()
            assert heard.new() == said
        await published(store, sequencer)
        await told(store)
        await webhooks.give_up(store, await leased(store), "answered_410")
        await alarm.look()
        await webhooks.replay(store, SIEM)
        await drain(store)
        await alarm.look()
        assert heard.new() == [("admins", "TELL_GIVEN_UP"), ("admins", "TELL_OVER")]


async def test_a_bot_that_was_killed_before_it_rang_loses_nothing(held: Home) -> None:
    """What it was about to say is another one's after a while, and nobody's before: it may be ringing just now."""
    async with held.open("bot") as store:
        heard = Heard()
        sequencer = await enrolled(store, held)
        await published(store, sequencer)
        await told(store)
        await webhooks.give_up(store, await leased(store), "answered_410")
        for begin, say in (
            (partial(webhook_troubles.begin_to_tell, what=Trouble.GIVEN_UP), "TELL_GIVEN_UP"),
            (webhook_troubles.begin_to_tell_it_is_over, "TELL_OVER"),
        ):
            assert await begin(store, SIEM) is not None
            await looking(store, heard).look()
            assert heard.new() == []
            held.advance_clock(webhook_troubles.LEASE_MS // 1000)
            for said in ([("admins", say)], []):
                await looking(store, heard).look()
                assert heard.new() == said
            await webhooks.replay(store, SIEM)
            await drain(store)


@pytest.mark.parametrize("rung", ["TELL_GIVEN_UP", "TELL_OVER"])
async def test_a_bot_that_was_killed_after_it_rang_is_heard_twice_at_most(
    held: Home, monkeypatch: pytest.MonkeyPatch, rung: str
) -> None:
    """Nobody can know that it was heard; the next one says it once more, and then it is said."""

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    async with held.open("bot") as store:
        heard = Heard()
        sequencer = await enrolled(store, held)
        await published(store, sequencer)
        await told(store)
        await webhooks.give_up(store, await leased(store), "answered_410")
        if rung == "TELL_OVER":
            await looking(store, heard).look()
            await webhooks.replay(store, SIEM)
            await drain(store)
            heard.new()
        with monkeypatch.context() as dying:
            dying.setattr(webhook_troubles, "told" if rung == "TELL_GIVEN_UP" else "told_it_is_over", killed)
            with pytest.raises(KeyboardInterrupt):
                await looking(store, heard).look()
        await looking(store, heard).look()
        assert heard.new() == [("admins", rung)]
        held.advance_clock(webhook_troubles.LEASE_MS // 1000)
        for said in ([("admins", rung)], []):
            await looking(store, heard).look()
            assert heard.new() == said


async def test_whoever_was_slow_takes_nothing_back_from_whoever_says_it_now(held: Home) -> None:
    """Its lease is over and another's: were that one's given back, a third would say the same."""
    async with held.open("bot") as store:
        await enrolled(store, held)
        slow = await webhook_troubles.begin_to_tell(store, SIEM, Trouble.FAILING)
        assert slow is not None
        held.advance_clock(webhook_troubles.LEASE_MS // 1000)
        assert await webhook_troubles.begin_to_tell(store, SIEM, Trouble.FAILING) is not None
        await webhook_troubles.nobody_was_told(store, SIEM, slow)
        assert await webhook_troubles.begin_to_tell(store, SIEM, Trouble.FAILING) is None


async def test_the_whole_bot_says_it(
    sandbox: Sandbox, sqlite_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An administrator reads it in a DM: the endpoint's name, why, and no address."""
    monkeypatch.setattr(webhook_alarm, "_EVERY_SECONDS", 0.1)
    monkeypatch.setattr(ringing, "_TRY_SECONDS", 0.0)
    async with consuming() as consumer:
        is_back: list[bool] = []
        consumer.verdict = lambda _told: None if is_back else web.Response(status=410)
        file = file_of(tmp_path, siem=consumer)
        async with working(sandbox, sqlite_home, webhooks_file=file) as desk:
            await desk.send()
            said = await sandbox.wait_message(SAM, contains="did not take events that I try no more")
            assert said is not None
            assert "*Webhook `siem`*" in said["text"]
            assert "It answered 410." in said["text"]
            assert consumer.url not in said["text"]
            is_back.append(True)
            await webhooks.replay(desk.store, SIEM)
            assert await sandbox.wait_message(SAM, contains="works again: nothing is left")
