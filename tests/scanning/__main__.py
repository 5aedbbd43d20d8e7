"""
`make scan`: every scanner over the running programs; exit code 1 for a finding that nobody has judged.

`--only WHICH` leaves the others out.  `--plant WHAT` spoils something for one of them first, and then its not finding
just that is the failure.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click

from store import door
from store.door import Visitor
from tests.doctor.test_invariants import found as broken
from tests.programs import ROOT
from tests.scanning import headers, lighthouse, wapiti
from tests.scanning.installation import Installation, installation
from tests.scanning.judged import reason
from tests.scanning.planted import NO_HEADER, PLANTS, noticed
from tests.scanning.targets import targets

WHICH: Final = ("wapiti", "headers", "lighthouse")
_OF_HEADERS: Final = ("csp", "http_headers")
_SPOILT: Final = "document.querySelector('label').remove()"


class Scan:
    """One run, and what it found."""

    def __init__(self, which: tuple[str, ...], plant: str | None, scenes: tuple[str, ...]) -> None:
        self.which, self.plant, self.scenes = which, plant, scenes
        self.findings: list[str] = []
        self.judged: Counter[str] = Counter()
        self.told: dict[str, Any] = {}

    async def run(self) -> dict[str, Any]:
        """Everything that was asked for, and the report."""
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="scan") as name:
            async with installation(Path(name), PLANTS[self.plant].header if self.plant else NO_HEADER) as at:
                if "headers" in self.which:
                    await self._headers(at)
                if "lighthouse" in self.which:
                    await self._lighthouse(at)
                if "wapiti" in self.which:
                    await self._wapiti(at, Path(name))
                await self._afterwards(at)
        return {
            "commit": _commit(),
            "seconds": round(time.monotonic() - began),
            "planted": self.plant,
            **self.told,
            "judged": dict(self.judged),
            "findings": self.findings,
        }

    async def _headers(self, at: Installation) -> None:
        judged = await headers.judge(at)
        self.findings += judged.findings
        self.told["csp_evaluator"] = {"version": _version("csp_evaluator"), "policies": judged.policies}
        self.told["observatory"] = {"version": _version("@mdn/mdn-http-observatory"), "scores": judged.scores}

    async def _lighthouse(self, at: Installation) -> None:
        begins = ("door",) if self.plant == "label" else self.scenes
        wanted = [scene for scene in lighthouse.scenes(at) if scene.name.startswith(begins)]
        seen = await lighthouse.judge(wanted, spoil=_SPOILT if self.plant == "label" else None)
        self.findings += seen.findings
        self.told["lighthouse"] = {
            "version": seen.version,
            "scenes": [scene.name for scene in wanted],
            "looks": [" ".join(look) for look in lighthouse.LOOKS],
            "audits": seen.audits,
        }

    async def _wapiti(self, at: Installation, folder: Path) -> None:
        runs = {}
        for each in targets(at, folder):
            if self.plant and each.name != "web":
                continue
            target = replace(each, modules=_OF_HEADERS) if self.plant else each
            began, found = time.monotonic(), await wapiti.scan(target, folder)
            for finding in found.findings:
                if why := reason(finding):
                    self.judged[why] += 1
                else:
                    self.findings.append(f"Wapiti: {target.name}: {finding}")
            runs[target.name] = {
                "pages_and_forms": found.attacked,
                "seconds": round(time.monotonic() - began),
                "reported": len(found.findings),
            }
        self.told["wapiti"] = {
            "version": wapiti.version(),
            "modules": list(wapiti.MODULES),
            "left_out": wapiti.LEFT_OUT,
            "runs": runs,
        }

    async def _afterwards(self, at: Installation) -> None:
        """What all of this did to the programs: no failure of ours, no broken promise, and a link that still opens."""
        lines = [json.loads(line) for line in at.logs().splitlines() if line.startswith("{")]
        answered = [line for line in lines if line["event"] == "answered"]
        statuses = Counter(str(line["status"]) for line in answered)
        self.findings += [f"the program failed: {line}" for line in answered if line["status"] >= 500]
        self.findings += [f"the program complains: {line}" for line in lines if line["level"] in ("error", "critical")]
        self.findings += ["there is a traceback in a log"] * ("Traceback" in at.logs())
        self.findings += [f"{one.invariant}: {one.says}" for one in await broken(at.home)]
        async with at.home.open() as store:
            untouched = at.content.untouched.new
            seen = await door.look(store, untouched.id, untouched.link_proof, Visitor())
        if (seen.state, seen.tries_left) != ("sealed", 5):
            self.findings.append(f"a link that was only looked at is {seen.state}, with {seen.tries_left} tries")
        self.told["requests"] = {
            "answered": len(answered),
            "by_status": dict(sorted(statuses.items())),
            "by_route": dict(sorted(Counter(line.get("route") or "bot" for line in answered).items())),
        }


def _version(package: str) -> str:
    locked = json.loads((ROOT / "tests" / "page_checks" / "package-lock.json").read_text())
    return str(locked["packages"][f"node_modules/{package}"]["version"])


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


@click.command()
@click.option("--only", type=click.Choice(WHICH), multiple=True, help="This one; again for more.")
@click.option(
    "--scenes", default=("",), multiple=True, help="Lighthouse looks at those whose names begin so; again for more."
)
@click.option("--plant", type=click.Choice(list(PLANTS)), help="Spoil something; then not finding it is the failure.")
@click.option("--report", type=click.Path(path_type=Path), help="A file for the report, too.")
def main(only: tuple[str, ...], scenes: tuple[str, ...], plant: str | None, report: Path | None) -> None:
    """Send every scanner at the running programs."""
    scan = Scan((PLANTS[plant].scanner,) if plant else only or WHICH, plant, scenes)
    told = json.dumps(asyncio.run(scan.run()), indent=2)
    print(told)
    if report is not None:
        report.write_text(told + "\n")
    if plant:
        is_noticed = noticed(PLANTS[plant], scan.findings)
        print("It was found." if is_noticed else "What was planted was not found, or a page was not judged.")
        sys.exit(not is_noticed)
    print(f"{len(scan.findings)} findings that nobody has judged.")
    sys.exit(bool(scan.findings))


if __name__ == "__main__":
    main()
