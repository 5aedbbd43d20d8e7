"""A channel of anchors: the bot's own messages about real checkpoints, as a window or an export shows them."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner, Result

from bot import anchor_messages
from sendsecret.__main__ import main
from store.log import published
from store.log.sequencer import Sequencer
from store.log.who_may_say import believed
from store.opened import Store
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.lived import either, live, write_tiles

Json = dict[str, Any]
BEGAN: Final = 1_790_000_000
"""The time of the first message; the others come an hour apart."""
NOTES: Final = 5


@dataclass(frozen=True)
class Posted:
    """The notes that were posted, oldest first, and the messages."""

    vkey: str
    notes: list[str]
    messages: list[Json]


@dataclass(frozen=True)
class Anchored:
    """An installation, what it posted, and its present log as tiles."""

    home: Home
    posted: Posted
    tiles: Path

    @property
    def sizes(self) -> tuple[int, int]:
        """Of the first and of the last checkpoint."""
        found = [int(note.split("\n")[1]) for note in self.posted.notes]
        return found[0], found[-1]

    def held_to(self, text: str | bytes, *words: object) -> Result:
        """What is said of a file with this in it, and the tiles."""
        file = self.home.path / "copied"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return verify("--anchors", file, "--tiles", self.tiles, *words)


async def lived_at(path: Path) -> Anchored:
    """A new installation, with a life and anchors."""
    home = Home(path, f"sqlite+aiosqlite:///{path}/store.db")
    await home.prepare()
    async with either(home) as store:
        posted = await _lived_and_posted(store, home)
        return Anchored(home, posted, await write_tiles(store, path / "tiles"))


def verify(*words: object, home: Home | None = None) -> Result:
    """As the command line answers."""
    environment = home.environment() if home else {"DATABASE_URL": None}
    done = CliRunner(env=environment).invoke(main, ["verify", *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def failures(done: Result) -> list[str]:
    """The lines that failed."""
    return [line for line in done.output.splitlines() if line.startswith("FAILED")]


def history(done: Result) -> str:
    """The line that says since when, of one log."""
    [line] = [line for line in done.output.splitlines() if "history of" in line]
    return line


async def _lived_and_posted(store: Store, home: Home) -> Posted:
    notes = []
    await drained(Sequencer(store, home.signing))
    notes.append(await _note(store))
    await live(store, home)
    notes.append(await _note(store))
    for _ in range(NOTES - 2):
        await created(store)
        await drained(Sequencer(store, home.signing))
        notes.append(await _note(store))
    vkey = await published.log_key(store, notes[0])
    return Posted(vkey, notes, messages(notes, vkey, sorted(believed(home.signing))))


def messages(notes: Sequence[str], vkey: str, kids: Sequence[str] = ()) -> list[Json]:
    """As an export has them."""
    found = []
    for number, (before, note) in enumerate(zip(["", *notes], notes, strict=False)):
        message = anchor_messages.anchor(note, before, vkey, kids)
        found.append(
            {
                "type": "message",
                "subtype": "bot_message",
                "ts": f"{BEGAN + number * 3600}.000{number:03}",
                "text": message.text,
                "blocks": message.blocks,
            }
        )
    return found


def window(shown: Sequence[Json]) -> str:
    """What a person gets who selects them in Slack's window and copies."""
    lines = []
    for number, message in enumerate(shown):
        lines += ["Checkpoints", "APP", f"  {10 + number % 2}:3{number % 10} PM", ""]
        for block in message["blocks"]:
            texts = [block["text"]] if block["type"] == "section" else block["elements"]
            lines += [re.sub(r"^```\n|\n```$|(?<!\S)\*|\*(?!\S)", "", text["text"]) for text in texts]
        lines += ["", "2 replies", ":eyes:", "1", "Tuesday, November 24th", ""]
    return "\n".join(lines)


def exported(shown: Sequence[Json]) -> str:
    """A day's file of an export."""
    joined = {
        "type": "message",
        "subtype": "channel_join",
        "ts": f"{BEGAN - 9}.5",
        "user": "U1",
        "text": "<@U1> joined",
    }
    return json.dumps([joined, *shown], indent=4)


async def _note(store: Store) -> str:
    note = await published.checkpoint(store)
    assert note is not None
    return note
