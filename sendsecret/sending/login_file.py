"""
Where a login is kept: one file, for its owner alone, written whole or not at all; or the environment.

Whoever can read the token can send in its owner's name.  A file that others may read is refused rather than used.
"""

import json
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sendsecret.sending import wording
from sendsecret.sending.stopping import StoppedError
from sendsecret.talking.addresses import LOCAL_HOSTS, is_plain
from store.formats import api_token_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.errors import MalformedError

_MOST_BYTES: Final = 4096
_NAME: Final = "login.json"


@dataclass(frozen=True, slots=True)
class Login:
    """A server, and the token for it."""

    url: str
    token: ApiToken = field(repr=False)

    @property
    def is_local(self) -> bool:
        """Whether the server is on this very computer."""
        return urlsplit(self.url).hostname in LOCAL_HOSTS


def path(environment: Mapping[str, str]) -> Path:
    """The file, which need not be there."""
    config = environment.get("XDG_CONFIG_HOME", "")
    # The specification of these folders has a relative one ignored.
    base = Path(config) if config.startswith("/") else Path(environment.get("HOME", "~")).expanduser() / ".config"
    return base / "sendsecret" / _NAME


def find(environment: Mapping[str, str]) -> Login:
    """The login to use: what the environment says, else the file. Raises StoppedError."""
    url = environment.get("SENDSECRET_URL", "")
    token = environment.get("SENDSECRET_TOKEN", "")
    token_file = environment.get("SENDSECRET_TOKEN_FILE", "")
    if not (url or token or token_file):
        return _read(path(environment))
    # A token for one server must not go to another, to which somebody once logged in here.
    if not url or bool(token) == bool(token_file):
        raise StoppedError(
            "not-logged-in",
            "In the environment, SENDSECRET_URL belongs with one of SENDSECRET_TOKEN and SENDSECRET_TOKEN_FILE. "
            + wording.NOTHING,
        )
    return Login(server(url), token_in(token or _text(Path(token_file))))


def server(text: str) -> str:
    """The address of a server, without a slash at its end. Raises StoppedError."""
    text = text.strip().rstrip("/")
    if not is_plain(text) or urlsplit(text).query or urlsplit(text).fragment:
        raise StoppedError("wrong-use", wording.NO_ADDRESS)
    parts = urlsplit(text)
    if parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS:
        raise StoppedError("wrong-use", wording.INSECURE)
    return text


def token_in(text: str) -> ApiToken:
    """The token in what was typed. Raises StoppedError; no sentence repeats any of it."""
    try:
        return api_token_v1.parse(text.strip())
    except MalformedError:
        raise StoppedError("cut-token", wording.CUT_TOKEN) from None


def keep(login: Login, where: Path) -> None:
    """Write the file in one step, mode 0600. Raises StoppedError."""
    try:
        where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made with mode 0600, beside it: a reader finds the old one or the new one, and nobody else finds either.
        number, name = tempfile.mkstemp(dir=where.parent, prefix=f".{_NAME}.")
        try:
            with os.fdopen(number, "w") as file:
                json.dump({"url": login.url, "token": login.token.text}, file)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(where)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoppedError(
            "unwritable", f"The login cannot be kept in {where} ({error.strerror}). Nothing was changed."
        ) from None


def forget(where: Path) -> None:
    """Remove the file. Raises StoppedError where there is none, or it cannot be removed."""
    try:
        with suppress(OSError), where.open("r+b") as file:
            file.write(bytes(where.stat().st_size))
            os.fsync(file.fileno())
        where.unlink()
    except FileNotFoundError:
        raise StoppedError("not-logged-in", "You are not logged in here. Nothing was changed.") from None
    except OSError as error:
        raise StoppedError("unwritable", f"{where} cannot be removed ({error.strerror}).") from None


def _read(where: Path) -> Login:
    try:
        with where.open("rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_mode & 0o077 or found.st_uid not in {os.geteuid(), 0}:
                raise StoppedError(
                    "unsafe-login",
                    f"{where} can be read by others, so it is not used. {wording.NOTHING} Others may have the token: "
                    "end it in Slack with /sendsecret token revoke, and log in again with another.",
                )
            said = json.loads(file.read(_MOST_BYTES))
        return Login(server(str(said["url"])), token_in(str(said["token"])))
    except FileNotFoundError:
        raise StoppedError("not-logged-in", wording.NOT_LOGGED_IN) from None
    except OSError as error:
        raise StoppedError("unreadable", f"{where} cannot be read ({error.strerror}). {wording.NOTHING}") from None
    except (ValueError, KeyError, TypeError):
        raise StoppedError("not-logged-in", f"{where} is damaged. {wording.NOT_LOGGED_IN}") from None


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST_BYTES).decode()
    except OSError as error:
        sentence = f"SENDSECRET_TOKEN_FILE cannot be read ({error.strerror}). {wording.NOTHING}"
        raise StoppedError("unreadable", sentence) from None
    except UnicodeDecodeError:
        raise StoppedError("cut-token", wording.CUT_TOKEN) from None
