"""`sendsecret send`, `login` and `logout`: what may stand on their lines, and the exit codes."""

import re
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from sendsecret.sending.ending import run, say
from sendsecret.sending.stopping import Exit, StoppedError
from store.formats.asked_order_v1 import NO_ENGAGEMENT

_SECONDS: Final = {"m": 60, "h": 3600, "d": 86400}


class Span(click.ParamType[int]):
    """A span of time: 30m, 24h, 14d; in seconds."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Seconds, or the usual refusal of a wrong option."""
        match = re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", str(value))
        if match is None:
            self.fail("a number and m, h or d, like 30m, 24h or 14d", param, ctx)
        return int(match[1]) * _SECONDS[match[2]]


class Day(click.ParamType[str]):
    """A day: 2026-12-31; or none."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The same, or the usual refusal of a wrong option."""
        text = str(value)
        try:
            if text == NO_ENGAGEMENT or date.fromisoformat(text).isoformat() == text:
                return text
        except ValueError:
            pass
        return self.fail("a day like 2026-12-31, or none", param, ctx)


class Key(click.ParamType[str]):
    """What names one sending: 1 to 255 visible characters of ASCII."""

    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The same, or the usual refusal of a wrong option."""
        if not re.fullmatch(r"[!-~]{1,255}", str(value)):
            self.fail("1 to 255 visible characters of ASCII, without blanks", param, ctx)
        return str(value)


@click.command("send")
@click.argument("recipient")
@click.option("-l", "--label", help="What it is, as the recipient reads it. Never the secret.")
@click.option("--hint", help="How they know the passphrase, as they read it.")
@click.option("-t", "--template", help="How it is handed over: the word behind /sendsecret @person, like stripe.")
@click.option("--engagement-ends", type=Day(), help="Where the template asks: until when the key is needed, or none.")
@click.option("--expires", type=Span(), help="For how long it can be opened, like 24h; else as the server has it.")
@click.option("-f", "--file", type=click.Path(path_type=Path), help="A file of up to 10 MiB, sealed byte for byte.")
@click.option("--reference", help="A ticket, for the record; the recipient does not see it.")
@click.option("--ask-passphrase", "asks", is_flag=True, help="Type a passphrase instead of having words made.")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="The same, from a file.")
@click.option(
    "-y",
    "--yes",
    "is_sure",
    is_flag=True,
    help="Also to a guest or somebody from outside, unasked; name them by member id.",
)
@click.option("--show-link", "shows_link", is_flag=True, help="Deliver nothing: the link on standard output for you.")
@click.option("--idempotency-key", type=Key(), help="Of several commands with this key, one sends; for 24 hours.")
@click.option("--no-wait", is_flag=True, help="End once it is handed in; it is delivered all the same.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, for programs.")
def send(
    recipient: str,
    label: str | None,
    hint: str | None,
    template: str | None,
    engagement_ends: str | None,
    expires: int | None,
    file: Path | None,
    reference: str | None,
    asks: bool,
    passphrase_file: Path | None,
    is_sure: bool,
    shows_link: bool,
    idempotency_key: str | None,
    no_wait: bool,
    as_json: bool,
) -> None:
    """
    Hand a secret to somebody in Slack: sealed on this computer, opened once, behind a passphrase.

    \b
      sendsecret send @dana -l "Deploy key"              asks for the secret, and shows nothing of it
      sendsecret send @dana -l "Deploy key" < key.pem    from a file or a pipe, byte for byte
      sendsecret send @dana -l "Backup" -f backup.p12    as a file, with its name
      sendsecret send @dana -t stripe --engagement-ends 2026-12-31    as the template says

    RECIPIENT is @ and a handle or display name exactly as Slack shows it, or a member id such as U0123456789. Secret,
    passphrase and link never leave this computer in clear, unless --show-link hands you the link; none of them may
    stand on the line, where others of this computer see it. Log in first: sendsecret login. HTTPS_PROXY and NO_PROXY
    are honoured.

    \b
    Exit codes:
      0    delivered; with --no-wait, handed in; with --idempotency-key, perhaps sent before
      1    not delivered: Slack did not take the link, and the secret was destroyed
      2    wrong options, nothing to send, or nobody to ask; nothing was sent
      3    this computer's own trouble: a file cannot be read; nothing was sent
      4    not logged in, or the token does not serve; nothing was sent
      5    refused: the recipient, the label, the time; nothing was sent
      6    no answer from the server or its bot; `problem` says whether anything was sent
      7    handed in, and not delivered within a minute; it goes on by itself
      8    handed in, or maybe; standard output takes nothing, and the passphrase stands on standard error
      9    a fault of this command's own; `sentence` says whether anything was sent
      130  stopped by Ctrl-C
    """
    from sendsecret.sending.from_secret_to_delivery import Afoot, Asked, Result
    from sendsecret.sending.from_secret_to_delivery import send as send_it

    asked = Asked(
        to=recipient,
        label=label,
        hint=hint,
        template=template,
        engagement_ends=engagement_ends,
        lives_seconds=expires,
        reference=reference,
        file=file,
        passphrase_file=passphrase_file,
        asks_passphrase=asks,
        is_sure=is_sure,
        shows_link=shows_link,
        key=idempotency_key,
        waits=not no_wait,
        as_json=as_json,
    )

    afoot = Afoot()

    def whole() -> tuple[int, dict[str, object]]:
        if asks and passphrase_file is not None:
            raise StoppedError("wrong-use", "--ask-passphrase and --passphrase-file exclude each other.")
        result: Result = send_it(asked, say, afoot)
        return result.code, result.said

    run(whole, afoot, as_json=as_json)


@click.command()
@click.argument("server", required=False)
def login(server: str | None) -> None:
    """
    Log in to the Sendsecret server at the address SERVER, with a token from `/sendsecret token` in Slack.

    The token is asked for, or read from standard input; it is kept in a file that you alone can read. Without a login,
    the environment counts: SENDSECRET_URL with SENDSECRET_TOKEN_FILE or SENDSECRET_TOKEN. Exit codes as of `send`.
    """
    from sendsecret.sending.logging_in import log_in

    def whole() -> tuple[int, dict[str, object]]:
        log_in(server, say)
        return Exit.DELIVERED, {}

    run(whole, None, as_json=False)


@click.command()
def logout() -> None:
    """Forget the token on this computer; in Slack, `/sendsecret token revoke` ends it everywhere."""
    from sendsecret.sending.logging_in import log_out

    def whole() -> tuple[int, dict[str, object]]:
        log_out(say)
        return Exit.DELIVERED, {}

    run(whole, None, as_json=False)
