"""
`sendsecret backup`: the database, the public halves of keys, and the settings that are no secret.

The keyring is never in it: whoever has both needs only a link.  Nor is any private key, nor `checkpoint.latest`, by
which a restored database is told from the true one.
"""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
from pydantic import SecretStr
from sqlalchemy import select

from sendsecret import environments
from sendsecret.audit_log import LogSettings
from sendsecret.keeping import engines, folder
from store.clock import Clock
from store.database import Database, is_there
from store.errors import StoreMismatchError
from store.key_files import write_new
from store.schema import installation
from store.schema_version import CURRENT, require_current_schema

_PUBLIC: Final = "public"
_SETTINGS: Final = "settings.txt"
APART: Final = (
    "Not in it, and to be kept apart from it: event-bot.key, log.key and log.before of SIGNING_DIR (docs/keys.md), the "
    "tokens and passwords of your settings. Never copy KEYRING_DIR, the server in KEYRING_URL or checkpoint.latest "
    "anywhere."
)


def make(settings: LogSettings, target: Path) -> None:
    """Raises FolderError, ToolError, StoreMismatchError and StoreUnavailableError, each with a sentence."""
    url = settings.database_url.get_secret_value()
    if not is_there(url):
        raise StoreMismatchError("there is no database at DATABASE_URL. Nothing was written")
    facts = {
        "made_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "engine": engines.engine_of(url),
        "schema": CURRENT,
        "keyring_id": asyncio.run(_keyring_id(settings)),
    }
    with folder.new(target, facts, outside=(settings.keyring_dir, settings.signing_dir)) as place:
        engines.copy_out(url, place)
        _public(settings.signing_dir, place / _PUBLIC)
        write_new(place / _SETTINGS, _settings().encode())
    click.echo(f"Whole, with its manifest: {target}. {APART}")


async def _keyring_id(settings: LogSettings) -> str:
    db = Database(settings.database_url.get_secret_value(), Clock())
    try:
        await require_current_schema(db)
        async with db.read() as tx:
            return str((await tx.execute(select(installation.c.keyring_id))).scalar_one())
    finally:
        await db.close()


def _public(signing_dir: Path, target: Path) -> None:
    """Whom the log believes and who is retired, and the public keys of earlier logs."""
    target.mkdir(mode=0o700)
    for path in (*sorted((signing_dir / "trusted").glob("*")), signing_dir / "log.before"):
        if path.suffix in (".jwk", ".retired", ".before") and path.is_file():
            shutil.copyfile(path, target / path.name)
            folder.keep(target / path.name)


def _settings() -> str:
    """Those that were given, by name; of a secret, that there is one."""
    everything = environments.gathered()
    secret = {
        name.upper()
        for kind in environments.PROGRAMS.values()
        for name, field in kind.model_fields.items()
        if SecretStr.__name__ in str(field.annotation)
    }
    known = {name.upper() for kind in environments.PROGRAMS.values() for name in kind.model_fields}
    lines: list[str] = []
    for name in sorted(known):
        value: Any = everything.get(name)
        if name in secret and (value or everything.get(f"{name}_FILE")):
            lines.append(f"# {name} is a secret, and not here")
        elif value:
            lines.append(f"{name}={value}")
    return "".join(f"{line}\n" for line in lines)
