"""
Asks a public source (osv.dev) for known faults of everything that is pinned, and fails where nothing was audited.

An auditor that finds its source empty and reports "nothing known" is worse than none.  So each question goes along
with one whose answer is known: an old release with famous faults.  Unless the source names those, it was no audit.
Exit code 0: asked, and nothing is known.  1: faults are known.  2: nothing was audited.
"""

import argparse
import json
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final

from deploy.supply.pins import Pin, from_npm, pins

SOURCE: Final = "https://api.osv.dev"
_SECONDS: Final = 30
_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Asked:
    """One package at one version, as the source names it."""

    ecosystem: str
    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.ecosystem})"


CONTROLS: Final = (Asked("PyPI", "jinja2", "2.4.1"), Asked("npm", "lodash", "4.17.4"))


class NotAuditedError(Exception):
    """Why nothing was audited: one sentence."""


def everything(pinned: Sequence[Pin], npm: Sequence[tuple[str, str]]) -> list[Asked]:
    """What is to be asked about.  Raises NotAuditedError for nothing."""
    asked = [Asked("PyPI", pin.name, pin.version) for pin in pinned]
    asked += [Asked("npm", name, version) for name, version in npm]
    if not asked:
        raise NotAuditedError("nothing is pinned")
    return list(dict.fromkeys(asked))


def audit(asked: Sequence[Asked], source: str) -> dict[Asked, list[str]]:
    """The known faults, by package; those without are left out.  Raises NotAuditedError."""
    found: dict[Asked, list[str]] = {}
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        answers = _ask([*CONTROLS, *some], source)
        for control, known in zip(CONTROLS, answers, strict=False):
            if not known:
                raise NotAuditedError(f"{source} knows nothing of {control}, whose faults are famous")
        found |= {one: known for one, known in zip(some, answers[len(CONTROLS) :], strict=True) if known}
    return found


def _ask(asked: Sequence[Asked], source: str) -> list[list[str]]:
    questions = [{"package": {"ecosystem": one.ecosystem, "name": one.name}, "version": one.version} for one in asked]
    request = urllib.request.Request(  # noqa: S310 - the operator names the source
        f"{source}/v1/querybatch",
        data=json.dumps({"queries": questions}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            results: Sequence[Mapping[str, Any]] = json.load(answer)["results"]
            known = [[str(fault["id"]) for fault in one.get("vulns") or ()] for one in results]
    except (OSError, HTTPException) as error:
        raise NotAuditedError(f"{source} does not answer ({type(error).__name__})") from None
    except (ValueError, LookupError, TypeError, AttributeError):
        raise NotAuditedError(f"{source} answers something that is no answer") from None
    if len(known) != len(asked):
        raise NotAuditedError(f"{source} answered {len(known)} of {len(asked)} questions")
    return known


def main(arguments: Sequence[str]) -> int:
    """Ask, say, and the exit code."""
    parser = argparse.ArgumentParser(description="Known faults of what is pinned.")
    parser.add_argument("--source", default=SOURCE, help="a server that speaks OSV's querybatch")
    parser.add_argument(
        "--accept", action="append", default=[], metavar="ID", help="a fault that was judged; again for more"
    )
    given = parser.parse_args(arguments)
    try:
        asked = everything((*pins("build"), *pins("development"), *pins("fuzz")), from_npm())
        found = audit(asked, given.source.rstrip("/"))
    except NotAuditedError as error:
        print(f"Nothing was audited: {error}. Try again where the source can be reached, or name one with --source.")
        return 2
    open_ = {one: left for one, faults in found.items() if (left := [id_ for id_ in faults if id_ not in given.accept])}
    for one, faults in open_.items():
        print(f"{one}: {', '.join(faults)}")
    print(f"{len(asked)} packages were asked about; {len(open_)} have faults that are known and not accepted.")
    return 1 if open_ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
