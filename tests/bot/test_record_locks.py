"""Pages in the window of records: how they stand, locked and unlocked, and what whoever made one is told."""

import pytest

from bot import people, record_form, record_views, record_wording
from bot import record_form_wording as form_says
from bot import record_window_wording as wording
from sandbox.fixtures import AUDIT, GENERAL, MAYA, NOOR, SAM
from store import record_endings, record_pages
from store.errors import DropLockedError
from store.words import Actor
from tests.bot.desk import Desk, found
from tests.bot.pages_made import Reader, handed_page, made_page
from tests.bot.records_made import LABEL, VALUE, answered, listing, made, press_in_row
from tests.bot.test_home import home
from tests.e2e.reading import like, words_of

LOCK = "tries at its passphrase are used up"


async def test_a_page_stands_among_the_records(desk: Desk) -> None:
    """Never read, read once, with its wrong passphrases, and in escrow; its buttons say link where a key's say key."""
    reader, key = await made_page(desk, escrow=True), await made(desk)
    view = await listing(desk, contains=key.id_text)
    assert like(wording.NEVER_READ_PAGE).search(words_of(view))
    assert words_of(view).count(wording.IN_ESCROW) == 1
    assert [_buttons(view, one)[0] for one in (reader.id_text, key.id_text)] == [wording.ROTATE_PAGE, wording.ROTATE]
    await reader.lock(desk)
    await _unlock(desk, reader)
    await reader.read(desk.store)
    shown = words_of(await listing(desk, contains="read once"))
    assert like(wording.READ_ONCE_PAGE).search(shown)
    assert wording.WRONG_PAGE.format(count=5) in shown
    assert LOCK not in shown


async def test_a_locked_page_is_unlocked_after_a_question(desk: Desk) -> None:
    """Twice at most; then it is rotated, and every lock before that is gone."""
    reader = await made_page(desk)
    for left in (1, 0):
        await reader.lock(desk)
        with pytest.raises(DropLockedError):
            await reader.read(desk.store)
        view = await listing(desk, contains=LOCK)
        assert wording.LOCKED in words_of(view)
        await press_in_row(desk, view, record_views.UNLOCK, reader, confirmed=False)
        assert await record_pages.unlocks_left(desk.store, [reader.link.id]) == {reader.link.id: left + 1}
        await press_in_row(desk, view, record_views.UNLOCK, reader)
        shown = await answered(desk, "Unlocked:")
        assert like(wording.UNLOCKED[left]).search(shown)
        assert LOCK not in shown
        assert await reader.read(desk.store) == VALUE
    await reader.lock(desk)
    view = await listing(desk, contains=LOCK)
    assert wording.LOCKED_FOR_GOOD in words_of(view)
    assert wording.UNLOCK not in _buttons(view, reader.id_text)
    await press_in_row(desk, view, record_views.ROTATE, reader)
    new = await handed_page(desk, found(await desk.sandbox.wait_view(MAYA, record_form.ROTATE)))
    assert await new.read(desk.store) == VALUE


async def test_an_older_screen_unlocks_nothing(desk: Desk) -> None:
    """Where it is unlocked already, or ended meanwhile, that is said."""
    reader = await made_page(desk)
    await reader.lock(desk)
    view = await listing(desk, contains=LOCK)
    await _unlock(desk, reader)
    await press_in_row(desk, view, record_views.UNLOCK, reader)
    await answered(desk, wording.CANNOT_UNLOCK)
    await reader.lock(desk)
    view = await listing(desk, contains=LOCK)
    async with desk.home.open("bot") as bot:
        await record_endings.revoke(bot, reader.link.id)
    await press_in_row(desk, view, record_views.UNLOCK, reader)
    await answered(desk, wording.ENDED_BEFORE)


async def test_nobody_else_unlocks_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever made it and has become a guest is refused in words; an administrator is not."""
    monkeypatch.setattr(people, "_FRESH_SECONDS", 0)
    reader = await made_page(desk, NOOR)
    await reader.lock(desk)
    view = await listing(desk, NOOR, contains=LOCK)
    desk.sandbox.workspace.people[NOOR].is_restricted = True
    await press_in_row(desk, view, record_views.UNLOCK, reader, NOOR)
    assert record_views.UNLOCK not in await answered(desk, form_says.MAY_NOT, NOOR)
    assert await record_pages.unlocks_left(desk.store, [reader.link.id]) == {reader.link.id: 2}
    await desk.sandbox.type(SAM, GENERAL, "/sendsecret incident @dana")
    view = found(await desk.sandbox.wait_view(SAM, "incident", contains=LOCK))
    await press_in_row(desk, view, record_views.UNLOCK, reader, SAM)
    await answered(desk, "Unlocked:", SAM, "incident")
    assert await record_pages.unlocks_left(desk.store, [reader.link.id]) == {}
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains=record_wording.UNLOCKED[Actor.ADMIN].split("` ")[1])


async def test_whoever_made_it_is_told(desk: Desk) -> None:
    """In their DM: of a wrong passphrase, of the lock with the button, and of the first read."""
    reader = await made_page(desk)
    await reader.lock(desk)
    assert await desk.sandbox.wait_message(MAYA, contains="tried a wrong passphrase")
    message = found(await desk.sandbox.wait_message(MAYA, contains=f"*{LABEL}* is locked"))
    await desk.sandbox.click(MAYA, record_views.UNLOCK, message["conversation"], message["ts"])
    assert await desk.told(MAYA, "Tries at its passphrase now: 5")
    await reader.read(desk.store)
    assert await desk.sandbox.wait_message(MAYA, contains="with its present link and passphrase")
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains="unlocked by whoever made it")
    await reader.lock(desk)
    await _unlock(desk, reader)
    await reader.lock(desk)
    message = found(await desk.sandbox.wait_message(MAYA, contains="It cannot be unlocked any more"))
    assert "actions" not in {block["type"] for block in message["blocks"]}


async def test_a_page_that_is_over_is_asked_about_at_home(desk: Desk) -> None:
    """Read and ended: the key at its provider is the one that was read, whoever read it."""
    reader = await made_page(desk)
    await reader.read(desk.store)
    await press_in_row(desk, await listing(desk, contains=reader.id_text), record_views.REVOKE, reader)
    await answered(desk, "Nobody reads it any more")
    assert LABEL in words_of(await home(desk, contains=wording.RENEW))


def _buttons(view: dict[str, object], record: str) -> list[str]:
    blocks: list[dict[str, object]] = view["blocks"]  # type: ignore[assignment]
    [row] = [block for block in blocks if block.get("block_id") == f"record-{record}"]
    return [element["text"]["text"] for element in row["elements"]]  # type: ignore[attr-defined]


async def _unlock(desk: Desk, reader: Reader) -> None:
    async with desk.home.open("bot") as bot:
        await record_pages.unlock(bot, reader.link.id)
