"""
How `sendsecret send`, `login` and `logout` end: whatever happens, with a sentence, an exit code, and no traceback.

From the first byte on that is handed in, the passphrase on this computer is the only one: no end may lose it.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

import click

from sendsecret.no_core import leave_no_core
from sendsecret.sending import wording
from sendsecret.sending.stopping import Exit, StoppedError
from sendsecret.talking import stopping

if TYPE_CHECKING:
    from sendsecret.sending.from_secret_to_delivery import Afoot


def run(whole: Callable[[], tuple[int, dict[str, object]]], afoot: "Afoot | None", *, as_json: bool) -> NoReturn:
    """Do the whole of it and exit; `afoot` is what it writes down of how far it went."""
    leave_no_core()
    try:
        code, said = whole()
    except stopping.StoppedError as stopped:
        _stop(stopped, as_json=as_json)
    except (KeyboardInterrupt, EOFError):
        _stop(_ended_by("interrupted", afoot, as_json=as_json), as_json=as_json)
    except Exception:  # noqa: BLE001 - its text and its traceback could hold anything, a secret too
        _stop(_ended_by("failed", afoot, as_json=as_json), as_json=as_json)
    if as_json:
        _print(said, code)
    sys.exit(code)


def say(sentence: str) -> None:
    """On standard error. Whoever read it may be gone; what is underway goes on all the same."""
    with suppress(OSError):
        click.echo(sentence, err=True)


def _ended_by(problem: str, afoot: "Afoot | None", *, as_json: bool) -> StoppedError:
    if afoot is None or afoot.said is None:
        return StoppedError(problem, wording.INTERRUPTED if problem == "interrupted" else wording.FAILED)
    if not as_json and not afoot.is_shown:
        show(afoot.said)
    is_kept = afoot.said.get("link") is not None
    if problem == "failed":
        sentence = wording.FAILED_AFTER_KEPT if is_kept else wording.FAILED_AFTER
    elif afoot.is_in:
        sentence = wording.INTERRUPTED_WAITING_KEPT if is_kept else wording.INTERRUPTED_WAITING
    else:
        sentence = wording.UNSURE_KEPT if is_kept else wording.UNSURE
    return StoppedError(problem, sentence, **afoot.said)


def _stop(stopped: stopping.StoppedError, *, as_json: bool) -> NoReturn:
    say(stopped.sentence)
    if as_json:
        said = {"problem": stopped.problem, "sentence": stopped.sentence.strip(), **stopped.facts}
        _print({"state": "stopped", **said}, stopped.code)
    sys.exit(stopped.code)


def _print(said: dict[str, object], code: int) -> None:
    try:
        # In ASCII: the encoding of standard output is whatever somebody set it to.
        click.echo(json.dumps(said))
    except OSError:
        _leave_output()
        if "drop" not in said or code == Exit.UNDELIVERED:
            sys.exit(code)
        say(wording.UNTOLD)
        _say_both(said)
        sys.exit(Exit.UNTOLD)


def show(said: Mapping[str, object]) -> None:
    """What nobody else has: the passphrase on standard error, and a link that the sender passes on, on the other."""
    if said.get("link") is None:
        _say_both(said)
        return
    try:
        click.echo(str(said["link"]))
    except OSError:
        _leave_output()
        _say_both(said)
    else:
        _say_both({**said, "link": None})


def _say_both(said: Mapping[str, object]) -> None:
    if said.get("passphrase") is not None:
        say(wording.PASS_ON.format(passphrase=said["passphrase"]))
    if said.get("link") is not None:
        say(wording.LINK_SHOWN.format(link=said["link"]))


def _leave_output() -> None:
    # What is left in its buffer would fail once more at the end, with an exit code of Python's own.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
