"""Packs with names: whose they are is proven, what is hostile stays text, and without the word there are none."""

import asyncio
import csv
import json
from pathlib import Path

from sqlalchemy import text

from store import endings
from store.formats import base64url
from store.log.sequencer import Sequencer
from tests.evidence.packs import contents, copied, made, remade_manifest, require_failure, verify
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.lived import either

HOSTILE = "=cmd|' /C calc'!A0"
LABEL = "Stripe restricted key"


async def named_pack(home: Home, folder: Path, *words: str, forgotten: bool = False) -> Path:
    """Two drops for two people, one of whom has a name that a spreadsheet would run."""
    async with either(home) as store:
        await drained(Sequencer(store, home.signing))
        for name in ("Dana Petrov", HOSTILE):
            await endings.revoke(store, (await created(store, recipient_name=name, template=HOSTILE)).new.id)
        await drained(Sequencer(store, home.signing))
        if forgotten:
            async with store.db.write() as tx:
                await tx.execute(text("DELETE FROM disclosures"))
    return await asyncio.to_thread(made, home, folder, *words)


def people(folder: Path) -> list[tuple[str, str]]:
    with (folder / "population.csv").open(newline="", encoding="utf-8") as file:
        return [(row["sender"], row["recipient"]) for row in csv.DictReader(file)]


async def test_with_names(home: Home, tmp_path: Path) -> None:
    """The list has them, safe in a spreadsheet; each has its disclosure; labels and Slack ids are not given away."""
    folder = await named_pack(home, tmp_path / "pack", "--names")
    assert people(folder) == [("Maya Okafor", "Dana Petrov"), ("Maya Okafor", f"'{HOSTILE}")]
    assert verify(folder).exit_code == 0, verify(folder).output
    assert "each name is one that the drop's creation committed to" in verify(folder).output
    lines = (folder / "disclosures.txt").read_text().splitlines()
    shown = [json.loads(base64url.decode(line.split()[1]))[1] for line in lines]
    assert sorted(shown) == ["recipient_name"] * 2 + ["sender_name"] * 2
    for name, content in contents(folder).items():
        assert LABEL.encode() not in content, name
        assert b"UDANA" not in content, name


async def test_without_names(home: Home, tmp_path: Path) -> None:
    """By default nobody is named anywhere in the folder, not in clear and not as a disclosure."""
    folder = await named_pack(home, tmp_path / "pack")
    assert not (folder / "disclosures.txt").exists()
    disclosed = base64url.encode(b"recipient_name")[:12].encode()
    for name, content in contents(folder).items():
        for said in (b"Dana", b"Petrov", b"Okafor", LABEL.encode(), b"UDANA", b"UMAYA", b"TWORKSPACE", disclosed):
            assert said not in content, (name, said)


async def test_a_name_that_was_not_committed_to(sqlite_home: Home, tmp_path: Path) -> None:
    """Another name, with or without a disclosure made for it, or one of another drop, is refused."""
    folder = await named_pack(sqlite_home, tmp_path / "pack", "--names")
    one = copied(folder, tmp_path / "one")
    path = one / "population.csv"
    path.write_bytes(path.read_bytes().replace(b"Dana Petrov", b"Eve Petrova"))
    remade_manifest(one)
    require_failure(one, "its recipient is 'Eve Petrova'")
    forged = base64url.encode(json.dumps(["A" * 22, "recipient_name", "Eve Petrova"]).encode())
    lines = (one / "disclosures.txt").read_text().splitlines()
    number = lines[0].split()[0]
    (one / "disclosures.txt").write_text("\n".join([f"{number} {forged}", *lines[1:]]) + "\n")
    remade_manifest(one)
    require_failure(one, "not one of this leaf")
    two = copied(folder, tmp_path / "two")
    other = lines[-1].split()[0]
    (two / "disclosures.txt").write_text("\n".join(f"{other} {line.split()[1]}" for line in lines) + "\n")
    remade_manifest(two)
    require_failure(two, "not one of this leaf")
    three = copied(folder, tmp_path / "three")
    (three / "disclosures.txt").write_text("x y\n")
    remade_manifest(three)
    require_failure(three, "a line of it is malformed")


async def test_names_that_were_erased(home: Home, tmp_path: Path) -> None:
    """Where disclosures are gone the columns are empty, and everything else holds."""
    folder = await named_pack(home, tmp_path / "pack", "--names", forgotten=True)
    assert people(folder) == [("", ""), ("", "")]
    assert verify(folder).exit_code == 0
