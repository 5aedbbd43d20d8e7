"""
What the settings say, as far as they can be understood: a wrong one must not hide what else is wrong.

Each problem is kept by the name of its setting; the setting counts as not given, and the rest is read again without it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from bot.settings import BotSettings
from reveal_web.settings import WebSettings
from sendsecret import environments
from store.settings import SettingsError, StoreSettings, read_settings, secret

S = TypeVar("S", bound=StoreSettings)

_NAMED: Final = re.compile(r"([A-Z][A-Z0-9_]+)")
_NO_URL: Final = "http://localhost"
"""Stands in for one that is missing or wrong, so that the rest can be read."""


class _Places(StoreSettings):
    """What both programs share, and SIGNING_DIR, with or without a PUBLIC_URL."""

    public_url: str = _NO_URL
    signing_dir: Path = Path("signing")


@dataclass(frozen=True)
class Known:
    """
    `bot` and `web` are None where that program would not start, and `problems` say why.

    `public_url` is empty, and `database_url` None, where the setting is missing or wrong.
    """

    problems: tuple[str, ...]
    public_url: str
    database_url: str | None
    places: StoreSettings
    signing_dir: Path
    bot: BotSettings | None
    web: WebSettings | None

    @property
    def keyring_dir(self) -> Path:
        """Where the keys are, or would be."""
        return self.places.keyring_dir

    @property
    def keyring_url(self) -> str:
        """Where the keys are instead, where that is a server; empty where it is not, or the setting is wrong."""
        return secret(self.places.keyring_url)


def known() -> Known:
    """Out of the environment and `.env`; never raises."""
    everything, problems = _gathered()
    programs: dict[str, StoreSettings | None] = {}
    for program, kind in environments.PROGRAMS.items():
        found, why = _read(kind, environments.for_program(program, everything))
        programs[program] = found
        problems += [one for one in why if one not in problems]
    places, wrong = _places(environments.for_migration(everything))
    return Known(
        tuple(problems),
        "" if "PUBLIC_URL" in wrong else places.public_url,
        None if "DATABASE_URL" in wrong else secret(places.database_url),
        places,
        places.signing_dir,
        cast("BotSettings | None", programs["bot"]),
        cast("WebSettings | None", programs["web"]),
    )


def _gathered() -> tuple[dict[str, str], list[str]]:
    try:
        return environments.gathered(), []
    except (OSError, UnicodeDecodeError) as error:
        # The environment alone may be all that there is to read.
        return environments.gathered(Path("/dev/null")), [f".env cannot be read ({type(error).__name__})"]


def _read(kind: type[S], told: Mapping[str, str]) -> tuple[S | None, list[str]]:
    with environments.told(told):
        try:
            return read_settings(kind), []
        except SettingsError as error:
            return None, error.problems


def _places(told: dict[str, str]) -> tuple[_Places, set[str]]:
    """Without whatever is wrong; and the names of that."""
    wrong: set[str] = {"PUBLIC_URL"} - {name.removesuffix("_FILE") for name in told}
    while True:
        found, problems = _read(_Places, told)
        if found is not None:
            return found, wrong
        named = {name.removesuffix("_FILE") for text in problems for name in _NAMED.findall(text) if name in told}
        if not named:
            # Nothing that was given can be to blame: met again for ever, were it not said.
            raise SettingsError(problems)
        wrong |= named
        told = {name: value for name, value in told.items() if name.removesuffix("_FILE") not in wrong}


def folder_of(database_url: str | None) -> Path | None:
    """Where a SQLite database is; None for any other."""
    from sqlalchemy import make_url

    if database_url is None or not database_url.startswith("sqlite"):
        return None
    path: Any = make_url(database_url).database
    return Path(path).absolute().parent if path else None
