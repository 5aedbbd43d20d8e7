"""
Making an evidence pack: one folder that shows every drop of a period, and lets somebody else check that it does.

Everything is written as it is read, and rows, proofs and counts are forgotten once they are written: memory does not
grow with the log, but for one number a claimed drop.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from store.database import Database
from store.errors import StoreMismatchError
from store.evidence import in_database, pack, population, summary, texts
from store.evidence.drop_row import DropRow, plain
from store.evidence.folder import MANIFEST, Folder, Write, folder
from store.evidence.pack import NoPackError, Pack
from store.evidence.proving import Proofs
from store.evidence.request import Request
from store.evidence.tallies import Tallies
from store.formats import event_v1, tiles_v1
from store.formats.errors import FormatError
from store.formats.merkle_v1 import HASH_BYTES, leaf_hash
from store.formats.tiles_v1 import Tile
from store.months import Months
from store.verifying import disclosures
from store.verifying.regrown import Regrown
from store.verifying.snapshot import still
from store.words import Event

LEAVES: Final = "leaves.txt"
DISCLOSURES: Final = "disclosures.txt"
_DROPS_AT_ONCE: Final = 100
_TILES_AT_ONCE: Final = 100
_JTI: Final = re.compile(r"rc_[0-9a-f]{32}", re.ASCII)
LISTED_FAULTS: Final = 20

Progress = Callable[[int, int], object]
"""Called with how many leaves of how many were gone through."""


@dataclass
class Made:
    """What was made; `faults` are sentences about what the database holds and what was signed."""

    pack: Pack
    was_there: bool = False
    drops: int = 0
    faults: list[str] = field(default_factory=list)

    def fault(self, sentence: str) -> None:
        """Something that the pack's own check will find; the first twenty are kept."""
        if len(self.faults) < LISTED_FAULTS:
            self.faults.append(sentence)


async def make(
    db: Database,
    issuer: str,
    request: Request,
    log: int | None,
    path: Path,
    progress: Progress,
    months: Months | None = None,
) -> Made:
    """
    Make the pack in the folder `path`, or go on with it.

    `issuer` is the installation's address; `months` are the keys without which no names can be shown.  Raises
    StoreMismatchError, in words, where there is nothing to show or the folder holds something else; KeyUnreadableError
    where names are asked for and their months' keys are away; and OSError.
    """
    chosen = await _begun(db, issuer, request, log, path)
    made = Made(chosen)
    if (path / MANIFEST).exists():
        return replace(made, was_there=True)
    tallies = Tallies()
    with folder(path) as out:
        out.put(pack.FILE, chosen.text)
        out.put("checkpoint", chosen.standing.note.encode())
        for name, note in sorted(chosen.standing.kept.items()):
            out.put(f"checkpoints/{name}", note.encode())
        out.put("log.vkey", f"{chosen.standing.vkey}\n".encode())
        out.put("jwks.json", json.dumps(await in_database.key_set(db), indent=2).encode() + b"\n")
        await _put_tiles(db, chosen, out)
        with _Writing(out, request) as writing:
            await _Making(db, months, made, out, writing, tallies, progress).everything()
        out.put("summary.html", summary.page(chosen, tallies).encode())
        out.put("README.md", texts.readme(chosen).encode())
    made.drops = tallies.drops
    return made


def event_file(leaf: int) -> str:
    """Where the event of this leaf number stands in a pack, without its suffix."""
    return f"events/{leaf // 1000:06}/{leaf:09}"


def receipt_file(jti: object) -> str | None:
    """Where the receipt of this id stands in a pack, without its suffix; None for no id of a receipt."""
    return f"receipts/{jti.removeprefix('rc_')}" if isinstance(jti, str) and _JTI.fullmatch(jti) else None


async def _begun(db: Database, issuer: str, request: Request, log: int | None, path: Path) -> Pack:
    """The pack that the folder is for, with its checkpoint chosen."""
    if pack.may_begin(path):
        chosen = Pack(issuer, request, await in_database.standing(db, request, log))
        pack.begin(path, chosen)
        return chosen
    try:
        begun = pack.read(path)
    except NoPackError as error:
        raise StoreMismatchError(f"{path} holds something else: {error}. Name another folder") from None
    if (begun.request, begun.issuer) != (request, issuer) or log not in (None, begun.standing.log):
        of = f"{begun.request.period}, recipients: {begun.request.of_whom}"
        names = "with names" if begun.request.with_names else "without names"
        raise StoreMismatchError(
            f"{path} holds a pack of another period, of other recipients, or of another log or installation ({of}, "
            f"{names}, {begun.standing.origin}). Nothing was changed; name another folder"
        )
    if await in_database.note_of(db, begun.standing.log, begun.standing.size) != begun.standing.note:
        raise StoreMismatchError(
            f"{path} holds a pack that was begun against a checkpoint of {begun.standing.size} entries which this "
            "database does not have. Nothing was changed; name another folder"
        )
    return begun


async def _put_tiles(db: Database, chosen: Pack, out: Folder) -> None:
    size, level = chosen.standing.size, 0
    while width := tiles_v1.width(level, 0, size):
        count = ((size >> (tiles_v1.HEIGHT * level)) + tiles_v1.FULL - 1) // tiles_v1.FULL
        for begin in range(0, count, _TILES_AT_ONCE):
            places = [(level, n) for n in range(begin, min(begin + _TILES_AT_ONCE, count))]
            found = await in_database.tiles(db, chosen.standing.log, places)
            for _, n in places:
                width = tiles_v1.width(level, n, size)
                if (level, n) in found:
                    out.put(Tile(level, n, width).path, found[level, n][: width * HASH_BYTES])
        level += 1


class _Writing:
    """The large files, all open at once."""

    def __init__(self, out: Folder, request: Request) -> None:
        self._stack = ExitStack()
        self._out, self._with_names = out, request.with_names

    def __enter__(self) -> "_Writing":
        # Closed in reverse: leaves.txt stands last of them in the manifest.
        self.leaf: Write = self._stack.enter_context(self._out.streaming(LEAVES))
        self.row: Write = self._stack.enter_context(self._out.streaming(population.FILE))
        self.row(population.head(with_names=self._with_names))
        if self._with_names:
            self.disclosure: Write = self._stack.enter_context(self._out.streaming(DISCLOSURES))
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)


class _Making:
    """One pass over the log."""

    def __init__(
        self,
        db: Database,
        months: Months | None,
        made: Made,
        out: Folder,
        writing: _Writing,
        tallies: Tallies,
        progress: Progress,
    ) -> None:
        self._months = months
        self._db, self._made, self._out, self._writing = db, made, out, writing
        self._tallies, self._progress = tallies, progress
        self._request, self._standing = made.pack.request, made.pack.standing
        self._proofs = Proofs(db, self._standing.log, self._standing.size, self._standing.note)

    async def everything(self) -> None:
        """Every leaf into leaves.txt, every drop that was asked for into its files and its row."""
        grown = Regrown()
        created: list[tuple[int, dict[str, Any]]] = []
        async for page in in_database.leaves(self._db, self._standing.log, self._standing.size):
            for leaf in page:
                claims = self._taken(grown.size, leaf)
                if claims is not None:
                    created.append((grown.size, claims))
                # A leaf that is gone is an empty line, so that every other keeps its number.
                self._writing.leaf((leaf or b"").replace(b"\n", b" ") + b"\n")
                grown.append(leaf_hash(leaf or b""))
                grown.filled.clear()
            while len(created) >= _DROPS_AT_ONCE:
                await self._put(created[:_DROPS_AT_ONCE])
                del created[:_DROPS_AT_ONCE]
            self._progress(grown.size, self._standing.size)
        if created:
            await self._put(created)
        if grown.root != in_database.root_of(self._standing.note):
            self._made.fault("the events in the database do not give the root of the checkpoint that was signed")

    def _taken(self, index: int, leaf: bytes | None) -> dict[str, Any] | None:
        if leaf is None:
            self._made.fault(f"leaf {index} of the log is gone from the database")
            return None
        try:
            claims = event_v1.unverified(leaf)
            return claims if self._request.takes(claims) and isinstance(claims["drop"], str) else None
        except (FormatError, ValueError, KeyError, TypeError):
            self._made.fault(f"leaf {index} of the log cannot be read")
            return None

    async def _put(self, created: Sequence[tuple[int, dict[str, Any]]]) -> None:
        rows = {claims["drop"]: DropRow(claims["drop"], index) for index, claims in created}
        async with still(self._db) as tx:
            told = await in_database.events_of(tx, self._standing.log, self._standing.size, list(rows))
            if self._request.with_names and self._months is not None:
                jtis = {claims["jti"]: claims["drop"] for _, claims in created}
                self._name(rows, await in_database.names_of(tx, self._months, jtis))
        await self._proofs.prepare(index for index, _ in told)
        for index, leaf in told:
            self._put_event(rows, index, leaf)
        for row in rows.values():
            self._writing.row(population.of(row, with_names=self._request.with_names))
            self._tallies.add(row)

    def _put_event(self, rows: dict[str, DropRow], index: int, leaf: bytes) -> None:
        name = event_file(index)
        with self._readable(index):
            claims = event_v1.unverified(leaf)
            rows[claims["drop"]].tell(index, claims)
            if claims["evt"] == Event.RECEIPT:
                name = receipt_file(claims["jti"]) or name
        self._out.put(f"{name}.jws", leaf)
        with self._readable(index):
            self._out.put(f"{name}.tlog-proof", self._proofs.of(index).encode())

    @contextmanager
    def _readable(self, index: int) -> Iterator[None]:
        """What somebody changed in the database must not keep the rest from being shown."""
        try:
            yield
        except (FormatError, ValueError, KeyError, TypeError, AttributeError):
            self._made.fault(f"leaf {index} of the log, or a tile over it, cannot be read")

    def _name(self, rows: dict[str, DropRow], found: dict[str, dict[str, str]]) -> None:
        for drop, names in found.items():
            for name, text in sorted(names.items()):
                with self._readable(rows[drop].created_leaf):
                    value = disclosures.fields(text)[1]
                    setattr(rows[drop], name.removesuffix("_name"), plain(value))
                    self._writing.disclosure(f"{rows[drop].created_leaf} {text}\n".encode())
