"""
`make fuzz-routes`: arbitrary requests to every route of the running programs, over loopback.

`--cases 10000 --only "POST /api/v1/orders"`; each case follows from `--seed`, its route and its number, and is named
when it fails.  The log may hold no traceback and no word that was sent; memory is measured after every route.
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final

from reveal_web import assets
from reveal_web.machines import composer_assets, viewer_page
from reveal_web.machines import routes as machines_routes
from reveal_web.proofs import receipt_assets
from reveal_web.proofs import routes as proofs_routes
from reveal_web.reader.app import build_app
from reveal_web.settings import WebSettings
from tests.fuzz.answers_judged import Judge, WrongAnswerError, require_of_metrics, require_of_web
from tests.fuzz.installation import Known, furnished
from tests.fuzz.requests_at_random import request
from tests.programs import Running, free_port, web
from tests.stores import PUBLIC_URL, Home

CONNECTIONS: Final = 4
MOST_GROWTH_KIB: Final = 64 * 1024
"""Beyond what a program has after its first routes: what leaks a kilobyte a request is far above."""


async def routes_of(home: Home) -> list[tuple[str, str]]:
    """Method and address of every route that the web program serves; HEAD goes with GET."""
    settings = WebSettings(public_url=PUBLIC_URL, database_url=home.database_url, keyring_dir=home.keyring)
    async with home.open("web") as store:
        app = build_app(store, settings, assets.load(settings.public_url, demo=False))
        app.add_routes(proofs_routes.routes())
        machines_routes.add_to(app)
        known = {(one.method, one.resource.canonical) for one in app.router.routes() if one.resource is not None}
    return sorted((method, path) for method, path in known if method != "HEAD")


def file_names() -> dict[str, list[str]]:
    """The files of every page, by the folder that their addresses begin with."""
    pages = (assets, composer_assets, viewer_page)
    paths = [path for page in pages for path in page.load(PUBLIC_URL, demo=False).files]
    paths += receipt_assets.load(PUBLIC_URL).files
    found: dict[str, list[str]] = {}
    for path in paths:
        _, folder, name = path.split("/")
        found.setdefault(folder, []).append(name)
    return found


def resident_kib(program: Running) -> int:
    """How much memory a program has in use."""
    status = Path(f"/proc/{program.process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1])


async def fuzz(judge: Judge, route: tuple[str, str], known: Known, seed: int, numbers: range) -> None:
    """These cases of a route, one after the other.  Raises WrongAnswerError, which names the case."""
    for number in numbers:
        sent = request(*route, known, Random(f"{seed} {route} {number}"))
        try:
            await judge.send(sent)
        except (WrongAnswerError, AssertionError, TimeoutError, ValueError) as error:
            said = f"seed {seed}, {' '.join(route)}, case {number}: {error!r}\n{sent.raw[:2000]!r}"
            raise WrongAnswerError(said) from error
    await judge.close()


def require_quiet(log: str) -> None:
    """No traceback and no word of a request.  Raises WrongAnswerError with where it stands."""
    found = re.search(r"(?i)traceback|kanarie[0-9a-f]{10}", log)
    if found is not None:
        raise WrongAnswerError(f"the log has {log[max(0, found.start() - 800) : found.end() + 1500]}")


async def all_routes(home: Home, words: argparse.Namespace) -> list[dict[str, Any]]:
    """Furnish, start the web program, and go through its routes; a row for each."""
    await home.prepare()
    known = await furnished(home)
    known = replace(known, ids={**known.ids, **file_names()})
    metrics = free_port()
    settings = {"TRUSTED_PROXIES": "127.0.0.1/32", "LOG_LEVEL": "INFO", "WEB_METRICS_PORT": str(metrics)}
    rows: list[dict[str, Any]] = []
    async with web(home, module="tests.fuzz.without_waiting", **settings) as program:
        routes = [(program.port, require_of_web, route) for route in await routes_of(home)]
        routes.append((metrics, require_of_metrics, ("GET", "/metrics")))
        for port, guard, route in routes:
            if words.only and " ".join(route) not in words.only:
                continue
            began, judges = time.monotonic(), [Judge(port, guard) for _ in range(CONNECTIONS)]
            parts = [range(start, words.cases, CONNECTIONS) for start in range(CONNECTIONS)]
            row: dict[str, Any] = {"route": " ".join(route), "cases": words.cases}
            try:
                await asyncio.gather(
                    *(fuzz(judge, route, known, words.seed, part) for judge, part in zip(judges, parts, strict=True))
                )
                require_quiet(program.written())
            except WrongAnswerError as error:
                row["broken"] = str(error)
            statuses = sum((judge.statuses for judge in judges), start=type(judges[0].statuses)())
            row |= {"statuses": dict(sorted(statuses.items())), "seconds": round(time.monotonic() - began)}
            row["resident_kib"] = resident_kib(program)
            rows.append(row)
            print(json.dumps(row), flush=True)
        settled = rows[min(4, len(rows) - 1)]["resident_kib"]
        if rows[-1]["resident_kib"] - settled > MOST_GROWTH_KIB:
            rows[-1]["broken"] = f"memory grew from {settled} KiB to {rows[-1]['resident_kib']} KiB"
        assert await program.stop() == 0
    return rows


def main() -> None:
    """Fuzz the routes that are named, or all; exit 1 where an answer must not be."""
    parser = argparse.ArgumentParser(prog="make fuzz-routes")
    parser.add_argument("--cases", type=int, default=1000, help="for each route")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="as 'GET /s/{id}'")
    parser.add_argument("--report", type=Path, help="write what was found here, as JSON")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder), f"sqlite+aiosqlite:///{folder}/sendsecret.db")
        rows = asyncio.run(all_routes(home, words))
    if words.report:
        words.report.write_text(json.dumps(rows, indent=1) + "\n")
    sys.exit(any("broken" in row for row in rows))


if __name__ == "__main__":
    main()
