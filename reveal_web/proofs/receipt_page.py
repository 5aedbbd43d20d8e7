"""
The page of a receipt, written here from the leaf as it was signed: complete without JavaScript.

Everything in it is escaped.  Who may see names is not decided here: the page never holds any.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from reveal_web.proofs import receipt_assets
from reveal_web.proofs.receipt_wording import in_words, medium_in_words
from reveal_web.settings import WebSettings
from store.formats import base64url, event_v1, tlog_proof_v1
from store.html_template import HtmlTemplate, html_template
from store.log.proofs import Proven

_MISSING: Final = (
    "There is no such receipt",
    "The address is not complete, or was never given out. Copy the whole link again, or ask whoever gave it to you.",
)
_AWAY: Final = (
    "The receipt cannot be shown just now",
    "The database does not answer. Nothing is lost: load this page again in a moment.",
)
_REFUSED: Final = (
    "Do not rely on this",
    (
        "Something at this address says that it is a receipt, and the log refused it: the program that is said to have "
        "signed it did not, or may not say this. Tell whoever runs this server."
    ),
)
_DAMAGED: Final = (
    "This receipt cannot be shown",
    (
        "What is stored of it is damaged. Tell whoever runs this server; a copy of its files that you have still "
        "proves what it proved."
    ),
)


@dataclass(frozen=True)
class _Place:
    """Where the log has the receipt, as its proof says."""

    index: int
    origin: str
    size: str
    root: str


def page(settings: WebSettings, rid: str, found: Proven) -> str:
    """The page of the receipt `rid`, 32 hexadecimal characters."""
    receipt = event_v1.unverified(found.leaf)
    signed = {**receipt, "header": json.loads(base64url.decode(found.leaf.split(b".")[0].decode()))}
    return template("receipt.html").render(
        demo=settings.demo,
        rid=rid,
        receipt=receipt,
        said=lambda path, kind: in_words(_at(signed, path), kind),
        medium=medium_in_words,
        standing=found.standing.name,
        proof=None if found.proof is None else _place(found.proof),
        address=f"{settings.public_url}/receipts/{rid}",
        files=receipt_assets.load(settings.public_url),
    )


def missing(settings: WebSettings) -> str:
    """A page that says that there is no such receipt."""
    return notice(settings, *_MISSING)


def away(settings: WebSettings) -> str:
    """A page that says that the database does not answer."""
    return notice(settings, *_AWAY)


def refused(settings: WebSettings) -> str:
    """A page that says that what stands here is no receipt."""
    return notice(settings, *_REFUSED)


def damaged(settings: WebSettings) -> str:
    """A page that says that the database holds something that is no receipt any more."""
    return notice(settings, *_DAMAGED)


def notice(settings: WebSettings, heading: str, sentence: str) -> str:
    """A small page that says one thing."""
    files = receipt_assets.load(settings.public_url)
    return template("missing.html").render(demo=settings.demo, heading=heading, sentence=sentence, files=files)


@cache
def template(name: str) -> HtmlTemplate:
    """A page of proofs by the name of its file; whatever is put into it is escaped."""
    return html_template(receipt_assets.source, name)


def _at(signed: Any, path: str) -> Any:
    for name in path.split("."):
        signed = signed[int(name)] if isinstance(signed, list) else signed[name]
    return signed


def _place(text: str) -> _Place:
    proof = tlog_proof_v1.parse(text)
    return _Place(proof.index, *proof.note.split("\n")[:3])
