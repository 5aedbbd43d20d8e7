"""`sendsecret login`: a server and a token, checked with the server before they are kept."""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from sendsecret.sending import login_file, wording
from sendsecret.sending.login_file import Login
from sendsecret.sending.order_routes import OrderRoutes
from sendsecret.sending.ordering import tell, turn_away
from sendsecret.talking import terminal
from sendsecret.talking.patience import until_answered
from sendsecret.talking.refusals import Refused

Say = Callable[[str], None]

CHECK_SECONDS: Final = 5


def log_in(address: str | None, say: Say) -> tuple[Login, int, Path]:
    """The login that is kept from now on, until when (Unix seconds) its token serves, where. Raises StoppedError."""
    where = login_file.path(os.environ)
    url = login_file.server(terminal.visible(wording.ASK_SERVER) if address is None else address)
    # Never an argument: what stands on the line is seen by others of this computer and stays in the shell's history.
    typed = terminal.hidden(wording.ASK_TOKEN) if sys.stdin.isatty() else terminal.piped_line("token")
    login = Login(url, login_file.token_in(typed))
    with asyncio.Runner() as runner:
        routes = OrderRoutes(login, runner)
        say(f"Asking {routes.host}…")
        known = until_answered(routes.whose, tell(say), CHECK_SECONDS, ("certificate", "proxy", "redirected"))
    if isinstance(known, Refused):
        turn_away(known)
    until = _day(known.until)
    login_file.keep(login, where)
    say(wording.LOGGED_IN.format(host=routes.host, until=until, path=where))
    return login, known.until, where


def _day(until: int) -> str:
    try:
        return datetime.fromtimestamp(until).astimezone().strftime("%d %B %Y")
    except (ValueError, OverflowError, OSError):
        # A year that no calendar has is none of our servers' answers.
        turn_away(Refused("unavailable", why="not-ours"))


def log_out(say: Say) -> Path:
    """Forget the login. Raises StoppedError."""
    where = login_file.path(os.environ)
    login_file.forget(where)
    say(wording.LOGGED_OUT.format(path=where))
    return where
