"""
`make fuzz`: coverage-guided fuzzing of everything that reads strangers' bytes, one target after the other.

`--cases 1000000 --only link`; a target is done after so many cases, or with the first input that its judge does not
stand, which is then kept for good in the corpus that every test run replays.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from tests.fuzz import corpus
from tests.fuzz.reached import lines_of
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

ROOT: Final = Path(__file__).parents[2]
FOUND: Final = ROOT / ".fuzz" / "found"
_MOST_MEBIBYTES: Final = 2048


def fuzz(target: Target, cases: int, seconds: int) -> dict[str, Any]:
    """
    Run one target for so many cases, or seconds unless that is 0; what is told of it.

    Everything that it found lies under FOUND afterwards.
    """
    place = FOUND / target.name
    found, seeds, broken = place / "corpus", place / "seeds", place / "broken"
    for folder in (found, seeds, broken):
        folder.mkdir(parents=True, exist_ok=True)
    known = corpus.kept(target) if (corpus.FOLDER / target.name).is_dir() else []
    for number, raw in enumerate([*target.seeds, *(path.read_bytes() for path in known)]):
        (seeds / str(number)).write_bytes(raw)
    words = place / "words"
    words.write_text("".join(f'"{"".join(f"{chr(92)}x{byte:02x}" for byte in word)}"\n' for word in target.words))
    # A day for one input: the alarm of a shorter one ends the process on a busy machine, without a word of why.  How
    # long the slowest took is told instead.
    options = [f"-runs={cases}", f"-max_total_time={seconds}", f"-max_len={target.most_bytes}", "-timeout=86400"]
    options += [f"-rss_limit_mb={_MOST_MEBIBYTES}", f"-artifact_prefix={broken}/", "-print_final_stats=1"]
    if target.words:
        options.append(f"-dict={words}")
    command = [sys.executable, "-m", "tests.fuzz.under_atheris", target.name, ",".join(target.modules), *options]
    began = time.monotonic()
    done = subprocess.run(
        [*command, str(found), str(seeds)], cwd=ROOT, capture_output=True, text=True, errors="replace", check=False
    )
    (place / "output").write_text(done.stdout + done.stderr)
    ran = re.search(r"number_of_executed_units: +(\d+)", done.stderr)
    slowest = re.search(r"slowest_unit_time_sec: +(\d+)", done.stderr)
    edges = re.findall(r"cov: (\d+)", done.stderr)
    return {
        "target": target.name,
        "cases": int(ran[1]) if ran else 0,
        "seconds": round(time.monotonic() - began),
        "slowest_input_seconds": int(slowest[1]) if slowest else None,
        "edges": int(edges[-1]) if edges else 0,
        "inputs_found": len(list(found.iterdir())),
        "broken": sorted(path.name for path in broken.iterdir()),
        "exit_code": done.returncode,
    }


def kept_of(target: Target) -> dict[str, Any]:
    """Choose what is kept out of what was found, and measure it."""
    place = FOUND / target.name
    inputs = [path.read_bytes() for folder in ("seeds", "corpus") for path in (place / folder).iterdir()]
    reached = corpus.keep(target, inputs)
    could = lines_of(target)
    return {"kept": len(corpus.kept(target)), "lines": len(reached & could), "lines_of_modules": len(could)}


def main() -> None:
    """Fuzz those that are named, or all; exit 1 where an input broke one."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--cases", type=int, default=100_000, help="for each target")
    parser.add_argument("--seconds", type=int, default=0, help="stop each after so long, whatever --cases says")
    parser.add_argument("--only", action="append", choices=[target.name for target in TARGETS])
    parser.add_argument("--report", type=Path, help="write what was found here, as JSON")
    words = parser.parse_args()
    rows = []
    for target in TARGETS:
        if words.only and target.name not in words.only:
            continue
        row = fuzz(target, words.cases, words.seconds)
        if not row["exit_code"]:
            row |= kept_of(target)
        rows.append(row)
        print(json.dumps(row), flush=True)
    if words.report:
        words.report.write_text(json.dumps(rows, indent=1) + "\n")
    sys.exit(any(row["exit_code"] for row in rows))


if __name__ == "__main__":
    os.environ["PYTHONHASHSEED"] = "0"
    main()
