"""`/sendsecret evidence`: who may, of which period, and what becomes of it; through the sandbox, to the pack itself."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import evidence_wording, pack_wording
from bot.evidence_desk import EvidenceDesk
from bot.mrkdwn import moment
from sandbox.fixtures import AUDIT, DANA, GENERAL, MAYA, MAYA_DANA, SAM
from sandbox.running import Sandbox
from store.errors import StoreUnavailableError
from store.evidence import keeping
from store.opened import Store
from store.words import PackFailure
from tests.bot.desk import Desk, Json, found, working
from tests.evidence.packs import verify
from tests.store.packs import taken
from tests.stores import Home

TODAY = datetime.now(UTC).date()
THIS_YEAR = f"{TODAY.year}-01-01 to {TODAY}"


async def typed(desk: Desk, user: str, words: str, place: str = GENERAL) -> str:
    """Somebody types the command; what only they read."""
    before = desk.sandbox.workspace.new_ts()
    await desk.sandbox.type(user, place, f"/sendsecret evidence {words}")

    def look() -> str | None:
        seen = desk.sandbox.messages(user, place)
        return next((str(one["text"]) for one in seen if one["ts"] > before and one.get("seen_by") == user), None)

    answer = await desk.sandbox.workspace.changes.until(look, 20)
    assert answer is not None
    return answer


def pack_in(message: Json) -> tuple[str, bytes]:
    """The address in a message's button, and the pack's id."""
    [url] = re.findall(r'"url": "([^"]+)"', json.dumps(message["blocks"]))
    return url, bytes.fromhex(url.rpartition("/")[2])


@pytest.fixture
async def store(sqlite_home: Home) -> AsyncIterator[Store]:
    """An open store, without a bot."""
    async with sqlite_home.open("bot") as store:
        yield store


async def unzipped(store: Store, pack_id: bytes, folder: Path) -> Path:
    """The pack as somebody has it who downloaded and unzipped it."""
    kept = await keeping.find(store.db, pack_id)
    assert kept is not None
    content = b"".join([piece async for piece in keeping.pieces(store.db, kept)])
    with zipfile.ZipFile(io.BytesIO(content)) as read:
        read.extractall(folder)  # our own zip
    [pack] = folder.iterdir()
    return pack


async def test_from_the_command_to_the_pack(desk: Desk, tmp_path: Path, everything_logged: io.StringIO) -> None:
    """An answer at once, a DM with a button, a line in the audit channel without one, and a pack that holds."""
    await desk.send("/sendsecret @noor")
    answer = await typed(desk, SAM, "this year", AUDIT)
    assert answer == evidence_wording.BEGUN.format(period=THIS_YEAR, recipients="all recipients")
    message = found(await desk.sandbox.wait_message(SAM, contains="open_pack", seconds=60))
    assert message["text"] == pack_wording.READY_TEXT
    assert f"*Evidence pack of {THIS_YEAR}* (all recipients)\n1 drop. Made <!date^" in json.dumps(
        message["blocks"], ensure_ascii=False
    ).replace("\\n", "\n")
    url, pack_id = pack_in(message)
    assert url == f"{desk.home.settings.public_url}/evidence/{pack_id.hex()}"
    clicked = await desk.sandbox.click(SAM, "open_pack", message["conversation"], message["ts"])
    assert clicked == {"outcome": "acked", "opens": url}
    audited = found(await desk.sandbox.wait_message(SAM, AUDIT, contains="Evidence pack made for"))
    assert audited["text"] == f"Evidence pack made for *Sam Lindqvist*: {THIS_YEAR} (all recipients), 1 drop"
    checked = await asyncio.to_thread(verify, await unzipped(desk.store, pack_id, tmp_path / "unzipped"))
    assert checked.exit_code == 0, checked.output
    kept = await keeping.find(desk.store.db, pack_id)
    assert kept is not None
    assert await typed(desk, SAM, THIS_YEAR) == evidence_wording.MADE.format(
        period=THIS_YEAR, recipients="all recipients", made=moment(kept.made_at)
    )
    again = found(await desk.sandbox.wait_message(SAM, contains="open_pack", after=message["ts"]))
    assert pack_in(again)[1] == pack_id
    for place in (everything_logged.getvalue(), json.dumps(desk.sandbox.messages(SAM, AUDIT))):
        assert pack_id.hex() not in place
        assert "Sam Lindqvist" not in everything_logged.getvalue()


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", evidence_wording.WHICH_PERIOD),
        ("last fortnight", evidence_wording.WHICH_PERIOD),
        ("2026-09-30 2026-07-01", evidence_wording.BACKWARDS),
        ("2999", evidence_wording.NOT_BEGUN),
        ("2999-12", evidence_wording.NOT_BEGUN),
    ],
)
async def test_without_a_period(desk: Desk, words: str, answer: str) -> None:
    """Examples, and nothing is begun."""
    assert await typed(desk, SAM, words, AUDIT) == answer
    assert "Nothing was begun" in answer


async def test_who_may_is_said(sandbox: Sandbox, sqlite_home: Home, store: Store) -> None:
    """Auditors and administrators; everybody else reads whom to ask, and whoever runs it what to set."""
    async with working(sandbox, sqlite_home, auditors=MAYA, admins=SAM) as desk:
        answer = await typed(desk, DANA, "last quarter", MAYA_DANA)
        assert answer == evidence_wording.WHO_MAY.format(people=f"<@{MAYA}>, <@{SAM}>")
        for user in (MAYA, SAM):
            assert await typed(desk, user, "") == evidence_wording.WHICH_PERIOD
    nobody = EvidenceDesk(store, ())
    assert await nobody.answer("last quarter", SAM) == evidence_wording.NOBODY_MAY
    many = EvidenceDesk(store, tuple(f"U{number:04}" for number in range(12)))
    assert (await many.answer("", DANA)).endswith("<@U0009>, and 2 more.")


async def test_one_at_a_time(store: Store) -> None:
    """The same is told to whoever asks, too; another has to wait, and says for which."""
    auditors = EvidenceDesk(store, (SAM, MAYA))
    await taken(store.db)
    told = {"period": "2026-07-01 to 2026-09-30", "recipients": "all recipients"}
    assert await auditors.answer("2026-q3", MAYA) == evidence_wording.UNDERWAY.format(**told)
    assert await auditors.answer("2026-q3 guest", MAYA) == evidence_wording.OTHER_UNDERWAY.format(**told)


async def test_a_database_that_is_away_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, and that nothing was begun."""

    async def away(*_: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr("store.evidence.asking.ask", away)
    assert await EvidenceDesk(store, (SAM,)).answer("2026-q3", SAM) == evidence_wording.STORE_AWAY


async def test_days_are_those_of_the_clock(store: Store, sqlite_home: Home) -> None:
    """A period ends today, as the store's clock has it, in UTC."""
    sqlite_home.advance_clock(400 * 86_400)
    auditors = EvidenceDesk(store, (SAM,))
    answer = await auditors.answer("last year", SAM)
    year = date.fromordinal(datetime.now(UTC).date().toordinal() + 400).year - 1
    assert f"*{year}-01-01 to {year}-12-31*" in answer


def test_every_failure_has_its_words() -> None:
    """Each says what happened; the sentence around it, that nothing was changed."""
    assert set(pack_wording.WHY) == set(PackFailure)
    assert "Nothing was changed" in pack_wording.FAILED
