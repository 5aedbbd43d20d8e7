"""
`sendsecret verify FILE…`: reads the files that it was given and prints what was found.

Nothing of the environment, no database and no network is touched: whoever checks us need not run anything of ours.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import click

from store.formats import checkpoint_v1
from store.formats.errors import FormatError
from store.formats.tiles_v1 import Tile
from store.verifying.extending import ReadTile
from store.verifying.files import File, Given, LeafFile, check
from store.verifying.findings import Finding

KEYS: Final = "jwks.json"
LOG_KEY: Final = "log.vkey"
_MOST_BYTES: Final = 4 * 1024 * 1024
_LEAVES: Final = {".jws", ".sd-jwt"}
_PROOF: Final = ".tlog-proof"


class WronglyCalledError(Exception):
    """Nothing was checked; the text says what is missing."""


def gathered(
    files: Sequence[Path], *, keys: Path | None, log_key: str | None, older: Sequence[Path], tiles: Path | None
) -> Given:
    """Read everything.  Raises WronglyCalledError where something that was named cannot be read."""
    if older and tiles is None:
        raise WronglyCalledError("--older needs --tiles, a folder with the present log. Nothing was checked")
    if not files and tiles is None:
        raise WronglyCalledError(
            "name files to check: a receipt.jws with its receipt.tlog-proof beside it. Nothing was checked"
        )
    beside = files[0].parent if files else Path()
    keys = keys or beside / KEYS
    logs = log_keys(log_key, beside / LOG_KEY)
    left = [path for path in files if path.name not in (KEYS, LOG_KEY)]
    leaves = [path for path in left if path.suffix in _LEAVES]
    proofs = {path.with_suffix(_PROOF) for path in leaves}
    # A shell's `*` names a proof as well as its leaf; the leaf brings it along.
    lonely = [path.with_suffix(".jws") for path in left if path.suffix == _PROOF and path not in proofs]
    if not left and tiles is None:
        raise WronglyCalledError("only keys were named, and nothing that they could have signed. Nothing was checked")
    if leaves or lonely:
        held: File | None = read_file(keys, "--keys")
    else:
        held = read_file(keys, "--keys") if keys.exists() else None
    return Given(
        keys=held,
        logs=logs,
        leaves=[_leaf(path) for path in [*leaves, *lonely]],
        checkpoints=[read_file(path) for path in left if path.suffix not in {*_LEAVES, _PROOF}],
        older=[read_file(path) for path in older],
        present=None if tiles is None else read_file(tiles / "checkpoint", "--tiles"),
        read=None if tiles is None else tiles_of(tiles),
    )


def report(findings: Iterable[Finding], *, as_json: bool, quiet: bool) -> int:
    """Print one line a finding and a last one about all; the exit code."""
    held = failed = 0
    for finding in findings:
        held, failed = held + finding.holds, failed + (not finding.holds)
        if as_json:
            click.echo(json.dumps({"about": finding.about, "holds": finding.holds, "says": finding.says}))
        elif not (quiet and finding.holds):
            click.echo(f"{'ok     ' if finding.holds else 'FAILED '} {_plain(finding.about)}: {_plain(finding.says)}")
    if as_json:
        click.echo(json.dumps({"held": held, "failed": failed}))
    elif failed:
        click.echo(f"{failed} of {held + failed} checks FAILED")
    elif not quiet:
        click.echo(f"all {held} checks hold")
    return 1 if failed or not held else 0


def verify(given: Given, *, as_json: bool, quiet: bool) -> int:
    """Check and print; the exit code."""
    return report(check(given), as_json=as_json, quiet=quiet)


def _leaf(path: Path) -> LeafFile:
    file = read_file(path)
    proof = path.with_suffix(_PROOF)
    raw, *disclosures = file.raw.split(b"~") if path.suffix == ".sd-jwt" else [file.raw]
    # An editor ends a file with a line break, which is no part of what was signed.
    leaf = File(file.name, raw.removesuffix(b"\n"))
    found = read_file(proof) if proof.exists() else None
    return LeafFile(leaf, str(proof), found, tuple(one.strip() for one in disclosures if one.strip()))


def log_keys(given: str | None, beside: Path) -> File:
    """The logs' keys: as they were given, from the file that was named, or from the one beside.  WronglyCalledError."""
    if given is not None:
        try:
            return File("--log-key", checkpoint_v1.parse_key(given).text.encode())
        except FormatError:  # then it is the name of a file
            pass
    return read_file(Path(given) if given is not None else beside, "--log-key")


def tiles_of(folder: Path) -> ReadTile:
    """How to read the tiles below a folder."""

    def read(tile: Tile) -> bytes | None:
        whole = Tile(tile.level, tile.n)
        for path, width in ((tile.path, tile.width), (whole.path, tile.width)):
            try:
                with (folder / path).open("rb") as file:
                    # A full tile begins with every partial one of its place.
                    return file.read(width * 32) if path == whole.path else file.read(_MOST_BYTES)
            except OSError:
                continue
        return None

    return read


def read_file(path: Path, option: str | None = None) -> File:
    """A file that was named; `option` names it otherwise.  Raises WronglyCalledError."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        hint = f"; name it with {option}" if option else ""
        raise WronglyCalledError(f"{path} cannot be read ({error.strerror}){hint}. Nothing was checked") from None
    if len(raw) > _MOST_BYTES:
        raise WronglyCalledError(f"{path} is larger than anything of ours. Nothing was checked")
    return File(str(path), raw)


def _plain(text: str) -> str:
    """One line, whatever a file's name or a signed text holds: a terminal must not be told what to do by it."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
