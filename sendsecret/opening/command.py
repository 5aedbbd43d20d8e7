"""`sendsecret open`: what may stand on its line, and how it ends."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from sendsecret.no_core import leave_no_core
from sendsecret.opening.stopping import Exit, StoppedError
from sendsecret.talking import stopping


@click.command("open")
@click.argument("link", required=False)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A new file for it, for you alone to read; `-` for none."
)
@click.option("--force", is_flag=True, help="With --output: replace a plain file that is there already.")
@click.option("--passphrase-stdin", "is_piped", is_flag=True, help="Read it from standard input, after a link by `-`.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, for programs.")
def open_(link: str | None, output: Path | None, force: bool, is_piped: bool, as_json: bool) -> None:
    """
    Open a link here instead of in a browser: no JavaScript, nothing of the server runs on your computer.

    \b
      sendsecret open                      asks for the link and the passphrase
      sendsecret open > key.pem            the same, byte for byte into a file or a pipe
      sendsecret open -o key.pem           a new file, readable by you alone
      sendsecret open - < link.txt         LINK `-` reads one line of standard input

    Best give no LINK: what stands on the line can be seen by others of this computer and stays in your shell's
    history. Link key and passphrase never leave this computer; the server is told that you know them, and no more.

    You see who sent what, and until when, before you are asked for the passphrase. Nothing is used up until the right
    one is entered; a wrong one costs one of five tries. A text at a terminal is shown, or written into a file, as you
    then say; a file is never shown. HTTPS_PROXY and NO_PROXY are honoured; no setting and no .env is read.

    For scripts: --passphrase-stdin tries one line of standard input once, and asks nobody anything. For a link that
    needs no passphrase that line is the word open. With --json the object holds `state` (opened or stopped), and
    either the secret (`text`, or `name`, `type` and `base64`) or `output`, or `problem` and `sentence`.

    \b
    Exit codes:
      0    opened and handed out
      1    nothing to open: it has ended, or there is no such link
      2    wrong options, a cut link, or nobody to ask; nothing was sent
      3    this computer's own trouble: the file cannot be written
      4    wrong passphrase, too soon, or locked
      5    not now: paused, or to be opened from Slack first
      6    no answer from the server, or none of ours
      7    damaged, or not what belongs to the link
      130  stopped by Ctrl-C
    """
    leave_no_core()
    # Late: `sendsecret --help` needs no client for HTTP.
    from sendsecret.opening.from_link_to_secret import Asked, open_link

    asked = Asked(link, None if output == Path("-") else output, force, as_json, is_piped)
    try:
        code = open_link(asked, _say)
    except stopping.StoppedError as stopped:
        _stop(stopped, as_json=as_json)
    except (KeyboardInterrupt, EOFError):
        _stop(StoppedError("interrupted", "\nStopped. No secret was given out."), as_json=as_json)
    sys.exit(code)


def _say(sentence: str) -> None:
    # Whoever read standard error may be gone; what is still to be handed out must not be lost for that.
    with suppress(OSError):
        click.echo(sentence, err=True)


def _stop(stopped: stopping.StoppedError, *, as_json: bool) -> NoReturn:
    from sendsecret.opening.handing_out import print_json

    _say(stopped.sentence)
    if as_json:
        said = {"problem": stopped.problem, "sentence": stopped.sentence.strip(), **stopped.facts}
        try:
            print_json({"state": "stopped", **said})
        except OSError:
            sys.exit(Exit.LOCAL)
    sys.exit(stopped.code)
