"""
The pages' readers and ours, over the same inputs: what one takes the other takes, and for the same.

`python -m tests.fuzz.browser FOLDER` holds them against each other over everything that `make fuzz` found.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from reveal_web.machines import composer_assets
from reveal_web.proofs import receipt_assets
from store.formats import (
    base64url,
    checkpoint_v1,
    link_v1,
    order_link_v1,
    passphrase_v1,
    payload_v1,
    seal_v1,
    tlog_proof_v1,
)
from store.formats.errors import FormatError
from store.formats.payload_v1 import Text
from store.verifying import disclosures
from tests.fuzz import links, log, passphrases, receipts
from tests.fuzz.target import Target, text_of
from tests.fuzz.targets import TARGETS

_ID: Final = bytes(range(16))
_TABLE: Final = "passphrase_v1_table.js"
_IMPORT: Final = re.compile(r'from "\./([a-z0-9_]+\.js)"')
_MODULES: Final = (
    *("base64url.js", "header_v1.js", "link_v1.js", "order_link_v1.js", "passphrase_v1.js", "payload_v1.js"),
    *("checkpoint_v1.js", "disclosure_v1.js", "tlog_proof_v1.js"),
)

Given = tuple[list[Any], Callable[[], Any]]
"""What the page's reader is called with, and how ours reads the same; a FormatError is its refusal."""


def _link(raw: bytes) -> Given:
    def ours() -> Any:
        link = link_v1.parse(*given)
        return [link.id.hex(), link.key.hex(), link.mode]

    given = links.link_of(raw)
    return [*given], ours


def _order_link(raw: bytes) -> Given:
    def ours() -> Any:
        link = order_link_v1.parse(*given)
        return [link.id_text, link.token_text]

    given = links.order_link_of(raw)
    return [*given], ours


def _header(raw: bytes) -> Given:
    text = text_of(raw)
    mode: link_v1.Mode = "n" if '"n"' in text else "p"

    def ours() -> Any:
        seal_v1.check_header(link_v1.Link(_ID, bytes(32), mode), text)
        return json.loads(text)

    return [text, base64url.encode(_ID), mode], ours


def _payload(raw: bytes) -> Given:
    def ours() -> Any:
        content = payload_v1.decode(raw)
        return [content.text] if isinstance(content, Text) else [content.name, content.type, content.body.hex()]

    return [raw.hex()], ours


def _canon(raw: bytes) -> Given:
    form, typed = passphrases.parts_of(raw)
    return [form, typed], lambda: passphrase_v1.canon(form, typed).hex()


def _checkpoint(raw: bytes) -> Given:
    def ours() -> Any:
        checkpoint, signatures = checkpoint_v1._parse(note)
        signed = [[name, blob.hex()] for name, blob in signatures]
        return [checkpoint.origin, str(checkpoint.size), checkpoint.root.hex(), signed]

    note = log.note_of(raw)
    return [note], ours


def _log_key(raw: bytes) -> Given:
    def ours() -> Any:
        key = checkpoint_v1.parse_key(text)
        return [key.origin, key.public.hex()]

    text = log.log_key_of(raw)
    return [text], ours


def _proof(raw: bytes) -> Given:
    def ours() -> Any:
        proof = tlog_proof_v1.parse(text)
        return [str(proof.index), [one.hex() for one in proof.hashes], proof.note]

    text = text_of(raw)
    return [text], ours


def _disclosure(raw: bytes) -> Given:
    text = receipts.disclosure_of(raw)
    digest = disclosures.digest(text.encode("utf-8", "replace").decode())
    return [text, digest], lambda: list(disclosures.fields(text))


def _base64url(raw: bytes) -> Given:
    text = text_of(raw)
    return [text], lambda: base64url.decode(text).hex()


GIVEN: Final[dict[str, Callable[[bytes], Given]]] = {
    "base64url": _base64url,
    "link": _link,
    "order-link": _order_link,
    "header": _header,
    "payload": _payload,
    "canon": _canon,
    "checkpoint": _checkpoint,
    "log-key": _log_key,
    "tlog-proof": _proof,
    "disclosure": _disclosure,
}


def disagreements(cases: Sequence[tuple[str, bytes]]) -> list[str]:
    """Where the two say something else of an input of a reader; one line each.  Needs node on the PATH."""
    given = [(reader, raw, *GIVEN[reader](raw)) for reader, raw in cases]
    lines = "".join(json.dumps([reader, *words]) + "\n" for reader, _, words, _ in given)
    with tempfile.TemporaryDirectory() as folder:
        _lay_out(Path(folder))
        command = [_node(), str(Path(__file__).with_name("browser_reader.mjs")), folder]
        done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    if done.returncode:
        return [f"the pages' readers broke down: {done.stderr[:2000]}"]
    found = []
    for (reader, raw, _, ours), line in zip(given, done.stdout.removesuffix("\n").split("\n"), strict=True):
        theirs = json.loads(line)
        try:
            read = ours()
        except FormatError:
            read = None
        if read != (None if isinstance(theirs, dict) and "no" in theirs else theirs):
            found.append(f"{reader} {raw!r}: ours {read!r}, the page's {line}")
    return found


def _node() -> str:
    """The machine's, else the one that `make test` takes from PyPI."""
    return shutil.which("node") or str(Path(sys.executable).with_name("node"))


def _lay_out(folder: Path) -> None:
    """The modules as a page finds them: all in one folder."""
    (folder / "package.json").write_text('{"type": "module"}')
    table = json.loads(files("store.formats").joinpath("passphrase_v1.json").read_text("utf-8"))["ranges"]
    (folder / _TABLE).write_text(f"export const RANGES = {json.dumps(table)};\n")
    left, done = list(_MODULES), {_TABLE}
    while left:
        name = left.pop()
        if name in done:
            continue
        done.add(name)
        source = composer_assets.source if name == "order_link_v1.js" else receipt_assets.source
        text = source(name)
        (folder / name).write_text(text, "utf-8")
        left += _IMPORT.findall(text)


def cases_of(target: Target, folder: Path) -> list[tuple[str, bytes]]:
    """Every input of a target below a folder of `make fuzz`'s."""
    place = folder / target.name
    return [(str(target.browser), path.read_bytes()) for path in sorted(place.rglob("*")) if path.is_file()]


def main() -> None:
    """Print where they disagree; exit 1 if they do."""
    cases = [one for target in TARGETS if target.browser for one in cases_of(target, Path(sys.argv[1]))]
    found = disagreements(cases)
    print(*found, f"{len(cases)} inputs, {len(found)} disagreements", sep="\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
