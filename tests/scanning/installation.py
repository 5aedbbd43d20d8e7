"""
The real programs with something in them: the web program behind TLS, the bot in HTTP mode before the sandbox's Slack,
both ports of metrics; drops, a receipt, a pack, an incident's list, orders and records.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sandbox.fixtures import AUDIT, DANA, MAYA, SAM, TEAM
from sandbox.running import Sandbox
from store import deliveries, endings, orders, receipt_names, receipts, records, tokens
from store.incident import links
from store.opened import Store
from store.records import Named
from store.words import OrderKind, Scope
from tests.browser.tls_front import certificate, tls_front
from tests.programs import Call, Running, free_port, running, until_answering
from tests.sealed_elsewhere import PASSPHRASE, published
from tests.store.living import created
from tests.store.looking import Holder, made_page
from tests.store.packs import QUARTER, kept
from tests.store.sealing_under_orders import terms
from tests.stores import Home, Sealed

LOOKS: Final = 2
"""How often a browser opens each thing that opens once."""
TYPED = PASSPHRASE.decode()


@dataclass(frozen=True)
class Content:
    """What there is.  `opened` is for a browser to open, `attacked` for a scanner to do its worst to."""

    untouched: Sealed
    opened: tuple[Sealed, ...]
    attacked: Sealed
    ended: Sealed
    receipt: str
    """Its id, then "#" and the token that shows names."""
    pack: str
    composer: str
    request: str
    orders: tuple[str, ...]
    viewer: Holder
    record: str
    token: str


@dataclass(frozen=True)
class Installation:
    """`url` is the web program's behind TLS; `bot` and the two ports of metrics are as they are, on loopback."""

    home: Home
    url: str
    pem: Path
    web: Running
    bot: Running
    metrics: tuple[int, int]
    content: Content
    store: Store

    def incident(self) -> str:
        """A new link to the list of an incident, which lasts for a quarter of an hour."""
        pages = {"anything": "https://example.com/rotate"}
        return links.give(self.store, DANA, TEAM, with_labels=True, pages=pages).text

    def logs(self) -> str:
        """What both programs wrote."""
        return self.web.written() + self.bot.written()


@asynccontextmanager
async def installation(folder: Path, lost: bytes = b"\0") -> AsyncIterator[Installation]:
    """All of it in `folder`; `lost` is the name of a header that gets lost on the way to whoever looks."""
    home = Home(folder, f"sqlite+aiosqlite:///{folder}/store.db")
    await home.prepare()
    front, behind, bot_port, metrics = free_port(), free_port(), free_port(), (free_port(), free_port())
    url, pem = f"https://127.0.0.1:{front}", certificate(folder)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(home.open("bot", issuer=url))
        # Before there is a bot: it would make the pack itself.
        content = await _filled(store, home, url)
        sandbox = await stack.enter_async_context(Sandbox())
        shared = home.environment() | {
            "PUBLIC_URL": url,
            "WEB_METRICS_PORT": str(metrics[0]),
            "BOT_METRICS_PORT": str(metrics[1]),
            "LOG_LEVEL": "INFO",
            "LOG_FORMAT": "json",
        }
        slack = {
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_SIGNING_SECRET": sandbox.workspace.app.signing_secret,
            "BOT_PORT": str(bot_port),
            "AUDIT_CHANNEL": AUDIT,
            "ADMINS": SAM,
        }
        web_settings = shared | {"WEB_PORT": str(behind)}
        web = await stack.enter_async_context(
            running(["sendsecret", "web"], web_settings, folder / "web.log", port=behind)
        )
        bot = await stack.enter_async_context(
            running(["sendsecret", "bot"], shared | slack, folder / "bot.log", port=bot_port)
        )
        await until_answering(web, "/readyz")
        await until_answering(Running(bot.process, bot.log, metrics[1]), "/healthz")
        # The bot puts what was made into the log twice a second; a receipt can then be checked on its page.
        await _until_in_the_log(web, content.receipt.partition("#")[0])
        await stack.enter_async_context(tls_front(front, behind, pem, lost))
        yield Installation(home, url, pem, web, bot, metrics, content, store)


async def _filled(store: Store, home: Home, url: str) -> Content:
    await published(store, home)
    untouched, attacked, ended = [await _delivered(store) for _ in range(3)]
    await endings.revoke(store, ended.new.id)
    rid = await receipts.of_drop(store, ended.new.id)
    assert rid is not None
    people = {"team_id": TEAM, "sender_id": MAYA, "recipient_id": DANA}
    asked = {"kind": OrderKind.REQUEST, "sender_name": "Dana Petrov", "recipient_name": "Maya Okafor", "hint": None}

    async def order(**changed: Any) -> str:
        return (await orders.place(store, terms(**people | changed))).url(url)

    key, _ = await records.make(store, Named("Deploy key", owner=MAYA, team=TEAM), "x", lives_seconds=86_400)
    token, _ = await tokens.make(store, TEAM, MAYA, scopes=frozenset(Scope))
    return Content(
        untouched,
        tuple([await _delivered(store) for _ in range(LOOKS)]),
        attacked,
        ended,
        f"{rid}#{receipt_names.token(store, rid, with_label=True)}",
        (await kept(store.db, home.path / "pack.zip", bytes(10_000), QUARTER)).hex(),
        await order(),
        await order(recipient_class="member", **asked),
        tuple([await order() for _ in range(LOOKS)]),
        await made_page(store, lives_seconds=86_400),
        key.id_text,
        token.text,
    )


async def _delivered(store: Store) -> Sealed:
    """A drop whose link has arrived: one whose link is on its way would be over in three minutes."""
    sealed = await created(store, passphrase=PASSPHRASE, team_id=TEAM, sender_id=MAYA, recipient_id=DANA)
    assert await deliveries.record_delivered(store, sealed.new.id, deliveries.Place("D1", "1.000"))
    return sealed


async def _until_in_the_log(web: Running, rid: str) -> None:
    async with asyncio.timeout(60):
        while (await Call(web.port, "GET", f"/receipts/{rid}.tlog-proof").answer()).status != 200:  # noqa: ASYNC110 - another program's act
            await asyncio.sleep(0.2)
