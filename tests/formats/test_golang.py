"""What the library of Go's checksum database says of our checkpoints and proofs: true are true, changed are not."""

import random
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

from store.formats import tlog_proof_v1
from store.formats.merkle_v1 import Complete
from tests import golang
from tests.auditor.shell import changed
from tests.formats.trees import KEY, consistency, inclusion, leaf, note, tree

pytestmark = pytest.mark.skipif(not golang.is_there(), reason="Go or golang.org/x/mod is missing; see tests.golang")


class Go:
    """The program, and the files that it is given."""

    def __init__(self, folder: Path, program: Path) -> None:
        self._folder = folder
        self._program = program
        self._pairs: list[Path] = []
        (folder / "log.vkey").write_text(KEY.text + "\n")

    def give(self, shown: bytes, proof: str) -> tuple[Path, Path]:
        """A leaf or an older checkpoint, and the proof of it."""
        number = len(self._pairs) // 2
        pair = (self._folder / f"{number}.shown", self._folder / f"{number}.proof")
        pair[0].write_bytes(shown)
        pair[1].write_text(proof)
        self._pairs += pair
        return pair

    def judge(self) -> subprocess.CompletedProcess[str]:
        """What the program says of all that it was given."""
        words = [self._program, self._folder / "log.vkey", *self._pairs]
        return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.fixture
def go(tmp_path: Path, go_cache: Path) -> Go:
    """The program; what it is built of is compiled once a run."""
    return Go(tmp_path, golang.build(tmp_path, go_cache))


def included(go: Go, index: int, size: int, complete: Complete) -> None:
    go.give(leaf(index), tlog_proof_v1.encode(index, inclusion(index, size, complete), note(size, complete)))


def extends(go: Go, old: int, new: int, complete: Complete) -> tuple[Path, Path]:
    lines = [b64encode(one).decode() for one in consistency(old, new, complete)]
    return go.give(note(old, complete).encode(), "\n".join([*lines, "", note(new, complete)]))


def test_go_agrees_on_every_size_to_six_hundred(go: Go) -> None:
    """Each checkpoint opens, first, last and chosen leaves are included, and each tree extends smaller ones."""
    chosen, complete = random.Random(1962), tree()  # noqa: S311 - the same trees in every run
    for size in range(1, 601):
        for index in {0, size - 1, chosen.randrange(size)}:
            included(go, index, size, complete)
        for old in {1, chosen.randint(1, size), size}:
            if old < size:
                extends(go, old, size, complete)
    done = go.judge()
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(go._pairs) // 2
    assert "leaf 599 of 600" in done.stdout
    assert "the log of 600 begins with the one of 1" in done.stdout


def test_go_agrees_on_large_trees(go: Go) -> None:
    """The same for random trees to 100,000 leaves, and beside the edges of tiles."""
    chosen, complete = random.Random(100_000), tree(100_000)  # noqa: S311
    for size in [65_535, 65_536, 65_537, *(chosen.randint(601, 100_000) for _ in range(20)), 100_000]:
        included(go, chosen.randrange(size), size, complete)
        extends(go, chosen.randrange(1, size), size, complete)
    done = go.judge()
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 48


def test_go_refuses_every_changed_byte(go: Go) -> None:
    """Of leaf, checkpoints and proofs: whichever character is another, the program fails and says nothing good."""
    complete = tree()
    proof = tlog_proof_v1.encode(5, inclusion(5, 11, complete), note(11, complete))
    pairs = [go.give(leaf(5), proof), extends(go, 6, 11, complete)]
    for shown, proven in pairs:
        go._pairs = [shown, proven]
        assert go.judge().returncode == 0
        for path in (shown, proven):
            true = path.read_bytes()
            for at in range(len(true)):
                path.write_bytes(changed(true, at))
                done = go.judge()
                assert done.returncode != 0, (path.name, at, true[at : at + 1])
            path.write_bytes(true)


@pytest.mark.parametrize("claimed", [(7, 11), (5, 12), (5, 10), (4, 11)])
def test_go_refuses_another_place(go: Go, claimed: tuple[int, int]) -> None:
    """A true path under another index or another tree's checkpoint proves nothing."""
    complete = tree()
    index, size = claimed
    go.give(leaf(5), tlog_proof_v1.encode(index, inclusion(5, 11, complete), note(size, complete)))
    assert go.judge().returncode != 0
