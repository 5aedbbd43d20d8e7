"""`sendsecret verify --pack`: what is whole, what was changed in a pack, and in the database before it was made."""

import csv
import json
from pathlib import Path

import pytest

from tests.auditor.shell import changed
from tests.evidence.packs import contents, copied, made, make, remade_manifest, require_failure, verify
from tests.verifying.attacked import Lived, attack

DROP = "(SELECT min(drop_id) FROM events WHERE event = 'drop.receipt')"


def test_a_whole_pack_holds(pack: Path) -> None:
    """Every line says ok, and that the keys came with the pack."""
    done = verify(pack)
    assert done.exit_code == 0, done.output
    assert "43 drops, each row as the signed events say, and none was left out" in done.output
    assert "they came with the pack, compare them with your own" in done.output
    assert "it came with the pack, compare it with your own" in done.output


def test_keys_of_ones_own(pack: Path, lived: Lived, tmp_path: Path) -> None:
    """Given keys are used and named; other keys are believed as little as a pack's own ones then are."""
    (tmp_path / "mine.json").write_bytes((pack / "jwks.json").read_bytes())
    key = (pack / "log.vkey").read_text().strip()
    done = verify(pack, "--keys", tmp_path / "mine.json", "--log-key", key)
    assert done.exit_code == 0, done.output
    assert "came with the pack" not in done.output
    (tmp_path / "none.json").write_text('{"keys": []}')
    done = verify(pack, "--keys", tmp_path / "none.json")
    assert done.exit_code == 1
    assert "which is not among the given ones" in done.output


def test_without_changing_a_byte(lived: Lived, pack: Path, tmp_path: Path) -> None:
    """Neither making nor checking a pack changes it or the database, and the same pack is made twice."""
    before = contents(pack)
    assert verify(pack).exit_code == 0
    assert contents(pack) == before
    assert contents(made(lived.home, tmp_path / "again")) == before


def _some(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    return found[len(found) // 2]


@pytest.mark.parametrize(
    ("pattern", "at", "sayings"),
    [
        ("leaves.txt", 900, ("the root that the log's key signed", "leaf ")),
        ("events/*/*.jws", 200, ("is not entry",)),
        ("receipts/*.jws", -20, ("is not entry",)),
        ("events/*/*.tlog-proof", 60, (".tlog-proof",)),
        ("receipts/*.tlog-proof", -20, ("another checkpoint",)),
        ("checkpoint", -20, ("signature of the checkpoint is wrong",)),
        ("checkpoints/first", -20, ("checkpoints/first",)),
        ("jwks.json", 60, ("jwks.json",)),
        ("log.vkey", -8, ("log.vkey",)),
        ("tile/0/000.p/*", 500, ("the tiles do not give the root",)),
        ("population.csv", 700, ("population.csv",)),
    ],
)
@pytest.mark.parametrize("knows", [False, True])
def test_a_changed_byte(
    whole: Path, tmp_path: Path, pattern: str, at: int, sayings: tuple[str, ...], knows: bool
) -> None:
    """It is found, and named, also where the manifest was made anew."""
    folder = copied(whole, tmp_path / "pack")
    path = _some(folder, pattern)
    path.write_bytes(changed(path.read_bytes(), at))
    if knows:
        remade_manifest(folder)
    else:
        sayings = (*sayings, "manifest.txt")
    require_failure(folder, *sayings)


def test_what_is_missing_and_what_was_put_there(whole: Path, tmp_path: Path) -> None:
    """A file that is gone, and one that nobody made."""
    for number, pattern in enumerate(("events/*/*.jws", "receipts/*.tlog-proof", "leaves.txt", "population.csv")):
        folder = copied(whole, tmp_path / str(number))
        _some(folder, pattern).unlink()
        require_failure(folder, "is missing")
        remade_manifest(folder)
        require_failure(folder)
    folder = copied(whole, tmp_path / "more")
    (folder / "population-2.csv").write_text("")
    require_failure(folder, "population-2.csv was put here")
    folder = copied(whole, tmp_path / "unfinished")
    (folder / "manifest.txt").unlink()
    require_failure(folder, "the pack was not finished")


def test_a_row_left_out_added_or_other(whole: Path, tmp_path: Path) -> None:
    """The population is what the signed events say, row by row and column by column."""
    lines = (whole / "population.csv").read_bytes().splitlines(keepends=True)
    other = lines[5].replace(b"guest", b"member")
    for number, (changed_lines, saying) in enumerate(
        [
            ([*lines[:7], *lines[8:]], "has no row: it was left out"),
            ([*lines, lines[3]], "has two rows"),
            ([*lines, b"A" * 22 + lines[3][22:]], "which no event says was created"),
            ([*lines[:5], other, *lines[6:]], "its recipient_class is 'member', and its signed events say 'guest'"),
            (lines[1:], "its columns are others"),
        ]
    ):
        folder = copied(whole, tmp_path / str(number))
        (folder / "population.csv").write_bytes(b"".join(changed_lines))
        remade_manifest(folder)
        require_failure(folder, saying)


def test_every_column_is_compared(whole: Path, tmp_path: Path) -> None:
    """Another value in any cell of a row is found."""
    with (whole / "population.csv").open(newline="", encoding="utf-8") as file:
        head, *rows = list(csv.reader(file))
    folder = copied(whole, tmp_path / "pack")
    for at, column in enumerate(head[1:], 1):
        other = [list(row) for row in rows]
        other[1][at] += "1"
        with (folder / "population.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *other])
        remade_manifest(folder)
        require_failure(folder, f"its {column} is")


def test_an_invented_event(whole: Path, tmp_path: Path) -> None:
    """Neither a line more in leaves.txt nor a file more passes, whatever real event it is made of."""
    entry = _some(whole, "events/*/*.jws").read_bytes()
    folder = copied(whole, tmp_path / "line")
    with (folder / "leaves.txt").open("ab") as file:
        file.write(entry + b"\n")
    remade_manifest(folder)
    require_failure(folder, "lines, and the log")
    folder = copied(whole, tmp_path / "event")
    (folder / "events" / "000000" / "000000999.jws").write_bytes(entry)
    (folder / "receipts" / ("0" * 32 + ".jws")).write_bytes(entry)
    remade_manifest(folder)
    require_failure(folder, "events/000000/000000999.jws is no entry", "is in no log")


def test_a_pack_that_was_cut_to_its_checkpoint(whole: Path, tmp_path: Path) -> None:
    """An older, truly signed checkpoint with the entries up to it is not the one that the pack names."""
    folder = copied(whole, tmp_path / "pack")
    (folder / "checkpoint").write_bytes((folder / "checkpoints" / "first").read_bytes())
    (folder / "leaves.txt").write_bytes((folder / "leaves.txt").read_bytes().splitlines(keepends=True)[0])
    remade_manifest(folder)
    require_failure(folder, "it is another one than pack.json names")


def test_nothing_that_stands_in_a_pack_crashes_the_check(whole: Path, tmp_path: Path) -> None:
    """Whatever small file becomes nonsense: a line says so."""
    names = ("checkpoint", "checkpoints/first", "log.vkey", "jwks.json", "population.csv", "leaves.txt", "manifest.txt")
    for number, name in enumerate(names):
        for at, nonsense in enumerate((b"", b"\x00\xff\xfe", b"{" * 20_000, b"\n" * 3000, b'"' * 200_000)):
            folder = copied(whole, tmp_path / f"{number}-{at}")
            (folder / name).write_bytes(nonsense)
            require_failure(folder)


def test_what_is_no_pack(tmp_path: Path) -> None:
    """Another folder, a damaged pack.json or none: exit code 2, one sentence, no traceback."""
    for text in (None, "", "[]", "{}", "\xff", json.dumps({"format": "sendsecret evidence pack v1"}), "[" * 10_000):
        if text is not None:
            (tmp_path / "pack.json").write_text(text, encoding="latin-1")
        done = verify(tmp_path)
        assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
        assert "Nothing was checked" in done.output


@pytest.mark.parametrize(
    ("statements", "sayings"),
    [
        (
            [
                "DELETE FROM log_leaves WHERE position IN (SELECT position FROM events WHERE drop_id = THIS)",
                "DELETE FROM drops WHERE id = THIS",
                "DELETE FROM events WHERE drop_id = THIS",
            ],
            ("the entry is gone from the database", "the root that the log's key signed"),
        ),
        (["DELETE FROM events WHERE drop_id = THIS"], ("the entry is gone from the database",)),
        (
            ["DELETE FROM events WHERE event = 'drop.receipt' AND drop_id = THIS"],
            ("was destroyed, and has no receipt", "the entry is gone"),
        ),
        (
            ["DELETE FROM events WHERE event = 'drop.destroyed' AND drop_id = THIS"],
            ("a gap", "the entry is gone"),
        ),
        (["UPDATE events SET drop_id = NULL, n = NULL WHERE event = 'drop.claimed'"], ("or its proof, is missing",)),
    ],
)
def test_deleted_from_the_database_by_hand(
    lived: Lived, tmp_path: Path, statements: list[str], sayings: tuple[str, ...]
) -> None:
    """A drop, or a part of its story, deleted before the export: the command warns, and the pack's check says it."""
    home = lived.copy(tmp_path)
    attack(home, *((statement.replace("THIS", DROP), {}) for statement in statements))
    done = make(home, tmp_path / "pack")
    if "UPDATE" not in statements[0]:
        assert done.exit_code == 1
        assert "WARNING" in done.output
    require_failure(tmp_path / "pack", *sayings)


def test_a_drops_row_alone_deleted(lived: Lived, tmp_path: Path) -> None:
    """The pack is made of signed events: the drop is in it as if its row were there."""
    home = lived.copy(tmp_path)
    attack(home, ("DELETE FROM drops WHERE id = THIS".replace("THIS", DROP), {}))
    assert verify(made(home, tmp_path / "pack")).exit_code == 0
    assert contents(tmp_path / "pack") == contents(made(lived.home, tmp_path / "whole"))


def test_an_event_invented_in_the_database(lived: Lived, tmp_path: Path) -> None:
    """Another leaf in the place of a real one, by whoever can write to the database, is refused by the pack's check."""
    home = lived.copy(tmp_path)
    statement = (
        "UPDATE events SET leaf = (SELECT leaf FROM events WHERE position = "
        "(SELECT max(position) FROM events WHERE event = 'drop.asked')) WHERE event = 'drop.created' AND drop_id = THIS"
    )
    attack(home, (statement.replace("THIS", DROP), {}))
    done = make(home, tmp_path / "pack")
    assert done.exit_code == 1
    assert "do not give the root of the checkpoint" in done.output
    require_failure(tmp_path / "pack", "the root that the log's key signed")
