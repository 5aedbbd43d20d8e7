"""
`sendsecret webhook`: whether the file of webhooks is understood, how it stands with its endpoints, and trying them out.

Exit codes: 0 well, 1 an endpoint did not take a test, 2 the file, the settings or the name are wrong, 3 the store does
not answer.  Nothing of a value is repeated but names and hosts.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sendsecret.operating import operators_settings, refuse, run_program

if TYPE_CHECKING:
    from bot.webhook_call import Answer
    from bot.webhook_endpoint import Endpoint
    from store.opened import Store


@click.group()
def webhook() -> None:
    """Programs that are told of events: docs/webhooks.md explains the file."""


@webhook.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def check(file: Path | None) -> None:
    """
    Read FILE, or what WEBHOOKS_FILE names, as the bot would when it starts; nothing is sent.

    Exit codes: 0 understood, 2 not: each problem stands on a line with endpoint, rule and line. A running bot is not
    changed; it reads the file when it starts.
    """
    path = file or _named()
    found = _read(path)
    names = ", ".join(endpoint.name for endpoint in found)
    click.echo(f"{path}: understood. {len(found)} in it{f': {names}' if found else ''}.")


@webhook.command("list")
def list_() -> None:
    """Print how it stands with every endpoint: what waits for it, what was given up, and why."""
    named = {endpoint.name: endpoint for endpoint in _read(_named())}

    async def show(store: "Store") -> None:
        from bot import webhook_wording
        from store import webhooks_standing

        known = await webhooks_standing.standing(store)
        for one in known:
            endpoint = named.get(one.endpoint)
            host = endpoint.host if endpoint else "not in the file: nothing is sent"
            why = f"  {webhook_wording.why(one.why)}" if one.why else ""
            counts = f"{one.waiting} waiting  {one.failed} failed  {one.ahead} of the log ahead"
            click.echo(f"{one.endpoint:<20} {host:<34} {counts}{why}")
        for name in named.keys() - {one.endpoint for one in known}:
            click.echo(f"{name:<20} {named[name].host:<34} new: the bot begins with it at its next start")

    _with_store(show)


@webhook.command("replay")
@click.argument("name")
def replay(name: str) -> None:
    """Have what NAME was not told in three days delivered again, and what waits for its next try at once."""
    _chosen(name)

    async def again(store: "Store") -> None:
        from store import webhooks

        count = await webhooks.replay(store, name)
        click.echo(f"{name}: {count} are due again; the running bot delivers them.")

    _with_store(again)


@webhook.command("test")
@click.argument("name", required=False)
def test(name: str | None) -> None:
    """
    Send a signed `webhook.test` to NAME, or to every endpoint of the file, and say what became of it.

    It goes the way that events go, with the same checks of addresses, once. Exit codes: 0 each took it, 1 not each.
    """
    answers = asyncio.run(_tried(_chosen(name)))
    for endpoint, answer in answers:
        click.echo(f"{endpoint.name:<20} {endpoint.host:<34} {_said(answer)}")
    if any(answer.why is not None for _, answer in answers):
        raise SystemExit(1)


async def _tried(endpoints: "list[Endpoint]") -> "list[tuple[Endpoint, Answer]]":
    from bot import webhook_body
    from bot.webhook_call import Caller

    async def once(endpoint: "Endpoint") -> "tuple[Endpoint, Answer]":
        caller = Caller(endpoint)
        try:
            text = webhook_body.of_test(int(time.time() * 1000), endpoint.name)
            return endpoint, await caller.post(f"test_{secrets.token_hex(16)}", text)
        finally:
            await caller.close()

    return await asyncio.gather(*(once(endpoint) for endpoint in endpoints))


def _said(answer: "Answer") -> str:
    from bot import webhook_wording

    return "taken" if answer.why is None else f"not taken: {webhook_wording.why(answer.why)}"


def _chosen(name: str | None) -> "list[Endpoint]":
    path = _named()
    found = [endpoint for endpoint in _read(path) if name in (None, endpoint.name)]
    if not found:
        said = "has no endpoint" if name is None else "has no endpoint of that name"
        refuse(f"{path} {said}. Nothing was sent and nothing was changed.", 2)
    return found


def _read(path: Path) -> "tuple[Endpoint, ...]":
    from bot import webhook_file
    from bot.webhook_file import WebhooksError

    try:
        return webhook_file.read(path)
    except WebhooksError as error:
        listed = "\n".join(f"  {problem}" for problem in error.problems)
        refuse(f"{path}: not understood; the bot would not start with it.\n{listed}", 2)


def _named() -> Path:
    from sendsecret.environments import gathered

    named = gathered().get("WEBHOOKS_FILE")
    if named is None:
        refuse("There are no webhooks here: WEBHOOKS_FILE is not set. docs/webhooks.md says how to name some.", 2)
    return Path(named)


def _with_store(act: "Callable[[Store], Awaitable[None]]") -> None:
    from sendsecret.audit_log import LogSettings
    from store.errors import StoreError
    from store.opened import opened

    settings = operators_settings(LogSettings)

    async def whole() -> None:
        async with opened(settings, program="bot", event_key=settings.signing_dir / "event-bot.key") as store:
            await act(store)

    run_program(whole(), StoreError)
