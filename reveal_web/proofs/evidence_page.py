"""
The page of an evidence pack: what it shows, the file, and how to check it.  There is nothing in it that a script could
do better, so that there is none.
"""

from typing import Final

from reveal_web.proofs import receipt_assets, receipt_page
from reveal_web.proofs.receipt_wording import in_words
from reveal_web.settings import WebSettings
from store.evidence.keeping import Kept
from store.evidence.zipped import name_of
from store.formats.receipt_v1 import utc

_MISSING: Final = (
    "There is no such evidence pack",
    (
        "The address is not complete, or was never given out, or the seven days for which a pack is kept are over. An "
        "auditor or administrator gets a new one by /sendsecret evidence in Slack."
    ),
)
_AWAY: Final = (
    "The evidence pack cannot be shown just now",
    "The database does not answer. Nothing is lost: load this page again in a moment.",
)
_UNITS: Final = ("bytes", "KiB", "MiB", "GiB")
_STEP: Final = 1024


def page(settings: WebSettings, kept: Kept) -> str:
    """The page of a pack."""
    origin, size, root = kept.note.split("\n")[:3]
    return receipt_page.template("evidence.html").render(
        demo=settings.demo,
        files=receipt_assets.load(settings.public_url),
        kept=kept,
        id=kept.id.hex(),
        name=name_of(kept.request),
        size=in_bytes(kept.bytes),
        made_at=_moment(kept.made_at),
        until=_moment(kept.until),
        note_at=_moment(kept.note_at),
        origin=origin,
        log_size=size,
        root=root,
    )


def missing(settings: WebSettings) -> str:
    """A page that says that there is no such pack."""
    return receipt_page.notice(settings, *_MISSING)


def away(settings: WebSettings) -> str:
    """A page that says that the database does not answer."""
    return receipt_page.notice(settings, *_AWAY)


def in_bytes(count: int) -> str:
    """A size for people, and the exact one."""
    value, unit = float(count), 0
    while value >= _STEP and unit < len(_UNITS) - 1:
        value, unit = value / _STEP, unit + 1
    return f"{count} bytes" if unit == 0 else f"{value:.1f} {_UNITS[unit]} ({count} bytes)"


def _moment(milliseconds: int) -> str:
    return in_words(utc(milliseconds), "time")
