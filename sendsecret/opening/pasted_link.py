"""The link as a person gives it, read here and nowhere else: what is cut or mistyped never reaches a server."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

from sendsecret.opening.stopping import StoppedError
from sendsecret.talking.addresses import LOCAL_HOSTS, is_plain
from store.formats import link_v1
from store.formats.errors import CutLinkError, MalformedError
from store.formats.link_v1 import Link

MOST_CHARACTERS: Final = 4096
_PATH: Final = re.compile(r"(.*)/s/([^/]*)")
_PATH_OF_RECORD: Final = re.compile(rf".*/{link_v1.RECORD.path}/[^/]*")

_CUT: Final = (
    "This link was cut off: its last part is missing or changed. Nothing was sent and nothing is used up. "
    "Copy the whole link again; it contains #1 and ends four characters after the last dot."
)
_UNKNOWN: Final = (
    "This is not a link that this command can read: it was changed on its way, or a newer version made it. "
    "Nothing was sent and nothing is used up. Copy the whole link again, or ask the sender for a new one."
)
_OF_RECORD: Final = (
    "This is the link of a record, which is read over and over, and only in a browser: open it there. Nothing was sent "
    "and nothing is used up."
)
_INSECURE: Final = (
    "This link does not begin with https://, so others on the way could read along. Nothing was sent and nothing is "
    "used up. Ask the sender for the https address."
)


@dataclass(frozen=True, slots=True)
class PastedLink:
    """A whole link, and the server that it names."""

    base: str
    link: Link = field(repr=False)

    @property
    def host(self) -> str:
        """For people: whom this command is about to ask."""
        return urlsplit(self.base).netloc

    @property
    def is_local(self) -> bool:
        """Whether the server is on this very computer."""
        return urlsplit(self.base).hostname in LOCAL_HOSTS


def read(text: str) -> PastedLink:
    """The link in what was pasted. Raises StoppedError; no sentence repeats any of it."""
    # Mail programs break lines, put angles around, and write "#" as %23.
    text = re.sub(r"\s+", "", text[: MOST_CHARACTERS + 1]).removeprefix("<").removesuffix(">")
    text = re.sub(r"%23(?=1[pn]\.)", "#", text)
    parts = _split(text)
    found = _PATH.fullmatch(parts.path)
    if _PATH_OF_RECORD.fullmatch(parts.path):
        raise StoppedError("unknown-link", _OF_RECORD)
    if found is None:
        raise StoppedError("cut-link", _CUT)
    try:
        link = link_v1.parse(found[2], parts.fragment)
    except CutLinkError:
        raise StoppedError("cut-link", _CUT) from None
    except MalformedError:
        raise StoppedError("unknown-link", _UNKNOWN) from None
    if parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS:
        raise StoppedError("insecure-link", _INSECURE)
    # As it is written again: two strokes before the s are one to whoever typed them.
    return PastedLink(f"{parts.scheme}://{parts.netloc}{found[1].rstrip('/')}", link)


def _split(text: str) -> SplitResult:
    if len(text) > MOST_CHARACTERS or not is_plain(text):
        raise StoppedError("unknown-link", _UNKNOWN)
    return urlsplit(text)
