"""What a running program has in memory from the start: nothing that it does not need for nearly everything it does."""

import subprocess
import sys

import pytest

from tests.programs import ROOT

_ORM, _MIGRATING, _PAGES = "sqlalchemy.orm", "alembic", "jinja2"
_POSTGRESQL, _SQLITE = "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite"
_NEVER = {_ORM, _MIGRATING, _PAGES, _POSTGRESQL, _SQLITE}


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("reveal_web.program", _NEVER | {"slack_sdk", "slack_bolt", "aiosmtplib", "yaml", "bot"}),
        ("bot.program", _NEVER | {"reveal_web"}),
        ("sendsecret.environments", _NEVER | {"slack_sdk", "aiohttp", "asyncpg", "cryptography"}),
        ("store.migrating", _NEVER | {"slack_sdk", "aiohttp"}),
        ("sendsecret.minding", {"asyncio", "click", "store", "bot", "reveal_web"}),
    ],
)
def test_a_program_imports_no_more_than_it_needs(module: str, never: set[str]) -> None:
    """Each engine's half of SQLAlchemy comes with the database; the rest when it is wanted, or not at all."""
    before = (
        "" if module == "sendsecret.minding" else "from sendsecret import without_orm; without_orm.run_without_orm(); "
    )
    script = f"{before}import sys, {module}; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(found.stdout.split()) & never == set()


def test_what_is_asked_for_of_the_package_in_part_makes_it_whole() -> None:
    """Nobody who wants sessions gets half of SQLAlchemy's asyncio, nor two of it."""
    script = (
        "from sendsecret import without_orm; without_orm.run_without_orm()\n"
        "from sqlalchemy.ext import asyncio\n"
        "first = asyncio.AsyncConnection\n"
        "from sqlalchemy.ext.asyncio import AsyncSession, AsyncConnection\n"
        "print(AsyncConnection is first, AsyncSession.__module__, hasattr(asyncio, 'nonsense'))"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["True", "sqlalchemy.ext.asyncio.session", "False"]
