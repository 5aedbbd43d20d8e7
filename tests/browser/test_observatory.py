"""Mozilla's HTTP Observatory judges the real web program behind TLS, on this machine alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from reveal_web.assets import load
from reveal_web.machines import routes as machines_routes
from reveal_web.proofs import routes
from reveal_web.reader.app import build_app
from reveal_web.reader.serving import serving
from reveal_web.settings import WebSettings
from store import endings, receipts
from tests.browser.observatory import BEST, WITHOUT_SCRIPTS, scan
from tests.browser.tls_front import certificate, tls_front
from tests.programs import free_port
from tests.store.living import created
from tests.stores import Home

pytestmark = pytest.mark.asyncio(loop_scope="session")
SHELL = "/s/AAAAAAAAAAAAAAAAAAAAAA"
COMPOSER = "/c/AAAAAAAAAAAAAAAAAAAAAA"


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
    assert (answer["scan"]["grade"], answer["scan"]["score"]) == ("A+", WITHOUT_SCRIPTS)


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
