"""Mozilla's HTTP Observatory judges the real web program behind TLS, on this machine alone.

Its scanner needs a name with a dot, a port and a certificate that it can trust; everything else is as in production. It
wants the browsers' list of preloaded hosts, which installation would fetch: an empty one stands in its place, and this
address is on none.

135 is the most this version gives to a page without cookies and preloading: 100, and for the policy that begins with
nothing 10, the referrer policy 5, frames forbidden by the policy 5, the resource policy 10, scripts with integrity 5.
Cookies that are all set right (5) and a preloaded host (5) are not the program's to have.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from reveal_web.assets import load
from reveal_web.machines import routes as machines_routes
from reveal_web.proofs import routes
from reveal_web.reader.app import build_app
from reveal_web.reader.serving import serving
from reveal_web.settings import WebSettings
from store import endings, receipts
from tests.browser.page_checks import node, package
from tests.browser.tls_front import certificate, tls_front
from tests.programs import free_port
from tests.store.living import created
from tests.stores import Home

pytestmark = pytest.mark.asyncio(loop_scope="session")
SHELL = "/s/AAAAAAAAAAAAAAAAAAAAAA"
COMPOSER = "/c/AAAAAAAAAAAAAAAAAAAAAA"
BEST = 135


@asynccontextmanager
async def https_reader(folder: Path, lost: bytes = b"\0") -> AsyncIterator[tuple[str, Path, str]]:
    """The web program as operators run it, the certificate of what stands before it, and the path of a receipt."""
    home = Home(folder, f"sqlite+aiosqlite:///{folder}/store.db")
    await home.prepare()
    port, pem = free_port(), certificate(folder)
    settings = WebSettings(
        public_url=f"https://127.0.0.1:{port}", database_url=home.database_url, keyring_dir=home.keyring
    )
    async with home.open() as store:
        app = build_app(store, settings, load(settings.public_url))
        app.add_routes(routes.routes())
        machines_routes.add_to(app)
        sealed = await created(store)
        await endings.revoke(store, sealed.new.id)
        receipt = f"/receipts/{await receipts.of_drop(store, sealed.new.id)}"
        async with serving(app, "127.0.0.1", 0) as behind, tls_front(port, behind, pem, lost):
            yield f"127.0.0.1:{port}", pem, receipt


async def scan(address: str, pem: Path) -> dict[str, Any]:
    """What the scanner says about `address`, host and path."""
    scanner = package("@mdn/mdn-http-observatory")
    preloaded = scanner / "conf" / "hsts-preload.json"
    if not preloaded.exists():
        preloaded.write_text("{}")
    # Its own command would replace the authorities that node trusts.
    scanning = await asyncio.create_subprocess_exec(
        node(), scanner / "src" / "scan.js", address,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(pem)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(90):
            said, _ = await scanning.communicate()
    finally:
        if scanning.returncode is None:
            scanning.kill()
            await scanning.wait()
    answer: dict[str, Any] = json.loads(said)
    assert "error" not in answer, answer
    return answer


@pytest.mark.parametrize("page", ["reader", "composer", "receipt"])
async def test_every_page_reaches_the_ceiling(tmp_path: Path, page: str) -> None:
    """A+ with every point that can be had, and no single test failed."""
    async with https_reader(tmp_path) as (address, pem, receipt):
        path = {"reader": SHELL, "composer": COMPOSER, "receipt": receipt}[page]
        answer = await scan(address + path, pem)
    assert {name: test["result"] for name, test in answer["tests"].items() if not test["pass"]} == {}
    assert (answer["scan"]["grade"], answer["scan"]["score"]) == ("A+", BEST)


async def test_what_is_no_page_loses_only_the_points_of_scripts(tmp_path: Path) -> None:
    """Other answers carry the same headers; they load no script whose integrity could count."""
    async with https_reader(tmp_path) as (address, pem, _):
        answer = await scan(f"{address}/robots.txt", pem)
    assert {name: test["result"] for name, test in answer["tests"].items() if not test["pass"]} == {}
    assert (answer["scan"]["grade"], answer["scan"]["score"]) == ("A+", BEST - 5)


@pytest.mark.parametrize(
    ("lost", "test"),
    [
        (b"Strict-Transport-Security", "strict-transport-security"),
        (b"Content-Security-Policy", "content-security-policy"),
    ],
)
async def test_a_header_that_gets_lost_is_noticed(tmp_path: Path, lost: bytes, test: str) -> None:
    """The scanner can say no, so its yes is worth something."""
    async with https_reader(tmp_path, lost) as (address, pem, _):
        answer = await scan(address + SHELL, pem)
    assert not answer["tests"][test]["pass"]
    assert answer["scan"]["score"] < BEST
