"""
Everything that can be checked from files alone: no settings, no database, no network.

What is trusted is what the caller holds: the event keys and the keys of the logs.  Whatever else is given is believed
as far as one of these signed it, or a proof leads from it to a checkpoint that one of these signed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from store.formats import checkpoint_v1, jwks_v1, receipt_reading_v1, tlog_proof_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import FormatError, UnprovenError
from store.verifying import leaf_files
from store.verifying.extending import ReadTile, require_extends, require_tiles
from store.verifying.findings import Finding
from store.verifying.leaf_files import Leaf
from store.words import Event


@dataclass(frozen=True)
class File:
    """A file's name and its bytes."""

    name: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True)
class LeafFile:
    """An event or a receipt, its proof where there is one, and disclosures that came with it."""

    leaf: File
    proof_name: str
    proof: File | None
    disclosures: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Given:
    """What there is to check.  `older` needs `present`, a checkpoint whose tiles `read` gives."""

    keys: File | None
    logs: File | None
    leaves: Sequence[LeafFile] = ()
    checkpoints: Sequence[File] = ()
    older: Sequence[File] = ()
    present: File | None = None
    read: ReadTile | None = None


@dataclass(frozen=True)
class _Sighting:
    """A checkpoint that a log's key signed, and the file in which it stands."""

    name: str
    checkpoint: Checkpoint


def check(given: Given) -> Iterator[Finding]:
    """One finding a thing, in the order in which a reader would ask.  Never raises for any bytes."""
    keys: Mapping[str, bytes] = {}
    logs: Mapping[str, LogKey] = {}
    if given.keys is not None:
        try:
            keys = jwks_v1.parse(_text(given.keys))
        except FormatError as error:
            yield Finding(given.keys.name, False, str(error))
        else:
            yield Finding(given.keys.name, bool(keys), f"{_counted(len(keys), 'key')} that can sign events")
    if given.logs is not None:
        try:
            logs = log_keys(given.logs)
        except FormatError as error:
            yield Finding(given.logs.name, False, str(error))
        else:
            yield Finding(given.logs.name, True, "the key of " + ", ".join(logs))
    leaves: list[Leaf] = []
    seen: list[_Sighting] = []
    for one in given.leaves:
        yield from _leaf(one, keys, logs, given, leaves, seen)
    for file in given.checkpoints:
        yield from _checkpoint(file, logs, seen)
    yield from _together(leaves)
    yield from _history(given, logs, seen)


def _leaf(
    one: LeafFile,
    keys: Mapping[str, bytes],
    logs: Mapping[str, LogKey],
    given: Given,
    leaves: list[Leaf],
    seen: list[_Sighting],
) -> Iterator[Finding]:
    name = one.leaf.name
    try:
        leaf = leaf_files.read(name, one.leaf.raw, keys)
    except UnprovenError as error:
        where = f" ({given.keys.name})" if given.keys and "which is not among" in str(error) else ""
        yield Finding(name, False, f"{error}{where}")
    except FormatError as error:
        yield Finding(name, False, f"it is no event and no receipt: {error}")
    else:
        leaves.append(leaf)
        yield Finding(name, True, leaf.says)
        for disclosure in one.disclosures:
            try:
                yield Finding(name, True, f"discloses {leaf_files.disclosed(leaf, disclosure)}")
            except FormatError as error:
                yield Finding(name, False, str(error))
    if one.proof is None:
        yield Finding(one.proof_name, False, f"the proof is missing: it was not checked that {name} is in the log")
        return
    try:
        index, checkpoint = _proven(one.leaf.raw, one.proof, logs)
    except FormatError as error:
        yield Finding(one.proof_name, False, str(error))
        return
    seen.append(_Sighting(one.proof_name, checkpoint))
    place = f"{name} is leaf {index} of {checkpoint.size} of {checkpoint.origin}"
    yield Finding(one.proof_name, True, f"{place}, under a checkpoint signed by the log's key")


def _proven(leaf: bytes, proof: File, logs: Mapping[str, LogKey]) -> tuple[int, Checkpoint]:
    text = _text(proof)
    return tlog_proof_v1.verify(leaf, text, _log_of(tlog_proof_v1.parse(text).note, logs))


def _checkpoint(file: File, logs: Mapping[str, LogKey], seen: list[_Sighting]) -> Iterator[Finding]:
    try:
        checkpoint = _verified(file, logs)
    except FormatError as error:
        yield Finding(file.name, False, f"it is no checkpoint that holds: {error}")
        return
    seen.append(_Sighting(file.name, checkpoint))
    yield Finding(file.name, True, f"checkpoint of {checkpoint.origin}, {checkpoint.size} entries, signed by its key")


def _together(leaves: Sequence[Leaf]) -> Iterator[Finding]:
    """What the events and receipts say of each other."""
    numbered: dict[tuple[str, int], Leaf] = {}
    receipts: dict[str, Leaf] = {}
    of_drop: defaultdict[str, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        if "drop" not in leaf.claims:
            continue
        drop, n = leaf.claims["drop"], leaf.claims["n"]
        of_drop[drop].append(leaf)
        twin = numbered.setdefault((drop, n), leaf)
        if twin.raw != leaf.raw:
            yield Finding(leaf.name, False, f"another event of the same drop and number than {twin.name}")
        if leaf.is_receipt and receipts.setdefault(drop, leaf).raw != leaf.raw:
            yield Finding(leaf.name, False, f"another receipt of the same drop than {receipts[drop].name}")
    for drop, receipt in receipts.items():
        named = receipt_reading_v1.named(receipt.claims)
        for event in of_drop[drop]:
            if not event.is_receipt:
                yield _named(event, receipt, named)


def _named(event: Leaf, receipt: Leaf, named: Mapping[int, tuple[str, bytes]]) -> Finding:
    n = event.claims["n"]
    if n > receipt.claims["n"]:
        return Finding(event.name, True, f"it came after {receipt.name}, which cannot name it")
    if n not in named:
        left_out = min(named) < n < max(named)
        return Finding(event.name, left_out, f"number {n} is one that {receipt.name} does not name")
    if named[n] != (event.claims["evt"], event.hash):
        return Finding(event.name, False, f"it is not the event that {receipt.name} names as number {n}")
    if event.claims["evt"] == Event.CREATED and event.claims.get("object") != receipt.claims["object"]:
        return Finding(event.name, False, f"it committed to another envelope than {receipt.name} is about")
    return Finding(event.name, True, f"it is the event that {receipt.name} names as number {n}")


def _history(given: Given, logs: Mapping[str, LogKey], seen: list[_Sighting]) -> Iterator[Finding]:
    """What the checkpoints say of each other, and whether the present log begins with the older ones."""
    older = []
    for file in given.older:
        try:
            older.append(_Sighting(file.name, _verified(file, logs)))
        except FormatError as error:
            yield Finding(file.name, False, f"it is no checkpoint that holds: {error}")
    first: dict[tuple[str, int], _Sighting] = {}
    for one in [*seen, *older]:
        twin = first.setdefault((one.checkpoint.origin, one.checkpoint.size), one)
        if twin.checkpoint != one.checkpoint:
            yield Finding(one.name, False, f"another root for the same size than {twin.name}: history was rewritten")
    if given.present is None or given.read is None:
        return
    try:
        present = _verified(given.present, logs)
        require_tiles(present, given.read)
    except FormatError as error:
        yield Finding(given.present.name, False, str(error))
        return
    size = f"{present.size} entries of {present.origin}"
    yield Finding(given.present.name, True, f"checkpoint of {size}, and the tiles give its root")
    kept = {(one.checkpoint.origin, one.checkpoint.size) for one in older}
    others = [one for place, one in first.items() if place[0] == present.origin and place not in kept]
    for sighting in [*older, *others]:
        try:
            require_extends(sighting.checkpoint, present, given.read)
        except FormatError as error:
            yield Finding(sighting.name, False, f"{given.present.name} does not extend its checkpoint: {error}")
        else:
            begins = f"the log of {given.present.name} begins with its {sighting.checkpoint.size} entries"
            yield Finding(sighting.name, True, f"{begins}: nothing was rewritten since")


def _verified(file: File, logs: Mapping[str, LogKey]) -> Checkpoint:
    note = _text(file)
    return checkpoint_v1.verify(note, _log_of(note, logs))


def _log_of(note: str, logs: Mapping[str, LogKey]) -> LogKey:
    """The given key of the log that a note names.  Raises UnprovenError."""
    key = logs.get(note.split("\n", 1)[0])
    if key is None:
        raise UnprovenError("the checkpoint is of a log whose key was not given")
    return key


def log_keys(file: File) -> dict[str, LogKey]:
    """The keys in a file with one a line, by origin.  Raises MalformedError, and UnprovenError for two of one log."""
    # Whoever copied it from a message may have another system's line ends, a byte order mark, an empty line more.
    lines = [line.strip(" \t\r") for line in _text(file).removeprefix("\ufeff").split("\n")]
    keys = [checkpoint_v1.parse_key(line) for line in lines if line]
    if not keys:
        raise FormatError("it holds no key of a log")
    found = {key.origin: key for key in keys}
    if len(found) != len(keys):
        raise UnprovenError("two keys are given for one log")
    return found


def _text(file: File) -> str:
    try:
        return file.raw.decode()
    except UnicodeDecodeError:
        raise FormatError("it is not UTF-8 text") from None


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
