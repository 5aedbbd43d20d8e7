"""`sendsecret token`: the tokens that clients have, for whoever runs this: listed, ended, and made for somebody."""

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

import click

from bot.people import People
from bot.settings import BotSettings
from bot.slack_calls import Slack, SlackError
from sendsecret import environments
from sendsecret.audit_log import LogSettings
from sendsecret.operating import operators_settings, refuse, run_program, settings_of
from sendsecret.person import id_of
from store import tokens
from store.errors import StoreError, TooManyTokensError
from store.formats import base64url
from store.formats.api_token_v1 import ID_BYTES
from store.formats.errors import MalformedError
from store.opened import Store, opened
from store.words import Actor, Scope

_UNREADABLE: Final = "owner unreadable"


@click.group()
def token() -> None:
    """The tokens of programs that act in somebody's name: whose they are, making and ending one."""


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


@token.command()
@click.option("--person", required=True, help="A user id of Slack, like U0123456789: in whose name it acts.")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice([one.value for one in Scope]),
    help="What it is for.",
)
@click.option("--days", default=tokens.MOST_DAYS, show_default=True, type=click.IntRange(1, tokens.MOST_DAYS))
def make(person: str, scopes: tuple[str, ...], days: int) -> None:
    """
    Make a token for somebody, and print it, once, on standard output.

    Slack is asked who that is: only whoever may send can have one.  The audit channel reads that it was made here.
    """
    user_id = id_of(person, code=2)
    if "@" in user_id:
        refuse("A token is for somebody in Slack: --person takes a user id, like U0123456789. None was made.", 2)
    os.environ.update(environments.for_program("bot", environments.gathered()))
    settings = settings_of(BotSettings)

    async def make_one() -> None:
        team_id = await _team_of(settings, user_id)
        async with opened(settings, program="bot", event_key=settings.event_key) as store:
            try:
                some = frozenset(Scope(one) for one in scopes)
                made, until = await tokens.make(store, team_id, user_id, scopes=some, days=days, by=Actor.ADMIN)
            except TooManyTokensError:
                refuse(f"They have {tokens.MOST_LIVE} tokens, as many as anybody may. No other was made.", 2)
        click.echo(made.text)
        click.echo(f"{made.id_text}: for {' '.join(sorted(some))}, until {_day(until)}. Shown this once.", err=True)

    run_program(make_one(), StoreError)


async def _team_of(settings: BotSettings, user_id: str) -> str:
    """The workspace in which they may have one; else the program ends."""
    async with Slack(settings.slack_bot_token.get_secret_value(), settings.slack_api_url) as slack:
        try:
            team_id = str((await slack.identity())["team_id"])
        except SlackError as error:
            why = getattr(error, "code", type(error).__name__)
            refuse(f"Slack did not say who the bot is ({why}). None was made; try again.", 3)
        found = await People(slack, team_id).find(user_id)
    if found is None:
        refuse("Slack does not say who that is. None was made.", 2)
    if not settings.policy.may_send(found):
        refuse("Their account is not one that may send, so that it can have no token. None was made.", 2)
    return team_id


async def _print(store: Store) -> None:
    for owner, held in await tokens.everybodys(store):
        used = "never used" if held.used_at is None else f"used {_day(held.used_at)}"
        scopes = ",".join(scope for scope in Scope if scope in held.scopes)
        whose = _UNREADABLE if owner is None else owner.user_id
        click.echo(f"{base64url.encode(held.id)}  {whose:<12}  {scopes:<16}  until {_day(held.until)}  {used}")


def _run(act: Callable[[Store], Awaitable[None]]) -> None:
    settings = operators_settings(LogSettings)

    async def whole() -> None:
        key = settings.signing_dir / "event-bot.key"
        async with opened(settings, program="bot", event_key=key) as store:
            await act(store)

    run_program(whole(), StoreError)


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%d")
