"""`sendsecret doctor --mark-lost`: what is open and has no key any more ends as lost, once somebody vouches for it."""

from typing import Final

import click

from sendsecret.audit_log import LogSettings
from sendsecret.operating import operators_settings, refuse, run_program
from store import emptied, lost_keys, sweeper
from store.errors import StoreError
from store.keys import event_keys
from store.keys_on_server import KeyringOnServer
from store.lost_keys import Lost
from store.opened import Store, opened

_WORD: Final = "lost"
_EMPTY: Final = (
    "KEYRING_DIR has no key at all. An empty folder under a mount that is not there looks just like this: make sure."
)
_PROMOTED: Final = (
    "The server of KEYRING_URL was promoted or recovered, and its table of drop keys is empty for that. The server of "
    "before may have every key still: its data directory is to be destroyed first. What is open then ends as lost, "
    "which cannot be undone."
)
_EMPTIED: Final = "The table of drop keys was found empty. Ended as lost: {count}. Senders are told."
_BEGUN: Final = (
    "{count} more are claimed or ending, and nobody can open them. They stay as they are: their receipts would say "
    "that we erased a key that is only gone. They end by themselves if the keys come back."
)


def mark_lost(*, is_sure: bool) -> int:
    """Count, ask, end; the exit code."""
    settings = operators_settings(LogSettings)
    ended = 0

    async def whole() -> None:
        nonlocal ended
        event_key = event_keys.files(settings.keyring_dir, settings.signing_dir)[event_keys.BOT]
        async with opened(settings, program="bot", event_key=event_key) as store:
            await _note_emptied(store, is_sure=is_sure)
            lost = await lost_keys.find(store)
            await _tell(store, lost)
            if len(lost):
                if not is_sure:
                    _require_word("Is the true keyring mounted, and are these keys gone for good?")
                ended = await lost_keys.mark(store, lost)
                click.echo(f"Ended as lost: {ended}. Their senders are told, and each drop has its receipt.")

    run_program(whole(), StoreError)
    return 0


async def _note_emptied(store: Store, *, is_sure: bool) -> None:
    keyring = store.keyring
    if isinstance(keyring, KeyringOnServer) and keyring.is_promoted():
        click.echo(_PROMOTED)
        if not is_sure:
            _require_word("Is this the true server, and is the data directory of the one before destroyed?")
        keyring.vouch()
    if await emptied.note(store):
        click.echo(_EMPTIED.format(count=(await sweeper.sweep_keys(store)).ended))


async def _tell(store: Store, lost: Lost) -> None:
    if not len(lost):
        click.echo("Every open drop and every live record has its key; nothing was changed.")
    else:
        click.echo(
            f"Open and without a key: {len(lost.drops)} drops, {len(lost.records)} records. Nobody can open them; to "
            "end them cannot be undone, also where the true keyring turns up later."
        )
        if not store.keyring.ids() and not store.keyring.records.ids():
            click.echo(_EMPTY)
    if lost.begun:
        click.echo(_BEGUN.format(count=len(lost.begun)))


def _require_word(question: str) -> None:
    try:
        typed = click.prompt(f"{question} Type {_WORD}", default="", show_default=False)
    except click.Abort:
        typed = ""
    if typed.strip() != _WORD:
        refuse("Nothing was changed.", 2)
