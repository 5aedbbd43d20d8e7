"""
`sendsecret verify --anchors FILE`: messages copied from the channel of anchors, held against the present log.

Nothing of the environment and no network is touched; with --store the database is read by verify_store.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sendsecret.verify_files import LOG_KEY, WronglyCalledError, log_keys, read_file, report, tiles_of
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import UnprovenError
from store.verifying import anchored, copied_checkpoints, copied_messages
from store.verifying.copied_checkpoints import Copied, Found
from store.verifying.files import File
from store.verifying.findings import Finding

_MOST_BYTES: Final = 64 * 1024 * 1024
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Channel:
    """What was found in the messages, the believed keys of the logs by origin, and findings about these."""

    found: Found
    keys: dict[str, LogKey]
    about_keys: list[Finding]

    def verify(self, tiles: Sequence[Path], *, as_json: bool, quiet: bool) -> int:
        """Hold them against the logs in these folders and print; the exit code.  Raises WronglyCalledError."""
        if not tiles:
            raise WronglyCalledError(
                "--anchors needs the log as it is today: --tiles with a folder of it, or --store. Nothing was checked"
            )
        logs = [(read_file(folder / "checkpoint", "--tiles"), tiles_of(folder)) for folder in tiles]
        about_logs: list[Finding] = []
        extends = anchored.in_tiles(logs, self.keys, about_logs)
        checked = anchored.check(self.found, self.keys, extends)
        return report([*self.about_keys, *about_logs, *checked], as_json=as_json, quiet=quiet)

    def as_older(self) -> list[File]:
        """The undamaged ones, under their places, as whoever checks a database takes checkpoints that were kept."""
        return [File(one.place, one.note.encode()) for one in self.found.checkpoints if one.note]

    def found_in_store(self, findings: Iterable[Finding]) -> list[Finding]:
        """What was found in the database, in which each of `as_older` was looked for."""
        places = {one.place for one in self.found.checkpoints}
        others: list[Finding] = []
        answers: dict[str, Finding] = {}
        for finding in findings:
            if finding.about in places:
                answers[finding.about] = finding
            else:
                others.append(finding)

        def extends(copied: Copied, _: Checkpoint) -> None:
            answer = answers.get(copied.place)
            if answer is None or not answer.holds:
                raise UnprovenError(answer.says if answer is not None else "the database was not read so far")

        return [*others, *self.about_keys, *anchored.check(self.found, self.keys, extends)]


def gathered(paths: Sequence[Path], log_key: str | None) -> Channel:
    """
    Read the messages, and the keys that were given or lie beside them.

    Raises WronglyCalledError where a file cannot be read, or holds no checkpoint at all.
    """
    files = [file for path in paths for file in _files(path)]
    messages = [message for file in files for message in copied_messages.read(file.name, _text(file))]
    found = copied_checkpoints.find(messages)
    names = ", ".join(map(str, paths))
    if not found.checkpoints:
        raise WronglyCalledError(
            f"there is no checkpoint in {names}: copy whole messages, with the lines in the grey box. "
            "Nothing was checked"
        )
    beside = paths[0] / LOG_KEY if paths[0].is_dir() else paths[0].parent / LOG_KEY
    given = log_keys(log_key, beside) if log_key is not None or beside.exists() else None
    if given is None and not found.keys:
        raise WronglyCalledError(
            f"there is no key of the log in {names}: copy the first message of the channel too, or name the key with "
            "--log-key. Nothing was checked"
        )
    return Channel(found, *anchored.believed(found, given))


def _files(path: Path) -> list[File]:
    """The file, or those of an export, one a day."""
    if not path.is_dir():
        return [read_file(path, "--anchors", most_bytes=_MOST_BYTES)]
    files = [read_file(one, most_bytes=_MOST_BYTES) for one in sorted(path.glob("*.json"))]
    if not files:
        raise WronglyCalledError(f"there is no export of a channel (*.json) in {path}. Nothing was checked")
    return files


def _text(file: File) -> str:
    try:
        return file.raw.decode("utf-16" if file.raw.startswith(_UTF_16) else "utf-8")
    except UnicodeDecodeError:
        raise WronglyCalledError(f"{file.name} is no text in UTF-8. Nothing was checked") from None
