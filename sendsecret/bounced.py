"""
`sendsecret bounced`: a mail system hands over what came to SMTP_FROM, one e-mail at a time.

Exit codes are those of sysexits.h, by which mail systems know whether to keep an e-mail and try again.  What is said
may end up in their logs, or in an answer to somebody: it names no person and repeats nothing of the e-mail.
"""

import asyncio
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click

from sendsecret.no_core import leave_no_core
from sendsecret.operating import operators_settings, refuse

if TYPE_CHECKING:
    from bot.mail_bounced import Became
    from sendsecret.audit_log import LogSettings

_USAGE, _TRY_AGAIN = 64, 75
_MOST_BYTES: Final = 1024 * 1024
"""A report and the header of what came back stand at the start; behind that is only the rest of a message."""
_AT_ONCE: Final = 64 * 1024
_KEPT: Final = "Nothing of it is lost: the mail system is to hand it over again."


class _WronglyUsedError(click.UsageError):
    exit_code = _USAGE


class _ForMailSystems(click.Command):
    """A command whose wrong use has an exit code that a mail system understands."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """As click makes it."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _WronglyUsedError(error.message, error.ctx) from None


@click.command("bounced", cls=_ForMailSystems)
def bounced() -> None:
    """
    Read one e-mail that came to SMTP_FROM from standard input, as a mail system or fetchmail calls it.

    Where it reports that a letter with a link failed for good, the drop ends as undelivered, its secret is destroyed,
    and the running bot tells the sender why. Every other e-mail changes nothing, an answer or an out-of-office note
    too. README, By e-mail, says how to connect it.

    Exit codes, of sysexits.h: 0 read, also when it is nothing of ours; 64 used wrongly; 75 the store is away or a
    setting is wrong: hand it over again.
    """
    try:
        code = _read_one()
    except Exception as error:  # noqa: BLE001 - a traceback would go into a mail system's log, with parts of the e-mail
        from store.logs import place_of

        click.echo(f"Something unforeseen: {place_of(error)}. {_KEPT}", err=True)
        code = _TRY_AGAIN
    sys.exit(code)


def _read_one() -> int:
    from sendsecret.audit_log import LogSettings

    leave_no_core()
    source = sys.stdin.buffer
    if source.isatty():
        refuse("`sendsecret bounced` reads one e-mail from standard input. Nothing was changed.", _USAGE)
    settings = operators_settings(LogSettings, code=_TRY_AGAIN)
    return asyncio.run(_take(settings, _read(source)))


def _read(source: BinaryIO) -> bytes:
    """The start of it.  The rest is read and let go: a mail system may take a pipe that breaks for a failure."""
    raw = source.read(_MOST_BYTES)
    while source.read(_AT_ONCE):
        pass
    return raw


async def _take(settings: "LogSettings", raw: bytes) -> int:
    from store.errors import StoreError

    try:
        became, drop_id = await _act_on(settings, raw)
    except StoreError as error:
        sentence = str(error)
        click.echo(f"{sentence}{'' if sentence.endswith('?') else '.'} {_KEPT}", err=True)
        return _TRY_AGAIN
    click.echo(_said(became, drop_id))
    return 0


async def _act_on(settings: "LogSettings", raw: bytes) -> "tuple[Became, bytes | None]":
    from bot.mail_bounced import take_back
    from store.database import is_there
    from store.errors import StoreMismatchError
    from store.opened import opened

    # The mail system chooses the folder that a relative path begins in; an empty database made there helps nobody.
    if not is_there(settings.database_url.get_secret_value()):
        raise StoreMismatchError("there is no database at DATABASE_URL")
    async with opened(settings, program="bot", event_key=settings.signing_dir / "event-bot.key") as store:
        return await take_back(store, raw)


def _said(became: "Became", drop_id: bytes | None) -> str:
    from bot.audit_messages import short
    from bot.mail_bounced import Became

    name = "" if drop_id is None else short(drop_id)
    return {
        Became.NOT_OURS: "No report that a letter of ours failed, or its drop is over for weeks. Nothing was changed.",
        Became.ELSEWHERE: (
            f"Drop {name}: the report is about another address than the letter's, to which it was sent on; the letter "
            "may have arrived. Nothing was changed."
        ),
        Became.OVER: f"Drop {name}: over, or a passphrase was tried, before this report came. Nothing was changed.",
        Became.ENDED: f"Drop {name}: its letter came back. It is undelivered and destroyed; the bot tells its sender.",
    }[became]
