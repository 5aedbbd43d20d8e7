"""What is spoilt on purpose, for which scanner, and the finding by which that one shows that it looks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Plant:
    """`header` is the one that gets lost, or nothing's name where a page is spoilt; `shows` matches a finding of it."""

    scanner: str
    header: bytes
    shows: str


NO_HEADER: Final = b"\0"
NOT_JUDGED: Final = ": not judged: "
PLANTS: Final = {
    "policy": Plant("headers", b"Content-Security-Policy", r"Observatory: \S+: content-security-policy: .*"),
    "nosniff": Plant("wapiti", b"X-Content-Type-Options", r"Wapiti: web: .*X-Content-Type-Options.*"),
    "label": Plant("lighthouse", NO_HEADER, r"door[\w-]*, \w+, \w+: label: .*"),
}


def noticed(plant: Plant, findings: Iterable[str]) -> bool:
    """Whether the plant was found, and nothing was left unjudged: a scanner that never answered finds something too."""
    all_of_them = list(findings)
    if any(NOT_JUDGED in one for one in all_of_them):
        return False
    return any(re.fullmatch(plant.shows, one, re.DOTALL) for one in all_of_them)
