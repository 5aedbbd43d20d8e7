"""`sendsecret token`: the tokens that clients have, for whoever runs this; making one is its owner's, in Slack."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import click

from sendsecret.audit_log import LogSettings
from sendsecret.operating import operators_settings, refuse, run_program
from store import tokens
from store.errors import StoreError
from store.formats import base64url
from store.formats.api_token_v1 import ID_BYTES
from store.formats.errors import MalformedError
from store.opened import Store, opened
from store.words import Actor


@click.group()
def token() -> None:
    """The tokens with which `sendsecret send` asks: whose they are, and ending one."""


@token.command("list")
def list_tokens() -> None:
    """Print every token that serves: its name, whose it is, until when, when it was last used; nothing secret."""
    _run(_print)


# A name is base64url and may begin with a hyphen, or with `-h`.
@token.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("name", type=click.UNPROCESSED)
def revoke(name: str) -> None:
    """End the token NAME, whoever has it; what it has sent stays sent."""
    try:
        token_id = base64url.decode(name, ID_BYTES)
    except MalformedError:
        refuse("That is no token's name: `sendsecret token list` prints them. Nothing was changed.", 2)

    async def end(store: Store) -> None:
        if not await tokens.revoke(store, token_id, by=Actor.ADMIN):
            refuse("There is no such token, or it has ended already. Nothing was changed.", 2)
        click.echo(f"Ended: {name}. Whoever has it can do nothing with it any more.")

    _run(end)


async def _print(store: Store) -> None:
    for owner, held in await tokens.everybodys(store):
        used = "never used" if held.used_at is None else f"used {_day(held.used_at)}"
        click.echo(f"{base64url.encode(held.id)}  {owner.user_id:<12}  until {_day(held.until)}  {used}")


def _run(act: Callable[[Store], Awaitable[None]]) -> None:
    settings = operators_settings(LogSettings)

    async def whole() -> None:
        key = settings.signing_dir / "event-bot.key"
        async with opened(settings, program="bot", event_key=key) as store:
            await act(store)

    run_program(whole(), StoreError)


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%d")
