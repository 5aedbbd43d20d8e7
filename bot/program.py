"""
The bot as a program: opened, connected, and brought down without losing what is underway.

`run` owns the process (its log, its signals); `serve` is the same without, for whoever brings those along.
"""

import asyncio
import signal
from typing import Final

import structlog
from slack_bolt.async_app import AsyncApp

from bot.admins import Admins
from bot.alarm import Alarm
from bot.anchoring import Anchoring, Channel
from bot.app import build_app
from bot.assembling import Basis
from bot.block_kit import Json
from bot.clock_alarm import ClockAlarm
from bot.dispatcher import Dispatcher
from bot.http_mode import HttpMode
from bot.line import Line, ProgramError, pause
from bot.log_alarm import LogAlarm
from bot.metrics import Observing
from bot.metrics_port import observed
from bot.pack_making import PackMaking
from bot.pack_process import PackProcess
from bot.pack_telling import PackTelling
from bot.people import People
from bot.sealing import SealingPool
from bot.sequencing import Sequencing
from bot.settings import BotSettings
from bot.signatures import Signatures
from bot.slack_calls import Slack, SlackError, SlackRefusedError
from bot.socket_mode import SocketMode
from bot.sweeping import Sweeping
from bot.telling import AuditChannel, Teller
from bot.underway import Underway
from bot.watching import Watching
from bot.webhook_alarm import WebhookAlarm
from bot.webhooks import Webhooks
from store import collector, logs
from store.errors import StoreMismatchError, StoreUnavailableError
from store.evidence.asking import MOST_MINUTES
from store.keys.publishing import publish_believed
from store.opened import Store, opened

__all__ = ["ProgramError", "run", "serve"]

_ANSWERS_LEAVE_SECONDS: Final = 3.0
_DRAIN_SECONDS: Final = 17.0

_log = structlog.get_logger("bot")


async def run(settings: BotSettings) -> None:
    """Run until SIGTERM or SIGINT.  Raises ProgramError."""
    logs.configure(settings.log_level, settings.log_format)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    collector.pass_over_what_is_there()
    await serve(settings, stop)


async def serve(
    settings: BotSettings,
    stop: asyncio.Event,
    *,
    ready: asyncio.Event | None = None,
    retry_parked_seconds: float = 60.0,
) -> None:
    """Serve until `stop`; `ready` is set when Slack can reach us.  Raises ProgramError."""
    if not settings.has_audit_channel:
        _log.warning("AUDIT_CHANNEL is none: nobody is told in Slack what happens to secrets")
    if settings.opens_here_only:
        _log.warning("PUBLIC_URL is on localhost: links would open on this computer only, so that nothing will be sent")
    token = settings.slack_bot_token.get_secret_value()
    try:
        async with (
            opened(settings, program="bot", event_key=settings.event_key) as store,
            Slack(token, settings.slack_api_url) as slack,
            observed(settings, store, slack) as observing,
        ):
            await publish_believed(store.db, settings.signing_dir)
            await _serve(settings, store, slack, observing, stop, ready or asyncio.Event(), retry_parked_seconds)
    except (StoreMismatchError, StoreUnavailableError) as error:
        raise ProgramError(f"the bot cannot start: {error}") from error


async def _serve(
    settings: BotSettings,
    store: Store,
    slack: Slack,
    observing: Observing,
    stop: asyncio.Event,
    ready: asyncio.Event,
    retry_parked_seconds: float,
) -> None:
    identity = await _identity(slack, stop)
    if identity is None:
        return
    people = People(slack, str(identity["team_id"]))
    admins = Admins(slack, settings.admins)
    audit = AuditChannel(settings.audit_channel if settings.has_audit_channel else None, settings.audit_show_labels)
    basis = Basis(settings, store, slack, identity, people)
    home, mail = basis.home(), basis.mail()
    dispatcher = Dispatcher(
        store,
        Teller(store, slack, people, audit, settings.rotate_url),
        admins,
        settings.audit_channel,
        retry_parked_seconds=retry_parked_seconds,
    )
    underway = Underway()
    observing.pool = pool = SealingPool()
    parts = basis.parts(dispatcher, underway, pool, home, mail)
    app = build_app(parts, identity, settings.slack_bot_token.get_secret_value())
    at_last = asyncio.Event()
    loops = [
        asyncio.create_task(dispatcher.run(at_last)),
        asyncio.create_task(home.run(at_last)),
        asyncio.create_task(Sweeping(store, settings.signing_dir, admins, settings.retention_months).run(at_last)),
        asyncio.create_task(Watching(store).run(at_last)),
        asyncio.create_task(Sequencing(store, settings.signing_dir, LogAlarm(Alarm(admins, audit.id))).run(at_last)),
        asyncio.create_task(PackMaking(store, PackProcess(settings, 60 * MOST_MINUTES)).run(at_last)),
        asyncio.create_task(PackTelling(store, slack, people, settings.may_have_evidence, audit.id).run(at_last)),
        asyncio.create_task(basis.delivering(mail).run(at_last)),
        asyncio.create_task(basis.vouching_for_kept().run(at_last)),
        asyncio.create_task(basis.answering().run(at_last)),
        asyncio.create_task(basis.revoking().run(at_last)),
        asyncio.create_task(basis.making_records().run(at_last)),
        asyncio.create_task(basis.leavers().run(at_last)),
    ]
    if settings.anchor_webhook_url is not None:
        channel = Channel(settings.anchor_webhook_url, settings.signing_dir)
        loops.append(asyncio.create_task(Anchoring(store, slack, Alarm(admins, audit.id), channel).run(at_last)))
    if settings.endpoints:
        names = frozenset(one.name for one in settings.endpoints)
        loops.append(asyncio.create_task(Webhooks(store, settings.endpoints, observing.calling).run(at_last)))
        loops.append(asyncio.create_task(WebhookAlarm(store, Alarm(admins, audit.id), names).run(at_last)))
    stopped = asyncio.create_task(stop.wait())
    observing.health.line = line = _line(settings, app, admins, underway)
    try:
        if await line.connect(stop):
            ready.set()
            # A loop ends before `at_last` only by an error, and then the program must not look alive.
            await asyncio.wait([stopped, *loops], return_when=asyncio.FIRST_COMPLETED)
            await underway.drain(_ANSWERS_LEAVE_SECONDS)
    finally:
        stopped.cancel()
        await line.close()
        if not await underway.drain(_DRAIN_SECONDS):
            _log.warning("stopping with deliveries underway; their drops will end as undelivered")
        at_last.set()
        await _ended(loops)
        pool.close()


def _line(settings: BotSettings, app: AsyncApp, admins: Admins, underway: Underway) -> Line:
    """Socket Mode, also when both are set: it needs no way in."""
    if settings.slack_app_token:
        return SocketMode(app, settings.slack_app_token.get_secret_value(), settings.slack_api_url)
    return HttpMode(
        app, Signatures(settings.signing_secrets), ClockAlarm(admins, underway), settings.bot_host, settings.bot_port
    )


async def _identity(slack: Slack, stop: asyncio.Event) -> Json | None:
    """Who we are; asked until Slack answers.  None when stopped before that."""
    while not stop.is_set():
        try:
            return await slack.identity()
        except SlackRefusedError as refused:
            raise ProgramError(f"SLACK_BOT_TOKEN: Slack does not accept it ({refused.code})") from None
        except SlackError:
            await pause(stop)
    return None


async def _ended(loops: list[asyncio.Task[None]]) -> None:
    _, late = await asyncio.wait(loops, timeout=_DRAIN_SECONDS)
    for task in late:
        task.cancel()
    for result in await asyncio.gather(*loops, return_exceptions=True):
        if isinstance(result, Exception):
            raise ProgramError(f"the bot stopped by an error: {logs.place_of(result)}") from result
