"""Wapiti, from a Python of its own in `.scanner`: what it is sent at, with which modules, and what it found."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from tests.programs import ROOT, free_port

PROGRAM: Final = ROOT / ".scanner" / "bin" / "wapiti"
MOST_SECONDS: Final = 3600
MODULES: Final = (
    "backup", "brute_login_form", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess", "http_headers",
    "https_redirect", "ldap", "methods", "permanentxss", "redirect", "shellshock", "spring4shell", "sql", "ssrf",
    "timesql", "upload", "xss", "xxe",
)  # fmt: skip
LEFT_OUT: Final = {
    "buster": "tries 31,000 names in each folder; the routes are a list, and each other name is one and the same 404",
    "ssl": "judges the certificate, which is one of this run's own; TLS is the front's",
    "log4shell": "waits for a DNS server outside",
    "takeover": "asks name servers about subdomains",
    "nikto": "fetches its list from outside",
    "wapp": "fetches its list from outside",
    "htp": "fetches its list from outside",
    "cms": "looks for programs that this is not, by lists from outside",
    "wp_enum": "looks for WordPress",
    "network_device": "looks for routers and firewalls",
}


@dataclass(frozen=True)
class Target:
    """Where it begins: `url` bounds it; `swagger` is a description of an API; `headers` go along with each request."""

    name: str
    url: str
    starts: Sequence[str] = ()
    swagger: Path | None = None
    headers: Sequence[str] = ()
    modules: Sequence[str] = MODULES
    scope: str = "domain"


@dataclass
class Found:
    """One run: what its report says, how many pages and forms it attacked, and who called back."""

    name: str
    attacked: int
    findings: list[str] = field(default_factory=list)


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[str, list[str]]]:
    """An address that nobody has a reason to call but Wapiti, and who called it: programs that were made to (SSRF)."""
    called: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        # Wapiti asks here what came in; what came in is what it did not ask.
        if not request.path.startswith(("/get_ssrf.php", "/get_xxe.php")):
            called.append(f"{request.method} {request.path}")
        return web.json_response({})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{port}/", called
    finally:
        await runner.cleanup()


async def scan(target: Target, folder: Path) -> Found:
    """Send it there.  Raises RuntimeError where it did not come to an end or attacked nothing, which is no scan."""
    report, log = folder / f"wapiti-{target.name}.json", folder / f"wapiti-{target.name}.log"
    async with listening() as (endpoint, called):
        given = [
            "-u",
            target.url,
            "-m",
            ",".join(target.modules),
            "--endpoint",
            endpoint,
            "--dns-endpoint",
            "localhost",
        ]
        given += ["--scope", target.scope, "--level", "2", "--flush-session", "--no-bugreport"]
        given += ["-f", "json", "-o", str(report), "--store-session", str(folder / f"wapiti-{target.name}"), "-v", "1"]
        given += [word for start in target.starts for word in ("-s", start)]
        given += [word for header in target.headers for word in ("-H", header)]
        given += ["--swagger", str(target.swagger)] if target.swagger else []
        with log.open("wb") as output:
            running = await asyncio.create_subprocess_exec(
                str(PROGRAM), *given, stdout=output, stderr=output, cwd=folder, start_new_session=True
            )
            try:
                async with asyncio.timeout(MOST_SECONDS):
                    await running.wait()
            finally:
                if running.returncode is None:
                    running.kill()
                    await running.wait()
    said = log.read_text(errors="replace")
    if running.returncode or not report.exists():
        raise RuntimeError(f"wapiti did not come to an end at {target.name}:\n{said[-2000:]}")
    found = read(target.name, json.loads(report.read_text()))
    found.findings += [f"something was made to call {who}" for who in called]
    launched = set(re.findall(r"\[\*\] Launching module (\w+)", said))
    if missing := set(target.modules) - launched:
        raise RuntimeError(f"wapiti left out {', '.join(sorted(missing))} at {target.name}:\n{said[-2000:]}")
    if not found.attacked:
        raise RuntimeError(f"wapiti found nothing to attack at {target.name}")
    return found


def read(name: str, report: dict[str, Any]) -> Found:
    """What a report says; "additional" holds what it merely noticed, such as a program's name."""
    found = Found(name, int(report["infos"]["crawled_pages_nbr"]))
    for kind in ("vulnerabilities", "anomalies", "additionals"):
        for what, each in report[kind].items():
            found.findings += [f"{what}: {one['method']} {one['path']}: {one['info']}" for one in each]
    return found


def version() -> str:
    """Which Wapiti this is."""
    pinned = re.search(r"(?m)^wapiti3==(\S+)", (Path(__file__).with_name("requirements.txt")).read_text())
    assert pinned is not None
    return pinned[1]
