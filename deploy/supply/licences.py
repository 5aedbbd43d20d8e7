"""
Under which licences everything stands that Sendsecret brings along, or is developed with: THIRD_PARTY.md.

Each distribution says so itself, in one of three fields, of which only the newest has a grammar.  What is not known
here by heart stops the command: a licence that nobody has read is not one that was agreed to.
"""

import importlib.metadata
from collections.abc import Mapping
from typing import Final

from deploy.supply.pins import ROOT, Pin, libraries, normal, pins

PATH: Final = ROOT / "THIRD_PARTY.md"
ALLOWED: Final = frozenset(
    {
        "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Unlicense",
        # Asks for the source of its own files alone, which are passed on as they are.
        "MPL-2.0",
    }
)  # fmt: skip

# How distributions of before SPDX expressions say it, in `License` or in a classifier.
_SAID: Final[Mapping[str, str]] = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
# "BSD License" is a family; which one it is was read in the file that comes with them.
_READ: Final[Mapping[str, str]] = {"jinja2": "BSD-3-Clause"}


class LicenceError(Exception):
    """A licence that is unknown, or not one under which we take things along: whose, and what it says."""


def licence_of(name: str) -> str:
    """
    An installed distribution's licence as an SPDX expression.

    Raises LicenceError where it says nothing that is known; PackageNotFoundError where it is not installed.
    """
    metadata = importlib.metadata.metadata(name)
    classifiers = [one for one in metadata.get_all("Classifier") or [] if one.startswith("License ::")]
    said = [
        *(metadata.get_all("License-Expression") or []),
        *(one.strip() for one in metadata.get_all("License") or []),
        *(one.rpartition(":: ")[2] for one in classifiers),
    ]
    for one in said:
        expression: str = _SAID.get(one, one)
        if one and set(_words(expression)) <= ALLOWED:
            return expression
    if known := _READ.get(normal(name)):
        return known
    raise LicenceError(f"{name}: {' / '.join(one for one in said if one) or 'says nothing'}")


def is_allowed(expression: str) -> bool:
    """Whether we take things along under it: one side of each OR is enough, of each AND both are needed."""
    return any(set(side.split(" AND ")) <= ALLOWED for side in expression.split(" OR "))


def _words(expression: str) -> list[str]:
    return [word for side in expression.split(" OR ") for word in side.split(" AND ")]


def is_installed(pin: Pin) -> bool:
    """Whether this machine has it: some are for other systems only."""
    try:
        importlib.metadata.version(pin.name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def page() -> str:
    """THIRD_PARTY.md.  Raises LicenceError with everything that may not come along."""
    product = pins("product")
    names = {pin.name for pin in product}
    beside = [pin for pin in pins("development") if pin.name not in names]
    bad = [f"{one.name}: {one.licence}" for one in libraries() if not is_allowed(one.licence)]
    rows: dict[str, list[str]] = {"product": [], "development": []}
    for where, some in (("product", product), ("development", beside)):
        for pin in some:
            # What this machine has not says nothing here; it is named all the same.
            try:
                says = licence_of(pin.name) if is_installed(pin) else f"not read: only where {pin.marker}"
            except LicenceError as error:
                bad.append(str(error))
                continue
            rows[where].append(f"| {pin.name} | {pin.version} | {says} |")
    if bad:
        raise LicenceError("\n".join(bad))
    pages = [f"| {one.name} | {one.version} | {one.licence} |" for one in libraries()]
    return "\n".join(
        [
            "# What others wrote",
            "",
            "Made by `make sbom`; not to be edited.  Licences as each package says them (SPDX).",
            *("", "## In the programs", "", *_TABLE, *rows["product"]),
            *("", "## In the pages", "", "Their texts are in `reveal_web/browser/vendor/` of every wheel.", ""),
            *(*_TABLE, *pages),
            *("", "## For tests and checks only", "", *_TABLE, *rows["development"], ""),
        ]
    )


_TABLE: Final = ("| name | version | licence |", "|---|---|---|")


if __name__ == "__main__":
    PATH.write_text(page())
