"""`sendsecret verify` with files alone: what is true holds, and one changed byte anywhere is named."""

import asyncio
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from sendsecret.__main__ import main
from store import endings
from store.formats.base64url import decode
from store.log.sequencer import Sequencer
from store.opened import Store
from store.personal import disclosure_of
from store.schema import disclosures, events
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.lived import either, live, write_evidence, write_tiles


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an auditor holds: `out` with every leaf and both keys, `tiles`, and an older `kept` checkpoint."""
    path = tmp_path_factory.mktemp("evidence")
    asyncio.run(_evidence(path))
    return path


async def _evidence(path: Path) -> None:
    home = Home(path, f"sqlite+aiosqlite:///{path}/store.db")
    await home.prepare()
    async with either(home) as store:
        await live(store, home)
        shutil.copy(home.signing / "checkpoint.latest", path / "kept")
        await ended_once_more(store, home)
        await write_evidence(store, path / "out")
        await write_tiles(store, path / "tiles")


async def ended_once_more(store: Store, home: Home) -> None:
    """A few leaves more."""
    await endings.revoke(store, (await created(store)).new.id)
    await drained(Sequencer(store, home.signing))


def verify(*words: object) -> Result:
    """As the command line answers, with no setting in its environment."""
    done = CliRunner(env={"PUBLIC_URL": None, "DATABASE_URL": None}).invoke(main, ["verify", *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def failures(done: Result) -> list[str]:
    return [line for line in done.output.splitlines() if line.startswith("FAILED")]


def receipts(evidence: Path) -> list[Path]:
    return sorted((evidence / "out").glob("receipt-*.jws"))


def test_what_is_true_holds(evidence: Path) -> None:
    """A receipt with its proof; everything at once; the present log against an older checkpoint. Exit code 0."""
    [first, *_] = receipts(evidence)
    done = verify(first)
    assert done.exit_code == 0
    said = [line.split(": ")[0].rpartition("/")[2] for line in done.output.splitlines()]
    assert said == ["jwks.json", "log.vkey", first.name, f"{first.stem}.tlog-proof", said[-1]]
    assert "viewed, destroyed 20" in done.output
    whole = verify(*sorted((evidence / "out").iterdir()), "--tiles", evidence / "tiles", "--older", evidence / "kept")
    assert (whole.exit_code, failures(whole)) == (0, [])
    assert "is the event that" in whole.output
    assert "nothing was rewritten since" in whole.output
    assert verify(first, "-q").output == ""
    lines = [json.loads(line) for line in verify(first, "--json").output.splitlines()]
    assert lines[-1] == {"held": 4, "failed": 0, "keys_beside": True}
    assert all(line["holds"] for line in lines[:-1])


def test_it_is_said_where_the_keys_came_from(evidence: Path) -> None:
    """A forger can lay keys beside a forged receipt; what holds by them holds no more than they do."""
    [first, *_] = receipts(evidence)
    keys = ("--keys", evidence / "out" / "jwks.json")
    log_key = ("--log-key", evidence / "out" / "log.vkey")
    beside = "all 4 checks hold, by keys that lie beside the files: they prove no more than where you had them from"
    for words in ((), keys, log_key):
        assert verify(first, *words).output.splitlines()[-1] == beside
    assert verify(first, *keys, *log_key).output.splitlines()[-1] == "all 4 checks hold"
    checkpoint = verify("--tiles", evidence / "tiles", "--older", evidence / "kept", *log_key)
    assert checkpoint.output.splitlines()[-1] == "all 3 checks hold"


def test_a_log_key_that_was_copied_from_a_message(evidence: Path, tmp_path: Path) -> None:
    """Another system's line ends, a byte order mark, an empty line more: it is the same key."""
    [first, *_] = receipts(evidence)
    vkey = (evidence / "out" / "log.vkey").read_text().strip()
    for text in (f"{vkey}\r\n", f"\ufeff{vkey}\n", f"\n{vkey}\n\n", f"  {vkey} ", vkey):
        (tmp_path / "log.vkey").write_bytes(text.encode())
        done = verify(first, "--log-key", tmp_path / "log.vkey")
        assert (done.exit_code, failures(done)) == (0, []), repr(text)
    assert verify(first, "--log-key", f" {vkey} ").exit_code == 0
    (tmp_path / "log.vkey").write_text("\n")
    [line, *_] = failures(verify(first, "--log-key", tmp_path / "log.vkey"))
    assert line.endswith("it holds no key of a log")


def copied(evidence: Path, path: Path, *names: str) -> Path:
    path.mkdir(exist_ok=True)
    for name in names:
        shutil.copy(evidence / "out" / name, path / name)
    return path


def flips(raw: bytes, step: int = 1) -> Sequence[bytes]:
    """The same with one byte changed, at every position: to a letter at every other one, else in its lowest bit."""
    changed = []
    for count, at in enumerate(range(0, len(raw), step)):
        flipped = bytearray(raw)
        flipped[at] = raw[at] ^ 1 if count % 2 else ord("A") if raw[at] != ord("A") else ord("B")
        changed.append(bytes(flipped))
    return changed


@pytest.mark.parametrize("kind", ["receipt", "event"])
@pytest.mark.parametrize("suffix", [".jws", ".tlog-proof"])
def test_any_byte_of_a_leaf_or_its_proof(evidence: Path, tmp_path: Path, kind: str, suffix: str) -> None:
    """Flipped, whichever it is: the verification fails and names the file."""
    true = sorted((evidence / "out").glob(f"{kind}-*.jws"))[1]
    folder = copied(evidence, tmp_path, true.name, true.with_suffix(".tlog-proof").name, "jwks.json", "log.vkey")
    target = (folder / true.name).with_suffix(suffix)
    raw = target.read_bytes()
    for flipped in flips(raw):
        target.write_bytes(flipped)
        done = verify(folder / true.name)
        assert done.exit_code == 1, flipped
        assert any(target.name in line for line in failures(done)), (flipped, done.output)


def test_any_byte_of_the_keys(evidence: Path, tmp_path: Path) -> None:
    """A changed key of the log, or event key, is noticed as such: no other key is put in its place."""
    [name, *_] = [path.name for path in receipts(evidence)]
    proof = name.replace(".jws", ".tlog-proof")
    for keys in ("log.vkey", "jwks.json"):
        folder = copied(evidence, tmp_path, name, proof, "jwks.json", "log.vkey")
        kid = json.loads(decode((folder / name).read_text().split(".")[0]))["kid"]
        every = json.loads((folder / "jwks.json").read_text())["keys"]
        (folder / "jwks.json").write_text(json.dumps({"keys": [key for key in every if key["kid"] == kid]}))
        raw = (folder / keys).read_bytes()
        for flipped in flips(raw):
            (folder / keys).write_bytes(flipped)
            done = verify(folder / name)
            if done.exit_code == 0:
                assert json.loads(flipped) == json.loads(raw), flipped
            else:
                assert any(keys in line for line in failures(done)), (flipped, done.output)


def test_any_byte_of_a_checkpoint_or_a_tile(evidence: Path, tmp_path: Path) -> None:
    """A note on its own, the kept one, the present one, the hashes under it."""
    keys = "--log-key", evidence / "out" / "log.vkey"
    note = tmp_path / "note"
    for flipped in flips((evidence / "kept").read_bytes()):
        note.write_bytes(flipped)
        assert "note" in failures(verify(note, *keys))[0]
        if len(flipped) % 3 == 0:
            assert "note" in failures(verify("--older", note, "--tiles", evidence / "tiles", *keys))[0]
    shutil.copytree(evidence / "tiles", tmp_path / "tiles")
    [tile] = (tmp_path / "tiles" / "tile" / "0" / "000.p").iterdir()
    for file, step in ((tmp_path / "tiles" / "checkpoint", 1), (tile, 32)):
        raw = file.read_bytes()
        for flipped in flips(raw, step):
            file.write_bytes(flipped)
            assert verify("--tiles", tmp_path / "tiles", *keys).exit_code == 1
        file.write_bytes(raw)
    assert verify("--tiles", tmp_path / "tiles", *keys).exit_code == 0


def test_what_is_missing_is_said(evidence: Path, tmp_path: Path) -> None:
    """A missing proof is not checked and so no success; without keys or files nothing is done, exit code 2."""
    [name, *_] = [path.name for path in receipts(evidence)]
    folder = copied(evidence, tmp_path, name, "jwks.json", "log.vkey")
    done = verify(folder / name)
    assert done.exit_code == 1
    assert "the proof is missing" in done.output
    for words in (
        (),
        ("nothing.jws",),
        (folder / name, "--keys", "no.json"),
        (folder / name, "--log-key", "no.vkey"),
        ("--older", folder / name),
        ("--tiles", folder, "--log-key", folder / "log.vkey"),
        ("--store", folder / name),
        (folder / "jwks.json", folder / "log.vkey"),
        (folder,),
    ):
        done = verify(*words)
        assert done.exit_code == 2, words
        assert "Nothing was checked" in done.output + done.stderr


def test_a_terminal_is_told_nothing_by_a_file(evidence: Path, tmp_path: Path) -> None:
    """Names with line breaks and escapes stay on their line."""
    strange = tmp_path / "a\n\x1b[2Jok      all.jws"
    strange.write_bytes(b"x")
    done = verify(strange, "--keys", evidence / "out" / "jwks.json", "--log-key", evidence / "out" / "log.vkey")
    assert done.exit_code == 1
    assert "\x1b" not in done.output
    assert len(done.output.splitlines()) == 5


def test_a_key_of_the_log_may_be_typed(evidence: Path) -> None:
    """As it was written down when the log began."""
    key = (evidence / "out" / "log.vkey").read_text().strip()
    assert verify(evidence / "kept", "--log-key", key).exit_code == 0


def test_names_that_come_with_a_receipt(evidence: Path, tmp_path: Path) -> None:
    """Each disclosure must be one of its leaf's, unchanged."""
    shown_of = asyncio.run(_disclosures(evidence))
    [first, *_] = receipts(evidence)
    folder = copied(evidence, tmp_path, first.with_suffix(".tlog-proof").name, "jwks.json", "log.vkey")
    target = folder / f"{first.stem}.sd-jwt"
    shown = "~".join([first.read_text(), *shown_of[first.stem], ""])
    target.write_text(shown)
    done = verify(target)
    assert done.exit_code == 0
    assert "discloses recipient_name" in done.output
    target.write_text(shown[:-5] + ("AAA" if shown[-5:-2] != "AAA" else "BBB") + shown[-2:])
    done = verify(target)
    assert done.exit_code == 1
    assert "a disclosure is" in failures(done)[0]


async def _disclosures(evidence: Path) -> dict[str, list[str]]:
    home = Home(evidence, f"sqlite+aiosqlite:///{evidence}/store.db")
    found: dict[str, list[str]] = {}
    async with home.open("bot") as store, store.db.read() as tx:
        rows = await tx.execute(select(events.c.position, disclosures).join(events, events.c.jti == disclosures.c.jti))
        for row in rows:
            found.setdefault(f"receipt-{row.position:03}", []).append(disclosure_of(store.months, row) or "")
    return found
