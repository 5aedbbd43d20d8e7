"""Every scene of the reader's page by name, and the way to bring a browser page to it.

`async with showing(browser, shell_url, "paused") as visit:` opens a visitor of its own whose `visit.page` stands in
that scene; further keywords are those of a browser context (`viewport`, `color_scheme`, ...). `SCENES` is the list that
pictures and tests walk. `shell_url` serves the page alone (`serving(application(load(...)))`), as the answers are
pretended; `words` is the catalogue in which that page speaks, if not its own.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, Page

from store.formats.header_v1 import Form
from store.formats.payload_v1 import File, Text
from tests.browser.catalogue import Entry, read, text_of
from tests.browser.pretend_reader import FOREVER, SILENCE, Answer, PretendReader, problem
from tests.browser.visiting import Visit, visiting

SECRET = "rk_live_51HxQ0aLk2eZvKYlo2C9t7"
HINT = "the last four digits of the office phone"
PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ\n-----END PRIVATE KEY-----\n"
FILE = File("id_ed25519", "text/plain", PEM.encode())
ENDED_AT = 1_795_003_600


@dataclass
class Stage:
    """One visitor, and where the page is served."""

    visit: Visit
    url: str
    words: Mapping[str, Entry]
    readers: list[PretendReader] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The visitor's tab."""
        return self.visit.page

    async def come(self, pretend: PretendReader, cut: int = 0) -> None:
        """Open the drop's link, without its last `cut` characters."""
        self.readers.append(pretend)
        await pretend.attach(self.page)
        link = pretend.link.url(self.url)
        await self.page.goto(link[:-cut] if cut else link)

    async def door(self, *answers: Answer, **drop: Any) -> PretendReader:
        """Come to a drop; `answers` are the server's to the door, the usual one comes afterwards."""
        pretend = pretend_drop(**drop)
        pretend.say("door", *answers)
        await self.come(pretend)
        return pretend

    async def claim(self, *answers: Answer, passphrase: str | None = None, content: Text | File | None = None,
                    variable: str | None = None) -> None:  # fmt: skip
        """Come to a drop and open it, with one passphrase or by the word; `answers` are the server's to the claim."""
        pretend = pretend_drop(None if passphrase is None else "4711", content=content)
        pretend.say("claim", *answers)
        if variable is not None:
            pretend.say("door", pretend.door(variable=variable))
        await self.come(pretend)
        await (self.page.fill("#act", "open") if passphrase is None else self.visit.try_passphrase(passphrase))

    async def said(self, name: str) -> None:
        """Wait until the catalogue's sentence of that name stands on the page, whatever values are in it."""
        sentence = text_of(self.words, name, **dict.fromkeys(("sender", "count", "time"), "\0"))
        await self.page.get_by_text(re.compile(re.escape(sentence).replace("\0", ".+"))).first.wait_for()


Play = Callable[[Stage], Awaitable[object]]


@dataclass(frozen=True)
class Scene:
    """
    `heading` is the catalogue's name of what stands first. The scene is there once the selector `ready` is, and the
    catalogue's sentence `said`. `alone`: it needs a tab that no other scene used or will use.
    """

    name: str
    heading: str
    play: Play
    ready: str = "h1:not(.waiting)"
    said: str = ""
    alone: bool = False
    javascript: bool = True


def pretend_drop(passphrase: str | None = "4711", form: Form = "digits", content: Text | File | None = None,
                 hint: str | None = None) -> PretendReader:  # fmt: skip
    """A drop with the content and hint of the pictures."""
    pretend = PretendReader(content or Text(SECRET), passphrase, form)
    pretend.hint = hint
    return pretend


def _door(*answers: Answer, **drop: Any) -> Play:
    return lambda stage: stage.door(*answers, **drop)


def _claim(*answers: Answer, **drop: Any) -> Play:
    return lambda stage: stage.claim(*answers, **drop)


def _ended(state: str) -> Answer:
    return problem(410, "ended", state=state, at=ENDED_AT)


def _state(state: str) -> Play:
    async def play(stage: Stage) -> None:
        pretend = pretend_drop()
        pretend.say("door", *[pretend.door(state=state, tries_left=0)] * 2)
        await stage.come(pretend)

    return play


def _then(before: Play, *selectors: str) -> Play:
    """`before`, and a press on each of `selectors` in turn."""

    async def play(stage: Stage) -> None:
        await before(stage)
        for selector in selectors:
            await stage.page.click(selector)

    return play


def _typed(passphrase: str, *answers: Answer) -> Play:
    return _claim(*answers, passphrase=passphrase)


async def _cut(stage: Stage) -> None:
    await stage.come(pretend_drop(), cut=3)


async def _still_cut(stage: Stage) -> None:
    await _cut(stage)
    await stage.page.fill("#whole", "https://example.com/s/")
    await stage.page.click("button[type=submit]")


async def _newer(stage: Stage) -> None:
    fragment = pretend_drop().link.fragment()
    await stage.page.goto(f"{stage.url}/s/AAAAAAAAAAAAAAAAAAAAAA#2{fragment[1:]}")


async def _insecure(stage: Stage) -> None:
    await stage.page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})")
    await stage.door()


async def _foreign(stage: Stage) -> None:
    pretend = pretend_drop()
    await stage.door(pretend.door(header=pretend.header.replace('"v":1', '"v":2')))


async def _damaged(stage: Stage) -> None:
    pretend = pretend_drop(None)
    bad = pretend.release(pretend.sealed.envelope[:-1] + b"\x00")
    pretend.say("claim", bad, bad)
    await stage.come(pretend)
    await stage.page.fill("#act", "open")


async def _no_derivation(stage: Stage) -> None:
    await stage.page.route("**/kdf-*", lambda route: route.abort())
    await _typed("4711")(stage)


async def _broken(stage: Stage) -> None:
    await stage.page.add_init_script("crypto.getRandomValues = () => { throw new TypeError('broken'); };")
    await stage.claim()


async def _unconfirmed(stage: Stage) -> None:
    pretend = pretend_drop(None)
    pretend.say("acknowledge", *[SILENCE] * 9)
    await stage.come(pretend)
    await stage.page.fill("#act", "open")


def _minutes(passed: str) -> Play:
    async def play(stage: Stage) -> None:
        await stage.page.clock.install()
        await stage.claim()
        await stage.said("ack.done")
        await stage.page.clock.fast_forward(passed)

    return play


async def _cleared_before(stage: Stage) -> None:
    await _then(_claim(), "#after > button")(stage)
    await stage.page.wait_for_selector("h1:focus")
    await stage.page.reload()


async def _without_scripts(stage: Stage) -> None:
    await stage.page.goto(pretend_drop().link.url(stage.url))


_SAID = "#problem:not(:empty)"
_DETAILS = "#more details:nth-of-type({}) > summary"
_SCENES = [
    Scene("waiting", "opening", _door(FOREVER), "h1.waiting"),
    Scene("waiting-away", "opening", _door(SILENCE, FOREVER), "h1.waiting", "trouble.door"),
    Scene("door-digits", "door.heading", _door(hint=HINT), "#tries:not(:empty)"),
    Scene("door-words", "door.heading", _door(passphrase="amber canoe violet", form="words"), "#tries:not(:empty)"),
    Scene("door-free", "door.heading", _door(passphrase="Amber!", form="free"), "#tries:not(:empty)"),
    Scene("door-details", "door.heading", _then(_door(), *map(_DETAILS.format, (1, 2))), "details:last-of-type[open]"),
    Scene("door-asked", "door.heading", _then(_door(), _DETAILS.format(1), "details[open] button"), ".done"),
    Scene("door-unexpected", "door.heading", _then(_door(), _DETAILS.format(2), "details[open] button"), ".done"),
    Scene("door-refused", "door.heading", _typed("abc"), _SAID),
    Scene("door-wrong", "door.heading", _typed("1234"), _SAID),
    Scene("door-pause", "door.heading", _typed("1", problem(429, "too-soon", retry_after_seconds=300)), said="wait"),
    Scene("fetching", "door.heading", _typed("4711", FOREVER), said="fetching"),
    Scene("fetching-away", "door.heading", _typed("4711", SILENCE, FOREVER), said="trouble.claim"),
    Scene("act", "door.heading", _door(passphrase=None), "#act"),
    Scene("act-away", "door.heading", _claim(SILENCE, FOREVER), said="trouble.act"),
    Scene("verify", "door.heading", _typed("4711", problem(403, "verification-required")), said="verify.claim"),
    Scene("verify-act", "door.heading", _claim(problem(403, "verification-required")), said="verify.act"),
    Scene("verify-unsure", "door.heading", _typed("4711", SILENCE, problem(403, "verification-required")),
          said="verify.unsure"),
    Scene("locked", "locked.heading", _state("locked")),
    Scene("locked-asked", "locked.heading", _then(_state("locked"), ".row > button:first-child"), ".done"),
    Scene("locked-still", "locked.heading", _then(_state("locked"), ".row > button:last-child"), said="locked.still"),
    Scene("paused", "paused.heading", _state("paused")),
    Scene("paused-while-typing", "paused.heading", _typed("4711", problem(423, "paused"))),
    Scene("paused-unsure", "paused.heading", _typed("4711", SILENCE, problem(423, "paused")), ".safe"),
    Scene("paused-still", "paused.heading", _then(_state("paused"), "#view > button"), said="paused.still"),
    Scene("dead-stranger", "dead.heading", _door(problem(404, "not-found"))),
    *[
        Scene(f"dead-{state.replace('_', '-')}", "dead.heading", _door(_ended(state)))
        for state in ("viewed", "released", "revoked", "expired", "undelivered", "locked_out", "lost", "of-tomorrow")
    ],
    Scene("dead-undated", "dead.heading", _door(problem(410, "word-of-tomorrow"))),
    Scene("dead-elsewhere", "dead.heading", _claim(_ended("released"))),
    Scene("dead-unsure", "dead.heading", _claim(SILENCE, _ended("released"))),
    Scene("dead-told", "dead.heading", _then(_door(_ended("viewed")), "#view button", "#more button"), "#more .done"),
    Scene("secret", "secret.heading", _claim(), said="ack.done"),
    Scene("secret-shown", "secret.heading", _then(_claim(), ".row > .quiet"), said="ack.done"),
    Scene("secret-named", "secret.heading", _claim(variable="STRIPE_API_KEY"), said="ack.done"),
    Scene("secret-lines", "secret.heading", _then(_claim(content=Text(PEM)), ".row > .quiet"), said="ack.done"),
    Scene("secret-empty", "secret.heading", _claim(content=Text("")), said="ack.done"),
    Scene("secret-unconfirmed", "secret.heading", _unconfirmed, said="ack.trying"),
    Scene("secret-ending", "secret.heading", _minutes("04:05"), _SAID, alone=True),
    Scene("file", "secret.heading.file", _claim(content=FILE), said="ack.done"),
    Scene("cleared", "cleared.heading", _then(_claim(), "#after > button")),
    Scene("cleared-timed", "cleared.heading", _minutes("05:05"), alone=True),
    Scene("cleared-before", "cleared.heading", _cleared_before),
    Scene("cut", "cut.heading", _cut),
    Scene("cut-still", "cut.heading", _still_cut, _SAID),
    Scene("newer", "newer.heading", _newer),
    Scene("insecure", "insecure.heading", _insecure, alone=True),
    Scene("foreign", "foreign.heading", _foreign),
    Scene("damaged", "damaged.heading", _damaged),
    Scene("nokdf", "nokdf.heading", _no_derivation),
    Scene("confused-door", "confused.door.heading", _door(problem(403, "wrong-origin"))),
    Scene("confused-claim", "confused.claim.heading", _claim(problem(400, "malformed"))),
    Scene("broken", "broken.heading", _broken, alone=True),
    Scene("without-scripts", "", _without_scripts, "noscript h1", alone=True, javascript=False),
]  # fmt: skip
SCENES = {scene.name: scene for scene in _SCENES}


@asynccontextmanager
async def standing(visit: Visit, shell_url: str, name: str, words: Mapping[str, Entry]) -> AsyncIterator[None]:
    """Bring a visitor to the scene `name`; within, that is where they stand. The tab may be used again, see `alone`."""
    scene, stage = SCENES[name], Stage(visit, shell_url, words)
    try:
        await scene.play(stage)
        await visit.page.locator(scene.ready).first.wait_for()
        for sentence in filter(None, (scene.heading, scene.said)):
            await stage.said(sentence)
        yield
    finally:
        for pretend in stage.readers:
            await pretend.let_go()


@asynccontextmanager
async def showing(
    browser: Browser, shell_url: str, name: str, words: Mapping[str, Entry] | None = None, **options: Any
) -> AsyncIterator[Visit]:
    """A fresh visitor who stands in the scene `name`; `options` are those of a browser context."""
    visitor = visiting(browser, java_script_enabled=SCENES[name].javascript, **options)
    async with visitor as visit, standing(visit, shell_url, name, words or read()):
        yield visit
