"""
What people read in a workplace where many drops are under way.

A sentence is one of a catalogue: `{name}` in it stands for anything.  Each look waits; what does not come fails with
what was there instead.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from aiohttp import ClientSession

from bot.audit_messages import short
from sandbox.fixtures import AUDIT, SAM
from tests.bot.desk import Json
from tests.browser.catalogue import read
from tests.e2e.workplace import Workplace
from tests.faults.page import until

SECONDS = 60.0
PAGE = read()
T = TypeVar("T")


def like(sentence: str) -> re.Pattern[str]:
    """A sentence of a catalogue as a pattern."""
    parts = re.split(r"\{[\w:,]+\}", sentence)
    return re.compile(".+?".join(re.escape(part) for part in parts), re.DOTALL)


def page_like(name: str) -> re.Pattern[str]:
    """An entry of the page's catalogue as a pattern; of a plural entry the general form."""
    entry = PAGE[name]
    return like(entry if isinstance(entry, str) else entry["other"])


def words_of(thing: Any) -> str:
    """Everything in a message or a view that can be read, one text a line."""
    return "\n".join(_texts(thing))


def _texts(thing: Any) -> Iterator[str]:
    match thing:
        case dict():
            for name, value in thing.items():
                if name == "text" and isinstance(value, str):
                    yield value
                elif name in ("errors", "trouble"):
                    yield from (value.values() if isinstance(value, dict) else [value])
                elif name != "confirm":
                    yield from _texts(value)
        case list():
            for one in thing:
                yield from _texts(one)


def mark(at: Workplace) -> str:
    """This moment, for `after`."""
    return at.sandbox.workspace.new_ts()


def seen_by(at: Workplace, user: str, *, about: str = "", after: str = "0") -> list[Json]:
    """The messages that somebody sees, in no order, that hold `about` and are younger than `after`."""
    return [
        message
        for place in at.sandbox.conversations(user)
        for message in at.sandbox.messages(user, place["id"])
        if message["ts"] > after and about in words_of(message)
    ]


async def reads(
    at: Workplace, user: str, sentence: str, *, about: str = "", after: str = "0", lacks: str = "\0"
) -> Json:
    """The newest message about a drop in which somebody reads a sentence; `lacks` is in none of its parts."""
    wanted = like(sentence)

    def look() -> Json | None:
        fitting = [
            message
            for message in seen_by(at, user, about=about, after=after)
            if wanted.search(words_of(message)) and lacks not in json.dumps(message)
        ]
        return max(fitting, key=lambda message: str(message["ts"]), default=None)

    return await _until(at, look, lambda: _told(sentence, seen_by(at, user, about=about, after=after)))


async def proven(at: Workplace, rid: str | None) -> None:
    """A receipt's place in the log can be checked; whoever looks at it sooner is told that it cannot be yet."""

    async def is_in_the_log() -> bool:
        async with ClientSession() as session:
            return (await session.get(f"http://localhost:{at.web.port}/receipts/{rid}.tlog-proof")).status == 200

    await until(is_in_the_log)


async def window(at: Workplace, user: str, sentence: str, callback: str = "sent_drop") -> Json:
    """The view on top of somebody's screen, once it says the sentence."""
    wanted = like(sentence)

    def look() -> Json | None:
        views = at.sandbox.views(user)
        fits = bool(views) and views[-1]["callback_id"] == callback and wanted.search(words_of(views[-1]))
        return views[-1] if fits else None

    return await _until(at, look, lambda: _told(sentence, at.sandbox.views(user)))


async def audited(at: Workplace, drop_id: bytes, sentence: str) -> Json:
    """The entry of a drop's thread, or its parent, in which the security team reads a sentence."""
    wanted = like(sentence)

    def look() -> Json | None:
        return next((one for one in audit_of(at, drop_id) if wanted.search(words_of(one))), None)

    return await _until(at, look, lambda: _told(sentence, audit_of(at, drop_id)))


def audit_of(at: Workplace, drop_id: bytes) -> list[Json]:
    """Every message of the audit channel about one drop, parent first."""
    parents = [
        message
        for message in at.sandbox.messages(SAM, AUDIT)
        if message.get("thread_ts", message["ts"]) == message["ts"] and short(drop_id) in words_of(message)
    ]
    return [one for parent in parents for one in at.sandbox.thread(SAM, AUDIT, parent["ts"])]


async def _until(at: Workplace, look: Callable[[], T | None], told: Callable[[], str]) -> T:
    found = await at.sandbox.workspace.changes.until(look, SECONDS)
    assert found is not None, told()
    return found


def _told(sentence: str, instead: list[Json]) -> str:
    return f"nobody reads {sentence!r}, but:\n" + "\n--\n".join(words_of(one) for one in instead)
