"""
The named defects: each is patched into a copy of the project, and the tests that guard against it must go red.

A suite that stays green over one of these proves nothing about the promise that it breaks.  `python -m tests.mutants`
runs them all, or those whose names are given.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutant import Mutant
from tests.mutants_of_api import MUTANTS_OF_API
from tests.mutants_of_asked_records import MUTANTS_OF_ASKED_RECORDS
from tests.mutants_of_asking import MUTANTS_OF_ASKING
from tests.mutants_of_asking_once import MUTANTS_OF_ASKING_ONCE
from tests.mutants_of_attackers import MUTANTS_OF_ATTACKERS
from tests.mutants_of_composer import MUTANTS_OF_COMPOSER
from tests.mutants_of_deliveries import MUTANTS_OF_DELIVERIES
from tests.mutants_of_deploy import MUTANTS_OF_DEPLOY
from tests.mutants_of_doctor import MUTANTS_OF_DOCTOR
from tests.mutants_of_escrow import MUTANTS_OF_ESCROW
from tests.mutants_of_evidence import MUTANTS_OF_EVIDENCE
from tests.mutants_of_faults import MUTANTS_OF_FAULTS
from tests.mutants_of_flat import MUTANTS_OF_FLAT
from tests.mutants_of_forgetting import MUTANTS_OF_FORGETTING
from tests.mutants_of_fuzz import MUTANTS_OF_FUZZ
from tests.mutants_of_handoff import MUTANTS_OF_HANDOFF
from tests.mutants_of_home import MUTANTS_OF_HOME
from tests.mutants_of_hosts import MUTANTS_OF_HOSTS
from tests.mutants_of_keyring_server import MUTANTS_OF_KEYRING_SERVER
from tests.mutants_of_keys import MUTANTS_OF_KEYS
from tests.mutants_of_leaks import MUTANTS_OF_LEAKS
from tests.mutants_of_log import MUTANTS_OF_LOG
from tests.mutants_of_looking_back import MUTANTS_OF_LOOKING_BACK
from tests.mutants_of_mail import MUTANTS_OF_MAIL
from tests.mutants_of_metrics import MUTANTS_OF_METRICS
from tests.mutants_of_opening import MUTANTS_OF_OPENING
from tests.mutants_of_orders import MUTANTS_OF_ORDERS
from tests.mutants_of_overload import MUTANTS_OF_OVERLOAD
from tests.mutants_of_packed import MUTANTS_OF_PACKED
from tests.mutants_of_packs import MUTANTS_OF_PACKS
from tests.mutants_of_pausing import MUTANTS_OF_PAUSING
from tests.mutants_of_pressing import MUTANTS_OF_PRESSING
from tests.mutants_of_receipts_page import MUTANTS_OF_RECEIPTS_PAGE
from tests.mutants_of_record_doors_in_slack import MUTANTS_OF_RECORD_DOORS_IN_SLACK
from tests.mutants_of_record_pages import MUTANTS_OF_RECORD_PAGES
from tests.mutants_of_records import MUTANTS_OF_RECORDS
from tests.mutants_of_records_in_slack import MUTANTS_OF_RECORDS_IN_SLACK
from tests.mutants_of_sending import MUTANTS_OF_SENDING
from tests.mutants_of_sending_bounds import MUTANTS_OF_SENDING_BOUNDS
from tests.mutants_of_supply import MUTANTS_OF_SUPPLY
from tests.mutants_of_templates import MUTANTS_OF_TEMPLATES
from tests.mutants_of_tokens import MUTANTS_OF_TOKENS
from tests.mutants_of_verify import MUTANTS_OF_VERIFY
from tests.mutants_of_waiting import MUTANTS_OF_WAITING
from tests.mutants_of_watching import MUTANTS_OF_WATCHING
from tests.mutants_of_webhook_alarms import MUTANTS_OF_WEBHOOK_ALARMS
from tests.mutants_of_webhooks import MUTANTS_OF_WEBHOOKS

ROOT = Path(__file__).parent.parent
COPIED = (
    *("store", "bot", "reveal_web", "sendsecret", "sandbox", "tests", "deploy", "docs", ".ci", ".github"),
    *("pyproject.toml", "manifest.yml", "Makefile", ".dockerignore", "README.md", "LICENSE", "THIRD_PARTY.md"),
)
MOST_SECONDS = 150
JOBS = 2
AFTER_TESTS = "--after-tests"
"""Said where the whole suite was just seen green: a few of its tests are then enough to see that the copy is whole."""
SHARE = "--share"
"""Every sixtieth, the others on the next days: all of them and the whole suite are more than a change can wait for."""

_FEW = 12

MUTANTS = (
    *MUTANTS_OF_HANDOFF,
    *MUTANTS_OF_API,
    *MUTANTS_OF_ASKED_RECORDS,
    *MUTANTS_OF_ASKING,
    *MUTANTS_OF_ASKING_ONCE,
    *MUTANTS_OF_ATTACKERS,
    *MUTANTS_OF_COMPOSER,
    *MUTANTS_OF_DELIVERIES,
    *MUTANTS_OF_DEPLOY,
    *MUTANTS_OF_ESCROW,
    *MUTANTS_OF_DOCTOR,
    *MUTANTS_OF_EVIDENCE,
    *MUTANTS_OF_FAULTS,
    *MUTANTS_OF_FLAT,
    *MUTANTS_OF_FORGETTING,
    *MUTANTS_OF_FUZZ,
    *MUTANTS_OF_HOME,
    *MUTANTS_OF_HOSTS,
    *MUTANTS_OF_KEYRING_SERVER,
    *MUTANTS_OF_KEYS,
    *MUTANTS_OF_LEAKS,
    *MUTANTS_OF_LOG,
    *MUTANTS_OF_LOOKING_BACK,
    *MUTANTS_OF_MAIL,
    *MUTANTS_OF_METRICS,
    *MUTANTS_OF_OPENING,
    *MUTANTS_OF_ORDERS,
    *MUTANTS_OF_OVERLOAD,
    *MUTANTS_OF_PACKED,
    *MUTANTS_OF_PACKS,
    *MUTANTS_OF_PAUSING,
    *MUTANTS_OF_PRESSING,
    *MUTANTS_OF_RECEIPTS_PAGE,
    *MUTANTS_OF_RECORD_DOORS_IN_SLACK,
    *MUTANTS_OF_RECORD_PAGES,
    *MUTANTS_OF_RECORDS,
    *MUTANTS_OF_RECORDS_IN_SLACK,
    *MUTANTS_OF_SENDING,
    *MUTANTS_OF_SENDING_BOUNDS,
    *MUTANTS_OF_SUPPLY,
    *MUTANTS_OF_TEMPLATES,
    *MUTANTS_OF_TOKENS,
    *MUTANTS_OF_VERIFY,
    *MUTANTS_OF_WAITING,
    *MUTANTS_OF_WATCHING,
    *MUTANTS_OF_WEBHOOK_ALARMS,
    *MUTANTS_OF_WEBHOOKS,
)

GREEN, RED = 0, 1


def copy_to(folder: Path) -> None:
    """The project, without what is made anew."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        elif source.exists():
            shutil.copy(source, folder / name)


def survives(mutant: Mutant, folder: Path) -> bool:
    """Whether the tests stay green over this defect.  Raises ValueError when it cannot be patched in."""
    copy_to(folder)
    for file, old, new in ((mutant.file, mutant.old, mutant.new), *mutant.also):
        path = folder / file
        text = path.read_text()
        if text.count(old) != 1:
            raise ValueError(f"{mutant.name}: what it patches stands {text.count(old)} times in {file}")
        path.write_text(text.replace(old, new))
    return outcome(mutant.tests, folder) != RED


def outcome(tests: tuple[str, ...], folder: Path) -> int | None:
    """Pytest's exit code in a copy; None when it took too long."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    # Where CI is set pytest prints every difference whole, which can take it minutes: a caught defect would look alive.
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def require_green(chosen: list[Mutant], *, after_tests: bool) -> None:
    """The same tests must pass without any defect: red for another reason would catch everything."""
    with tempfile.TemporaryDirectory(prefix="healthy") as folder, ThreadPoolExecutor(JOBS) as jobs:
        copy_to(Path(folder))
        which = list(dict.fromkeys(mutant.tests for mutant in chosen))
        if after_tests:
            which = which[:: max(1, len(which) // _FEW)]
        for tests, code in zip(which, jobs.map(lambda tests: outcome(tests, Path(folder)), which), strict=True):
            if code != GREEN:
                sys.exit(f"not green without a defect: {' '.join(tests)}")


def try_out(mutant: Mutant) -> bool:
    """Whether it survives; says so."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutant") as folder:
        alive = survives(mutant, Path(folder))
    print(f"{'SURVIVED' if alive else 'caught  '} {mutant.name} ({time.monotonic() - began:.0f} s)", flush=True)
    return alive


def main() -> None:
    """Run the mutants named on the command line, or all; exit 1 if one survives."""
    wanted = [word for word in sys.argv[1:] if word not in (AFTER_TESTS, SHARE)]
    chosen = [mutant for mutant in MUTANTS if not wanted or any(word in mutant.name for word in wanted)]
    if SHARE in sys.argv:
        chosen = chosen[int(time.time() // 86_400) % 60 :: 60]
    require_green(chosen, after_tests=AFTER_TESTS in sys.argv)
    with ThreadPoolExecutor(JOBS) as jobs:
        survivors = sum(jobs.map(try_out, chosen))
    print(f"{len(chosen) - survivors} passed, {survivors} failed")
    sys.exit(survivors > 0)


if __name__ == "__main__":
    main()
