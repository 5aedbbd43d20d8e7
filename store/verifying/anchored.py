"""
The present log held against checkpoints that stand where we cannot change them.

Whoever has every key can write another history and sign it anew.  A checkpoint that was posted before says what the log
was then; that the present one begins with it is what nobody can sign into being.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from store.formats import checkpoint_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import FormatError, MalformedError, UnprovenError
from store.verifying.copied_checkpoints import Copied, Found
from store.verifying.copied_messages import time_text
from store.verifying.extending import ReadTile, require_extends, require_tiles
from store.verifying.files import File, log_keys
from store.verifying.findings import Finding

MOST_SECONDS_BETWEEN: Final = 25 * 3600
"""One is posted every day even when nothing happens; an hour is for what was slow."""

Extends = Callable[[Copied, Checkpoint], None]
"""That the present log begins with a checkpoint.  Raises FormatError with the reason."""

_FROM_THERE: Final = "taken from here, because this channel is where whoever runs the log cannot change it"


@dataclass(frozen=True)
class _Anchor:
    """A checkpoint that its log's key signed."""

    copied: Copied
    checkpoint: Checkpoint

    @property
    def size_text(self) -> str:
        """Its size, and when it was posted."""
        when = f" (posted {time_text(self.copied.at)})" if self.copied.at is not None else ""
        return f"{self.checkpoint.size}{when}"


def believed(found: Found, given: File | None) -> tuple[dict[str, LogKey], list[Finding]]:
    """
    The keys of the logs, by origin: those that were given, and for other logs those in the channel.

    A key that stands in both must be the same; one that is given is believed in any case.
    """
    keys: dict[str, LogKey] = {}
    findings: list[Finding] = []
    if given is not None:
        try:
            keys = log_keys(given)
        except FormatError as error:
            findings.append(Finding(given.name, False, str(error)))
        else:
            findings.append(Finding(given.name, True, "the key of " + ", ".join(keys)))
    taken: dict[str, str] = {}
    for one in found.keys:
        try:
            key = checkpoint_v1.parse_key(one.text)
        except FormatError as error:
            findings.append(Finding(one.place, False, f"a key of the log that was damaged in copying: {error}"))
            continue
        if key.origin not in keys:
            keys[key.origin], taken[key.origin] = key, one.place
            findings.append(Finding(one.place, True, f"the key of {key.origin}, {_FROM_THERE}"))
        elif keys[key.origin] == key:
            findings.append(Finding(one.place, True, f"the key of {key.origin}, the same as before"))
        else:
            other = taken.get(key.origin) or (given.name if given is not None else "")
            findings.append(Finding(one.place, False, f"another key of {key.origin} than in {other}: one is not ours"))
    return keys, findings


def in_tiles(logs: Sequence[tuple[File, ReadTile]], keys: Mapping[str, LogKey], findings: list[Finding]) -> Extends:
    """Hold checkpoints against the present logs, each its newest checkpoint and its tiles; findings about those."""
    present: dict[str, tuple[Checkpoint, ReadTile]] = {}
    for file, read in logs:
        try:
            note = file.raw.decode()
            key = keys.get(note.split("\n", 1)[0])
            if key is None:
                raise UnprovenError("it is no checkpoint, or of a log whose key is neither given nor in the channel")
            checkpoint = checkpoint_v1.verify(note, key)
            require_tiles(checkpoint, read)
        except UnicodeDecodeError:
            findings.append(Finding(file.name, False, "it is not UTF-8 text"))
        except FormatError as error:
            findings.append(Finding(file.name, False, str(error)))
        else:
            present[checkpoint.origin] = checkpoint, read
            says = f"the present log: {checkpoint.size} entries of {checkpoint.origin}, and the tiles give its root"
            findings.append(Finding(file.name, True, says))

    def extends(_: Copied, older: Checkpoint) -> None:
        if older.origin not in present:
            raise UnprovenError(f"the present {older.origin} was not given, or does not hold")
        require_extends(older, *present[older.origin])

    return extends


def check(found: Found, keys: Mapping[str, LogKey], extends: Extends) -> Iterator[Finding]:
    """One finding a checkpoint, then what they say of each other, and since when history is proven.  Never raises."""
    anchors: list[_Anchor] = []
    proven: list[_Anchor] = []
    first: dict[tuple[str, int], _Anchor] = {}
    for copied in found.checkpoints:
        try:
            anchor = _Anchor(copied, _verified(copied, keys))
        except FormatError as error:
            yield Finding(copied.place, False, f"a checkpoint that {error}")
            continue
        anchors.append(anchor)
        says = f"checkpoint of {anchor.checkpoint.size} entries of {anchor.checkpoint.origin}, signed by its key"
        twin = first.setdefault((anchor.checkpoint.origin, anchor.checkpoint.size), anchor)
        if twin.checkpoint != anchor.checkpoint:
            why = f"another root for the same size than {twin.copied.place}: history was rewritten"
            yield Finding(copied.place, False, f"{says}; {why}")
            continue
        try:
            extends(copied, anchor.checkpoint)
        except FormatError as error:
            yield Finding(copied.place, False, f"{says}; the present log does not extend it: {error}")
        else:
            proven.append(anchor)
            yield Finding(copied.place, True, f"{says}; the present log begins with it")
    shrunk = list(_shrunk(anchors))
    yield from shrunk
    yield from _gaps(anchors)
    origins = list(dict.fromkeys(anchor.checkpoint.origin for anchor in anchors))
    for origin in origins:
        # One whose name was lost may be of any of them.
        lost = [one for one in found.checkpoints if one.damage and one.origin not in origins]
        number = len(lost) + sum(one.origin == origin for one in found.checkpoints)
        yield _history(
            origin, [one for one in proven if one.checkpoint.origin == origin], number, has_shrunk=bool(shrunk)
        )


def _verified(copied: Copied, keys: Mapping[str, LogKey]) -> Checkpoint:
    """Raises FormatError with what is wrong, as a clause about "a checkpoint that"."""
    if copied.damage:
        raise MalformedError(f"was damaged in copying: {copied.damage}")
    if copied.origin not in keys:
        missing = f"the key of {copied.origin} is neither given nor in the channel"
        raise UnprovenError(f"could not be checked: {missing}. Copy the first message of that log too")
    try:
        return checkpoint_v1.verify(copied.note, keys[copied.origin])
    except FormatError as error:
        raise UnprovenError(f"does not hold: {error}. A letter was changed, or the log did not sign this") from None


def _shrunk(anchors: Sequence[_Anchor]) -> Iterator[Finding]:
    """A log only grows; where no time is known, no order is either."""
    largest: dict[str, _Anchor] = {}
    for anchor in _timed(anchors):
        before = largest.setdefault(anchor.checkpoint.origin, anchor)
        if anchor.checkpoint.size < before.checkpoint.size:
            fewer = f"fewer entries than the one before it, {before.copied.place}"
            yield Finding(anchor.copied.place, False, f"{fewer}: history was rewritten, if only for a time")
        else:
            largest[anchor.checkpoint.origin] = anchor


def _gaps(anchors: Sequence[_Anchor]) -> Iterator[Finding]:
    times = [anchor.copied.at for anchor in _timed(anchors) if anchor.copied.at is not None]
    for one, other in pairwise(times):
        if other - one > MOST_SECONDS_BETWEEN:
            between = f"no anchor between {time_text(one)} and {time_text(other)}"
            yield Finding("the channel", True, f"{between}, and one is posted every day", warns=True)


def _timed(anchors: Sequence[_Anchor]) -> list[_Anchor]:
    return sorted((one for one in anchors if one.copied.at is not None), key=lambda one: one.copied.at or 0)


def _history(origin: str, proven: Sequence[_Anchor], number: int, *, has_shrunk: bool) -> Finding:
    counted = f"{len(proven)} of {number} checkpoints are extended by the present log"
    if len(proven) != number or has_shrunk:
        return Finding(f"history of {origin}", False, f"not proven: {counted}")
    by_size = sorted(proven, key=lambda one: (one.checkpoint.size, one.copied.at or 0))
    since, until = by_size[0].size_text, by_size[-1].size_text
    return Finding(f"history of {origin}", True, f"proven from size {since} to size {until}: {counted}")
