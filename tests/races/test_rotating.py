"""Keys rotated by the real command while a real server answers."""

import asyncio

from store.log.sequencer import Sequencer
from tests.programs import claim_call, running, web
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.attacked import checked, failed

ROUNDS = 1
KEYS = ("pepper", "event-web", "log", "event-bot")


async def test_no_link_is_unknown_and_no_event_refused_while_keys_are_rotated(home: Home) -> None:
    """Links made before, during and after each rotation open in a server that was started before the first."""
    over = asyncio.Event()
    opened: list[int] = []
    async with home.open("bot") as bot, web(home) as server:
        sequencer = Sequencer(bot, home.signing)
        before = [await created(bot) for _ in range(3)]
        await drained(sequencer)

        async def rotate() -> None:
            try:
                for number in range(ROUNDS):
                    for key in KEYS:
                        log = home.path / f"rotate-{number}-{key}.log"
                        words = ["sendsecret", "keys", "rotate", key]
                        async with running(words, home.environment(), log) as command:
                            assert await command.process.wait() == 0, command.written()
            finally:
                over.set()

        async def make_and_open() -> None:
            while not over.is_set():
                drop = await created(bot, sender_id=f"U{len(opened)}")
                opened.append((await claim_call(server.port, drop).answer()).status)
                await sequencer.step()

        await asyncio.gather(rotate(), make_and_open())
        opened += [(await claim_call(server.port, drop).answer()).status for drop in before]
        assert set(opened) == {200}
        assert len(opened) > ROUNDS * len(KEYS)
        assert await drained(sequencer) == []
        assert "Traceback" not in server.written()
    assert failed(await asyncio.to_thread(checked, home)) == []
