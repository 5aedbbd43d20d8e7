"""
Who is told what: each program's environment, cut from the parent's.

Only the parent reads `.env`.  The web program faces the internet; what it was never given it cannot lose.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

from bot.settings import BotSettings
from reveal_web.settings import WebSettings
from store.settings import StoreSettings

_OF_THE_SYSTEM: Final = frozenset(
    {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT"}
    # Whom to believe: not ours, and libraries and drivers look for them by these names.
    | {"SSL_CERT_FILE", "SSL_CERT_DIR", "PGSSLROOTCERT"}
)

PROGRAMS: Final[Mapping[str, type[StoreSettings]]] = {"bot": BotSettings, "web": WebSettings}


def gathered(dotenv: Path = Path(".env")) -> dict[str, str]:
    """The parent's environment over what `.env` says; an empty value counts as not set."""
    from_file = {name: value for name, value in dotenv_values(dotenv).items() if value}
    return from_file | {name: value for name, value in os.environ.items() if value}


def for_any(everything: Mapping[str, str]) -> dict[str, str]:
    """What any process needs of `everything`: nothing of it is a setting of ours."""
    return {name: value for name, value in everything.items() if name in _OF_THE_SYSTEM}


def for_program(program: str, everything: Mapping[str, str]) -> dict[str, str]:
    """What "bot" or "web" may see of `everything`: its own settings and what any process needs."""
    own = {field.upper() for field in PROGRAMS[program].model_fields}
    allowed = own | {f"{name}_FILE" for name in own}
    return for_any(everything) | {name: value for name, value in everything.items() if name in allowed}


def for_migration(everything: Mapping[str, str]) -> dict[str, str]:
    """What the short process that makes schema and keys may see: no Slack token."""
    return for_program("web", everything) | {name: value for name, value in everything.items() if name == "SIGNING_DIR"}


@contextmanager
def told(what: Mapping[str, str]) -> Iterator[None]:
    """Settings that are read within see just this environment, as the program sees it that is told so."""
    kept = dict(os.environ)
    os.environ.clear()
    os.environ.update(what)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)
