"""
One pass over a pack's `leaves.txt`: every entry of the log, its signature, its drop, and the files that repeat it.

The root over all lines must be the one that the log's key signed.  Of each drop a few numbers are kept, and of those
of the population the row that their events tell.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from store.evidence.drop_row import DropRow, plain
from store.evidence.making import DISCLOSURES, LEAVES, event_file, receipt_file
from store.evidence.pack import Pack
from store.formats import jws_v1, merkle_v1, receipt_reading_v1, tlog_proof_v1
from store.formats.checkpoint_v1 import Checkpoint, number_of
from store.formats.errors import FormatError, UnprovenError
from store.verifying import disclosures, leaf_files, pack_rows
from store.verifying.findings import Findings
from store.verifying.leaf_files import Leaf
from store.verifying.regrown import Regrown
from store.words import Event

FILES: Final = "events, receipts"


class Walk:
    """`rows` are those of the population, by drop, in the order of creation."""

    def __init__(
        self, folder: Path, pack: Pack, present: Checkpoint, keys: Mapping[str, bytes], findings: Findings
    ) -> None:
        self.rows: dict[str, DropRow] = {}
        self._folder, self._pack, self._present, self._keys, self._findings = folder, pack, present, keys, findings
        self._last: dict[str, int] = {}
        self._hashes: defaultdict[str, list[tuple[int, str, bytes]]] = defaultdict(list)
        self._unreceipted: set[str] = set()
        self._retired: dict[str, int] = {}
        self._files = bytearray(present.size)
        self._checked = 0
        self._disclosures = self._disclosed()
        self._disclosure = next(self._disclosures, None)

    def everything(self) -> None:
        """Go through all of it, and say what was found."""
        grown = Regrown()
        for raw in self._lines():
            index = grown.size
            grown.append(merkle_v1.leaf_hash(raw))
            grown.filled.clear()
            try:
                if not raw:
                    raise UnprovenError("the line is empty: the entry is gone from the database")
                self._tell(index, leaf_files.read(f"leaf {index}", raw, self._keys))
            except FormatError as error:
                self._findings.fail(LEAVES, f"leaf {index}: {error}")
        if grown.size != self._present.size:
            self._findings.fail(LEAVES, f"it has {grown.size} lines, and the log {self._present.size} entries")
        elif grown.root != self._present.root:
            self._findings.fail(
                LEAVES,
                "its lines do not give the root that the log's key signed: an entry was changed, removed or invented",
            )
        for drop in sorted(self._unreceipted):
            self._findings.fail(LEAVES, f"drop {drop} was destroyed, and has no receipt")
        if self._disclosure is not None:
            self._findings.fail(DISCLOSURES, f"a disclosure of leaf {self._disclosure[0]} is of no drop of the period")
        if self._pack.request.with_names:
            self._findings.close(DISCLOSURES, "each name is one that the drop's creation committed to")
        self._findings.close(
            LEAVES, f"{grown.size} entries give the signed root, each is signed, and no drop's numbers have a gap"
        )
        self._invented()
        self._findings.close(FILES, f"{self._checked} files, each the entry of its number, each with its proof")

    def _lines(self) -> Iterator[bytes]:
        try:
            with (self._folder / LEAVES).open("rb") as file:
                while line := file.readline(jws_v1.MOST_BYTES + 2):
                    yield line.removesuffix(b"\n")
        except OSError as error:
            self._findings.fail(LEAVES, f"it cannot be read ({error.strerror})")

    def _tell(self, index: int, leaf: Leaf) -> None:
        claims = leaf.claims
        if leaf.kid in self._retired:
            at = self._retired[leaf.kid]
            self._findings.fail(LEAVES, f"leaf {index}: signed by the key {leaf.kid}, which leaf {at} had retired")
        if "drop" not in claims:
            if claims["evt"] == Event.KEY_ROTATED and isinstance(claims.get("retired"), str):
                self._retired.setdefault(claims["retired"], index)
            return
        drop, n = claims["drop"], claims["n"]
        self._number(drop, n, claims["evt"])
        if claims["evt"] == Event.DESTROYED:
            self._unreceipted.add(drop)
        if self._pack.request.takes(claims):
            self.rows.setdefault(drop, DropRow(drop, index))
        row = self.rows.get(drop)
        if leaf.is_receipt:
            self._receipt(index, drop, leaf)
        elif drop in self._hashes or n == 1:
            self._hashes[drop].append((n, claims["evt"], leaf.hash))
        if row is None:
            return
        try:
            row.tell(index, claims)
        except (KeyError, TypeError, ValueError):
            self._findings.fail(LEAVES, f"leaf {index}: it does not say what such an event says")
        self._name(index, leaf, row)
        if leaf.is_receipt:
            for why in pack_rows.unlike(row, claims):
                self._findings.fail(LEAVES, f"leaf {index}: the receipt of drop {drop} {why}")
        self._file(index, leaf)

    def _number(self, drop: str, n: int, evt: str) -> None:
        last = self._last.get(drop)
        self._last[drop] = n
        if last is None:
            # What began in an earlier log goes on in this one with the next number.
            if (n == 1) != (evt == Event.CREATED) or (n != 1 and number_of(self._present.origin) == 1):
                self._findings.fail(LEAVES, f"drop {drop}: its events before number {n} are not in the log")
        elif n != last + 1:
            self._findings.fail(LEAVES, f"drop {drop}: after number {last} of its events comes number {n}, a gap")

    def _receipt(self, index: int, drop: str, leaf: Leaf) -> None:
        if drop not in self._unreceipted:
            self._findings.fail(LEAVES, f"leaf {index}: a receipt of drop {drop}, which was not destroyed just before")
        self._unreceipted.discard(drop)
        named = receipt_reading_v1.named(leaf.claims)
        for n, evt, of_leaf in self._hashes.pop(drop, ()):
            if n in named and named[n] != (evt, of_leaf):
                self._findings.fail(LEAVES, f"leaf {index}: the receipt of drop {drop} names another event number {n}")

    def _file(self, index: int, leaf: Leaf) -> None:
        """The file that repeats this entry, and its proof."""
        name = (receipt_file(leaf.claims["jti"]) if leaf.is_receipt else None) or event_file(index)
        if index < len(self._files):
            self._files[index] = 1
        self._checked += 1
        content, proof = self._read(f"{name}.jws"), self._read(f"{name}.tlog-proof")
        if content is None or proof is None:
            self._findings.fail(FILES, f"{name}: the file, or its proof, is missing")
            return
        if content != leaf.raw:
            self._findings.fail(FILES, f"{name}.jws is not entry {index} of the log")
        try:
            self._require_proof(index, leaf, proof)
        except (FormatError, UnicodeDecodeError) as error:
            self._findings.fail(FILES, f"{name}.tlog-proof: {error}")

    def _require_proof(self, index: int, leaf: Leaf, text: bytes) -> None:
        proof = tlog_proof_v1.parse(text.decode())
        # The checkpoint's signature was verified once; here only the very same text will do.
        if proof.note != self._pack.standing.note or proof.index != index:
            raise UnprovenError("it is the proof of another entry, or under another checkpoint")
        merkle_v1.verify_inclusion(index, self._present.size, leaf.hash, proof.hashes, self._present.root)

    def _read(self, name: str) -> bytes | None:
        try:
            with (self._folder / name).open("rb") as file:
                return file.read(2 * jws_v1.MOST_BYTES)
        except OSError:
            return None

    def _invented(self) -> None:
        """Files that stand for no entry of these drops."""
        receipts = {receipt_file(row.receipt) for row in self.rows.values()}
        for name in self._signed("receipts"):
            if name.removesuffix(".jws") not in receipts:
                self._findings.fail(FILES, f"{name} is in no log: somebody put it here")
        for name in self._signed("events"):
            number = name.rpartition("/")[2].removesuffix(".jws")
            index = int(number) if number.isascii() and number.isdigit() else self._present.size
            if index >= self._present.size or not self._files[index] or f"{event_file(index)}.jws" != name:
                self._findings.fail(FILES, f"{name} is no entry of these drops: somebody put it here")

    def _signed(self, below: str) -> Iterator[str]:
        for place, _, names in os.walk(self._folder / below):
            for name in names:
                if name.endswith(".jws"):
                    yield Path(place, name).relative_to(self._folder).as_posix()

    def _disclosed(self) -> Iterator[tuple[int, str]]:
        if not self._pack.request.with_names:
            return
        try:
            with (self._folder / DISCLOSURES).open(encoding="ascii") as file:
                for line in file:
                    number, _, text = line.rstrip("\n").partition(" ")
                    yield int(number), text
        except (OSError, ValueError):
            self._findings.fail(DISCLOSURES, "it is missing, or a line of it is malformed")

    def _name(self, index: int, leaf: Leaf, row: DropRow) -> None:
        while self._disclosure is not None and self._disclosure[0] == index:
            text = self._disclosure[1]
            try:
                name = leaf_files.disclosed(leaf, text.encode())
                if name not in ("sender_name", "recipient_name", "reference"):
                    raise UnprovenError(f"it discloses {name}, which is neither a name nor a reference")
                setattr(row, name.removesuffix("_name"), plain(disclosures.fields(text)[1]))
            except FormatError as error:
                self._findings.fail(DISCLOSURES, f"leaf {index}: {error}")
            self._disclosure = next(self._disclosures, None)
