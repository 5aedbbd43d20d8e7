"""`sendsecret evidence`: what it takes, what it refuses in words, and what it says."""

import asyncio
import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest

from store import deliveries
from store.log import anchors
from tests.evidence.lives import lived_with, two_logs
from tests.evidence.packs import FIRST, LAST, TODAY, command, made, make, require_failure, verify
from tests.store.living import created
from tests.stores import Home
from tests.verifying.attacked import Lived
from tests.verifying.lived import either


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "population.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (["--from", LAST, "--to", FIRST, "-o", "x"], "--to is before --from"),
        (["--from", FIRST, "--to", LAST, "--recipients", "guest,friends", "-o", "x"], "there is no class friends"),
        (["--from", "1.7.2026", "--to", LAST, "-o", "x"], "does not match the format"),
        (["--from", FIRST, "--to", LAST], "Missing option '-o'"),
        (["--from", FIRST, "--to", LAST, "--log", "7", "-o", "x"], "no such log"),
    ],
)
def test_what_is_refused(lived: Lived, tmp_path: Path, words: list[str], saying: str) -> None:
    """Exit code 2 and a sentence; no folder is made."""
    words = [str(tmp_path / "x") if word == "x" else word for word in words]
    done = command(lived.home, "evidence", *words)
    assert done.exit_code == 2
    assert saying in done.output
    assert not (tmp_path / "x").exists()


async def test_without_a_log_or_a_database(tmp_path: Path) -> None:
    """A database without a log, and none: said in words, and none is made."""
    home = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/store.db")
    done = await asyncio.to_thread(make, home, tmp_path / "pack")
    assert (done.exit_code, "no database at DATABASE_URL" in done.output) == (2, True)
    assert not (tmp_path / "store.db").exists()
    await home.prepare()
    done = await asyncio.to_thread(make, home, tmp_path / "pack")
    assert (done.exit_code, "no such log" in done.output) == (2, True)


def test_a_period_in_which_nothing_happened(lived: Lived, tmp_path: Path) -> None:
    """The pack is whole, and says that it is empty; the log in it shows that nothing was left out."""
    done = make(lived.home, tmp_path / "pack", first="2020-01-01", last="2020-03-31")
    assert (done.exit_code, "0 drops" in done.output) == (0, True)
    assert rows(tmp_path / "pack") == []
    assert "No drop was created in this period" in (tmp_path / "pack" / "summary.html").read_text()
    assert "0 drops, each row" in verify(tmp_path / "pack").output


def test_one_day(lived: Lived, tmp_path: Path) -> None:
    """Both days are included, and they are days of UTC."""
    whole = rows(made(lived.home, tmp_path / "whole"))
    day = whole[0]["created_at"][:10]
    make(lived.home, tmp_path / "day", first=day, last=day)
    assert rows(tmp_path / "day") == [row for row in whole if row["created_at"].startswith(day)]
    assert verify(tmp_path / "day").exit_code == 0


async def test_recipients(home: Home, tmp_path: Path) -> None:
    """Only the classes that were asked for are in the population; the log is whole all the same."""
    classes = ("member", "guest", "external", "email", "guest")
    await lived_with(home, *({"recipient_class": one} for one in classes))
    folder = await asyncio.to_thread(made, home, tmp_path / "pack", "--recipients", "guest, email")
    assert [row["recipient_class"] for row in rows(folder)] == ["guest", "email", "guest"]
    assert (folder / "leaves.txt").read_bytes().count(b"\n") == 1 + 5 * 4
    assert len(list(folder.glob("receipts/*.jws"))) == 3
    assert "recipients: email, guest" in verify(folder).output
    chosen = json.loads((folder / "pack.json").read_text())
    (folder / "pack.json").write_text(json.dumps(chosen | {"recipients": ["guest"]}))
    require_failure(folder, "which no event says was created")


async def test_what_waits_is_said(home: Home, tmp_path: Path) -> None:
    """Events that the log has not taken yet are not in the pack, and are counted in words."""
    await lived_with(home, {}, ends=False)
    async with either(home) as store:
        await deliveries.record_delivered(store, (await created(store)).new.id, None)
    done = await asyncio.to_thread(make, home, tmp_path / "pack")
    assert "1 drop of" in done.output
    assert "2 later events" in done.output
    assert "2 events that came later" in (tmp_path / "pack" / "summary.html").read_text()
    assert "2 events were not under the checkpoint" in verify(tmp_path / "pack").output


async def test_what_was_posted_outside(home: Home, tmp_path: Path) -> None:
    """The last checkpoint that stands where nobody here can change it is in the pack, and its log is the beginning."""
    await lived_with(home, {})
    async with either(home) as store:
        anchor = await anchors.take(store)
        assert anchor is not None
        await anchors.posted(store, anchor)
    await lived_with(home, {})
    folder = await asyncio.to_thread(made, home, tmp_path / "pack")
    assert (folder / "checkpoints" / "posted-outside").read_text() == anchor.note
    assert "checkpoints/posted-outside: the log begins with its 5 entries" in verify(folder).output


async def test_several_logs(home: Home, tmp_path: Path) -> None:
    """After `log new` a pack is of one log, which is named; each is whole and holds."""
    await two_logs(home)
    done = await asyncio.to_thread(make, home, tmp_path / "pack")
    assert (done.exit_code, "several logs" in done.output) == (2, True), done.output
    for number, drops in ((1, 3), (2, 1)):
        folder = await asyncio.to_thread(made, home, tmp_path / str(number), "--log", number)
        assert len(rows(folder)) == drops
        assert verify(folder).exit_code == 0, verify(folder).output


async def test_several_logs_of_which_one_has_the_period(home: Home, tmp_path: Path) -> None:
    """Whoever asks for a quarter long after the log's key was rotated need not know of logs."""
    await two_logs(home)
    home.advance_clock(100 * 86_400)
    await lived_with(home, {"lives_seconds": 200 * 86_400})
    later = TODAY + timedelta(days=99)
    period = {"first": str(later), "last": str(later + timedelta(days=2))}
    done = await asyncio.to_thread(make, home, tmp_path / "pack", **period)
    assert done.exit_code == 0, done.output
    folder = tmp_path / "pack"
    assert len(rows(folder)) == 1
    assert json.loads((folder / "pack.json").read_text())["origin"].endswith("/audit-2")
    assert verify(folder).exit_code == 0, verify(folder).output


def test_the_period_may_go_on(lived: Lived, tmp_path: Path) -> None:
    """A last day that has not come yet is taken: the checkpoint says up to when the pack can know."""
    done = make(lived.home, tmp_path / "pack", first=str(TODAY), last="2999-12-31")
    assert done.exit_code == 0


def test_progress(lived: Lived, tmp_path: Path) -> None:
    """How far it is, on standard error, so that it is in no pipe."""
    done = make(lived.home, tmp_path / "pack")
    assert "(100 %)" in done.stderr
    assert "%" not in done.stdout
