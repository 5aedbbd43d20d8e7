"""
Who gets a secret when fifty ask for it at once: `python -m bench.race`, or `make race`.

Fifty connections are opened, all but the last byte of every request is sent, then all last bytes at once; twenty
secrets, one after the other.  Ours are two `sendsecret web` programs on one SQLite database; SnapPass, where it is
installed, is two workers of gunicorn.  Exits 1 when a secret of ours had not exactly one reader.
"""

import asyncio
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench import installing, ours, snappass
from bench.figures import table
from bench.processes import end_in_order
from store import creation
from store.formats import base64url, seal_v1
from store.formats.payload_v1 import Text
from tests.in_memory import keep_files_there
from tests.programs import Answer, Call, at_once, claim_call
from tests.stores import Home, Sealed, seal

READERS: Final = 50
SECRETS: Final = 20


@dataclass
class Race:
    """One server: how many got each secret, and with which statuses everybody was answered."""

    name: str
    readers: list[int] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def leaked(self) -> int:
        """Secrets that more than one reader got."""
        return sum(count > 1 for count in self.readers)

    @property
    def lost(self) -> int:
        """Secrets that nobody got."""
        return sum(count == 0 for count in self.readers)

    def add(self, answers: Sequence[Answer], got: int) -> None:
        """One secret."""
        self.readers.append(got)
        self.statuses.update(answer.status for answer in answers)


async def of_ours(name: str, home: Home, ports: Sequence[int]) -> Race:
    """Programs that run on this installation, by turns for each reader; each envelope is opened with its link."""
    race = Race(name)
    async with home.open("bot") as store:
        for _ in range(SECRETS):
            sealed = seal(secret=secrets.token_hex(16))
            await creation.create(store, sealed.new)
            answers = await at_once([claim_call(ports[number % len(ports)], sealed) for number in range(READERS)])
            race.add(answers, sum(_has_read(sealed, answer) for answer in answers))
    return race


async def of_snappass(port: int) -> Race:
    """Each answer is searched for the secret."""
    race = Race("SnapPass")
    for _ in range(SECRETS):
        secret = secrets.token_hex(16)
        path = await snappass.created(port, secret)
        answers = await at_once([Call(port, "POST", path) for _ in range(READERS)])
        race.add(answers, sum(secret.encode() in answer.body for answer in answers))
    return race


def _has_read(sealed: Sealed, answer: Answer) -> bool:
    if answer.status != 200:
        return False
    envelope = base64url.decode(answer.json()["envelope"])
    content = seal_v1.open_sealed(sealed.link, sealed.new.header, None, envelope)
    return isinstance(content, Text) and content.text == sealed.secret


def shown(races: Sequence[Race]) -> str:
    """The table."""
    head = [f"{READERS} readers at once, {SECRETS} secrets", "read more than once", "most readers", "lost", "answers"]
    return table(
        head,
        [
            (
                race.name,
                f"{race.leaked} of {SECRETS}",
                str(max(race.readers)),
                str(race.lost),
                ", ".join(f"{count} x {status}" for status, count in sorted(race.statuses.items())),
            )
            for race in races
        ],
    )


async def _run() -> list[Race]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="race")))
        home = Home(folder, f"sqlite+aiosqlite:///{folder}/store.db")
        await home.prepare()
        programs = await asyncio.gather(*(stack.enter_async_context(ours.web(home)) for _ in range(2)))
        races = [await of_ours("Sendsecret", home, [program.port for program in programs])]
        if installing.has_snappass():
            beside = await stack.enter_async_context(snappass.snappass(folder))
            races.append(await of_snappass(beside.port))
    return races


def main() -> None:
    """Run it, print the table."""
    end_in_order()
    keep_files_there()  # who wins does not depend on the disk, and a visitor waits
    races = asyncio.run(_run())
    print(shown(races))
    if len(races) == 1:
        print("\nSnapPass is not installed; `make rivals` does that where it can.")
    sys.exit(races[0].readers != [1] * SECRETS)


if __name__ == "__main__":
    main()
