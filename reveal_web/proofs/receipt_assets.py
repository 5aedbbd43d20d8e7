"""The receipt's script, style and icon as finished bytes: small, apart from the reader's, pinned by hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from reveal_web import assets
from reveal_web.assets import ICON, SCRIPT, STYLE, Asset, ImmutableFiles
from reveal_web.browser import page_headers
from reveal_web.browser.one_script import one_script

FOLDER: Final = "/proofs"
_BROWSER: Final = files("reveal_web.proofs.browser")


@dataclass(frozen=True, slots=True)
class ReceiptAssets:
    """Where a browser finds the files, by which hash it knows them, and what answers to their paths."""

    script: str
    script_integrity: str
    style: str
    style_integrity: str
    icon: str
    files: Mapping[str, Asset]
    headers: Mapping[str, str]
    """Of the page itself."""


@cache
def load(public_url: str) -> ReceiptAssets:
    """Build them for readers who reach us at `public_url`."""
    immutable = ImmutableFiles(public_url, FOLDER)
    script = one_script("receipt_page.js", module)
    style = "".join(source(name) for name in ("page.css", "controls.css", "receipt.css", "receipt_print.css"))
    secure = urlsplit(public_url).scheme == "https"
    return ReceiptAssets(
        script=immutable.add("receipt.js", script, SCRIPT),
        script_integrity=assets.integrity(script),
        style=immutable.add("receipt.css", style, STYLE),
        style_integrity=assets.integrity(style),
        icon=immutable.add("icon.svg", assets.source("icon.svg"), ICON),
        files=immutable.found,
        headers=page_headers.for_shell(secure=secure, policy=page_headers.RECEIPT_POLICY),
    )


def module(name: str) -> str:
    """The text of a module of the script."""
    if name == "receipt_words.js":
        return f"export const SAID = {source('receipt_words.json').strip()};\n"
    return source(name)


def source(name: str) -> str:
    """The text of one of the page's own files, else of one that it has in common with the reader's page."""
    own = _BROWSER.joinpath(name)
    return own.read_text("utf-8") if own.is_file() else assets.source(name)
