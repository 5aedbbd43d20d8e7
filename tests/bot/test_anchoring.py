"""The running bot takes checkpoints into the channel of anchors, and says when it cannot."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.settings import BotSettings
from sandbox.fixtures import ANCHOR_USER, ANCHORS, SAM
from sandbox.running import Sandbox
from store.formats import checkpoint_v1
from store.log import published
from store.log.who_may_say import believed
from store.settings import SettingsError, read_settings
from tests.bot.desk import Json, working
from tests.stores import Home
from tests.verifying.channel import exported, failures, history, verify, window
from tests.verifying.lived import write_tiles


def webhook(sandbox: Sandbox) -> str:
    """The address that the operator would copy from Slack."""
    return f"{sandbox.url.rstrip('/')}/services/anchors"


def fenced(message: Json) -> list[str]:
    """What stands in a message's code blocks."""
    texts = [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]
    return [text.removeprefix("```\n").removesuffix("\n```") for text in texts if text.startswith("```")]


async def test_the_first_anchor_carries_the_keys_and_each_one_a_checkpoint(sandbox: Sandbox, sqlite_home: Home) -> None:
    """What is copied out of the message verifies with the key that the first one carries; it is the second app's."""
    async with working(sandbox, sqlite_home, anchor_webhook_url=webhook(sandbox)) as desk:
        first = await sandbox.wait_message(SAM, contains="Audit log checkpoint")
        assert first is not None
        assert (first["conversation"], first["user"]) == (ANCHORS, ANCHOR_USER)
        note, keys = fenced(first)
        vkey, *kids = keys.split("\n")
        assert vkey == await published.log_key(desk.store, note)
        assert kids == sorted(believed(sqlite_home.signing))
        key = checkpoint_v1.parse_key(vkey)
        assert checkpoint_v1.verify(f"{note}\n", key).size >= 1
        await desk.send()
        sqlite_home.advance_clock(61)
        later = await sandbox.wait_message(SAM, contains="(+")
        assert later is not None
        for message in sandbox.messages(SAM, ANCHORS):
            checkpoint_v1.verify(f"{fenced(message)[0]}\n", key)
        assert len(fenced(sandbox.messages(SAM, ANCHORS)[-1])) == 1


async def test_what_the_channel_shows_is_held_against_the_log(
    sandbox: Sandbox, sqlite_home: Home, tmp_path: Path
) -> None:
    """The channel's messages, exported or copied out of its window, prove its history from the first to the last."""
    async with working(sandbox, sqlite_home, anchor_webhook_url=webhook(sandbox)) as desk:
        assert await sandbox.wait_message(SAM, contains="Audit log checkpoint") is not None
        await desk.send()
        sqlite_home.advance_clock(61)
        assert await sandbox.wait_message(SAM, contains="(+") is not None
    shown = sandbox.messages(SAM, ANCHORS)
    assert len(shown) > 1
    async with sqlite_home.open("bot") as store:
        tiles = await write_tiles(store, tmp_path / "tiles")
    for text in (exported(shown), window(shown)):
        (tmp_path / "channel").write_text(text)
        for words in (("--tiles", tiles), ("--store",)):
            done = await asyncio.to_thread(verify, "--anchors", tmp_path / "channel", *words, home=sqlite_home)
            assert (done.exit_code, failures(done)) == (0, [])
            assert f"{len(shown)} of {len(shown)} checkpoints are extended by the present log" in history(done)


async def test_administrators_hear_that_no_anchor_gets_there_and_that_it_does_again(
    sandbox: Sandbox, sqlite_home: Home
) -> None:
    """Once each; the log goes on, and what was not anchored is covered by the next one."""
    channel = sandbox.workspace.conversations[ANCHORS]
    channel.archived = True
    async with working(sandbox, sqlite_home, anchor_webhook_url=webhook(sandbox)) as desk:
        for _ in range(4):
            sqlite_home.advance_clock(61)
            await asyncio.sleep(1.2)
        told = await sandbox.wait_message(SAM, contains="I cannot post checkpoints")
        assert told is not None
        assert "it answers with status 410" in told["text"]
        await desk.send()
        channel.archived = False
        sqlite_home.advance_clock(61)
        assert await sandbox.wait_message(SAM, contains="Checkpoints are posted through ANCHOR_WEBHOOK_URL again")
        said = [json.dumps(one) for one in sandbox.messages(SAM, told["conversation"])]
        assert sum("I cannot post checkpoints" in one for one in said) == 1


@pytest.mark.parametrize(
    "url", ["hooks.slack.com/x", "http://hooks.slack.com/services/T/B/x", "https:///x", "https://["]
)
def test_an_address_that_is_none_is_refused_at_start(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By its name, and without repeating it: whoever reads it could post as the log."""
    for name, value in {
        "PUBLIC_URL": "https://drops.example.com",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "AUDIT_CHANNEL": "none",
        "ANCHOR_WEBHOOK_URL": url,
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings(BotSettings)
    [problem] = refused.value.problems
    assert problem.startswith("ANCHOR_WEBHOOK_URL: ")
    assert url not in problem
