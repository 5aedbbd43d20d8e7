"""
Each log held against the checkpoint of it that a later one cites: the end of a log that is over has no other witness.

A database that was restored from a backup is shorter than what is cited, and so is one from which somebody deleted.
Nothing in it tells which of the two it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from store.formats import checkpoint_v1
from store.formats.checkpoint_v1 import Checkpoint
from store.formats.errors import FormatError
from store.formats.merkle_v1 import EMPTY_ROOT, HASH_BYTES
from store.log.openings import Opening
from store.verifying.findings import Findings
from store.verifying.trees import Grown

_TABLE: Final = "log_openings"


def cited(openings: Sequence[Opening]) -> Iterator[tuple[Opening, Checkpoint]]:
    """What each log cites, as its note says it; a note that cannot be read is for `openings.check` to name."""
    for opening in openings:
        if opening.cites is None:
            continue
        with suppress(FormatError, ValueError, AttributeError):
            origin, size, root = opening.cites.split("\n")[:3]
            yield opening, Checkpoint(origin, int(size), checkpoint_v1.decode_base64(root, HASH_BYTES))


def check(openings: Sequence[Opening], grown: Mapping[int, Grown], findings: Findings, *, after_restore: bool) -> None:
    """
    Judge the logs by what cites them; `grown` has their roots at the cited sizes.

    With `after_restore` what is missing is said and is no failure: somebody vouches that a backup was put back.
    """
    by_origin = {opening.origin: grown[opening.log] for opening in openings}
    numbers = {opening.log for opening in openings}
    for opening in openings:
        if opening.cites is None and opening.log > 1 and opening.log - 1 not in numbers:
            says = f"{opening.origin} cites no log before it, and the database has none: what was in it is lost from "
            findings.lose(_TABLE, f"{says}the record, or was deleted", is_failure=not after_restore)
    for opening, checkpoint in cited(openings):
        log = by_origin.get(checkpoint.origin)
        has = 0 if log is None else log.size
        cites = f"{opening.origin} cites {checkpoint.size} entries of {checkpoint.origin}, and the database"
        if has < checkpoint.size:
            knows = "does not know that log" if log is None else f"has {has}"
            lost = checkpoint.size - has
            findings.lose(
                _TABLE,
                f"{cites} {knows}: {lost} {'is' if lost == 1 else 'are'} lost from the record (a restored backup), or "
                f"{'was' if lost == 1 else 'were'} deleted",
                is_failure=not after_restore,
            )
        elif log is not None and log.roots.get(checkpoint.size, EMPTY_ROOT) != checkpoint.root:
            findings.fail(_TABLE, f"{cites} has other ones: history was rewritten")
