"""Why a press of the recipient lets nobody in: how the drop stands, in words, and nothing recorded."""

from collections.abc import Awaitable, Callable

import pytest

from bot import button_wording, press_wording
from bot.mrkdwn import Markup, fill
from bot.press_values import of_link
from bot.rights import Clicker
from bot.slack_calls import SlackRefusedError
from sandbox.fixtures import DANA, TEAM
from store import claims, pausing, recipient_verification
from store.errors import StoreUnavailableError
from store.formats.link_v1 import Link
from store.opened import Store
from store.words import Verify
from tests.bot.pressed import Windows, desk_of, waiting
from tests.store.living import SOMEBODY, refuse, revoked, viewed
from tests.store.reading import words_of
from tests.stores import Home, Sealed

RECIPIENT = Clicker(DANA, TEAM)
Before = Callable[[Store, Home, Sealed], Awaitable[object]]


async def _let_in(store: Store, home: Home, sealed: Sealed) -> None:
    await recipient_verification.verify(store, sealed.new.id)


async def _claimed(store: Store, home: Home, sealed: Sealed) -> None:
    await _let_in(store, home, sealed)
    await claims.claim(store, sealed.present(), SOMEBODY)


async def _viewed(store: Store, home: Home, sealed: Sealed) -> None:
    await _let_in(store, home, sealed)
    await viewed(store, home, sealed)


async def _locked(store: Store, home: Home, sealed: Sealed) -> None:
    for _ in range(5):
        await _let_in(store, home, sealed)
        await refuse(store, sealed, 1, home)


async def _overdue(store: Store, home: Home, sealed: Sealed) -> None:
    home.advance_clock(3601)


STANDING: dict[str, tuple[Before, str]] = {
    "claimed": (_claimed, "It was opened"),
    "viewed": (_viewed, "and destroyed. It came from"),
    "locked": (_locked, "It is locked after too many wrong passphrases"),
    "paused": (lambda store, home, sealed: pausing.pause(store, sealed.new.id), "It is paused"),
    "revoked": (revoked, "took it back"),
    "overdue": (_overdue, "nobody opened it. If you need it, ask"),
}


@pytest.mark.parametrize("standing", STANDING)
async def test_how_it_stands_is_said(sqlite_home: Home, standing: str) -> None:
    """Opened already, locked, held up or gone: no window, and no press on the record."""
    before, said = STANDING[standing]
    async with sqlite_home.open("bot") as store:
        sealed, value = await waiting(store)
        await before(store, sqlite_home, sealed)
        recorded = await words_of(store, sealed.new.id)
        windows = Windows()
        answer = await desk_of(store, windows).pressed(value, RECIPIENT, "T")
        assert said in str(answer)
        assert windows.opened == []
        assert await words_of(store, sealed.new.id) == recorded


async def test_a_link_that_is_not_the_drops_own_lets_nobody_in(sqlite_home: Home) -> None:
    """Another key, another mode, another drop's, an id alone, nonsense: nothing is recorded, for whoever pressed."""
    async with sqlite_home.open("bot") as store:
        sealed, value = await waiting(store)
        other, _ = await waiting(store)
        forged = [
            of_link(Link(sealed.link.id, bytes(32), sealed.link.mode)),
            of_link(Link(sealed.link.id, sealed.link.key, "p")),
            f"{sealed.link.id_text}#{other.link.fragment()}",
            of_link(Link(bytes(16), sealed.link.key, "n")),
            *(sealed.link.id_text, f"{sealed.link.id_text}#", value[:-1], f"{value}A", "", "#", "x" * 2000),
        ]
        recorded = await words_of(store, sealed.new.id)
        windows = Windows()
        for one in forged:
            for clicker in (RECIPIENT, Clicker("U0OTHER", TEAM)):
                answer = await desk_of(store, windows).pressed(one, clicker, "T")
                assert answer == button_wording.NO_SUCH_DROP, one
        assert windows.opened == []
        assert await words_of(store, sealed.new.id) == recorded


async def test_a_drop_that_wants_no_press_gets_no_window(sqlite_home: Home) -> None:
    """A button made by hand for it gives nobody a way in that the message does not give."""
    async with sqlite_home.open("bot") as store:
        _, value = await waiting(store, verify=Verify.NONE)
        windows = Windows()
        assert await desk_of(store, windows).pressed(value, RECIPIENT, "T") == press_wording.AGAIN
        assert windows.opened == []


@pytest.mark.parametrize(("user", "team"), [("U0OTHER", TEAM), (DANA, "T0OTHER"), (DANA, ""), ("", TEAM), ("", "")])
async def test_who_pressed_is_user_and_team(sqlite_home: Home, user: str, team: str) -> None:
    """One of the two is nobody, and an answer names whom it is for without a way in."""
    async with sqlite_home.open("bot") as store:
        sealed, value = await waiting(store)
        windows = Windows()
        answer = await desk_of(store, windows).pressed(value, Clicker(user, team), "T")
        assert answer == fill(press_wording.NOT_FOR_YOU, recipient="Dana Petrov", sender="Maya Okafor")
        assert windows.opened == []
        words = await words_of(store, sealed.new.id)
        assert (words[-1], words.count("recipient_verified")) == ("recipient_refused", 0)


async def test_a_store_that_is_away_and_a_window_that_does_not_open(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are said, and the next press lets them in."""
    async with sqlite_home.open("bot") as store:
        _, value = await waiting(store)

        async def away(*_: object) -> None:
            raise StoreUnavailableError("away")

        with monkeypatch.context() as patched:
            patched.setattr(recipient_verification, "verify", away)
            assert await desk_of(store).pressed(value, RECIPIENT, "T") == button_wording.TRY_AGAIN
        late = Windows(SlackRefusedError("expired_trigger_id"))
        assert await desk_of(store, late).pressed(value, RECIPIENT, "T") == Markup(press_wording.AGAIN)
        windows = Windows()
        assert await desk_of(store, windows).pressed(value, RECIPIENT, "T") is None
        assert len(windows.opened) == 1
