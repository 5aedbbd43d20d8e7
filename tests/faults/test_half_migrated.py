"""A migration that is killed at a step (F19): programs refuse what is half done, and the same command does the rest."""

from pathlib import Path

import pytest

from store import deliveries
from store.deliveries import Place
from store.schema_version import CURRENT
from tests.faults.page import Page, require_sound
from tests.faults.test_keyring_broken import CANNOT_START
from tests.programs import free_port, running, web
from tests.store.first_schema import copied_into_first_schema
from tests.store.living import created
from tests.store.reading import row_of
from tests.stores import Home, Sealed

LAST = int(CURRENT) - 1
"""The first release had schema 1."""


@pytest.fixture
async def first_release(home: Home, request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Home, Sealed]:
    """A database as the first release left it, with a drop that is open."""
    first = (
        Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/first.db")
        if home.database_url.startswith("sqlite")
        else Home(tmp_path, request.getfixturevalue("postgres").new_database())
    )
    async with home.open() as store:
        sealed = await created(store, lives_seconds=100_000, submission="V0", hint="the usual one")
        await deliveries.record_delivered(store, sealed.new.id, Place("D0DANA", "1.5"))
        await copied_into_first_schema(store, first.database_url, {sealed.new.id: "V0"})
    return first, sealed


@pytest.mark.parametrize("step", [1, 5, 11, LAST])
async def test_killed_at_a_step(first_release: tuple[Home, Sealed], step: int, tmp_path: Path) -> None:
    """At the first, at the one that seals names, in the midst and at the last: all or nothing, and then all."""
    home, sealed = first_release
    killed = home.environment() | {"KILLED_AT": str(step)}
    async with running(["tests.faults.killed_migration", "migrate"], killed, tmp_path / "killed.log") as migrating:
        assert await migrating.ended() == -9, migrating.written()
    environment = home.environment() | {"WEB_PORT": str(free_port())}
    async with running(["sendsecret", "web"], environment, tmp_path / "web.log") as refusing:
        assert await refusing.ended() == CANNOT_START
    assert "sendsecret migrate" in refusing.written()
    assert "Traceback" not in refusing.written()
    async with running(["sendsecret", "migrate"], home.environment(), tmp_path / "again.log") as again:
        assert await again.ended() == 0, again.written()
    async with home.open("bot") as store, web(home) as program:
        assert (await Page(sealed).told(program.port)).status == 200
        assert (await row_of(store, sealed.new.id)).guesses == 1


async def test_killed_while_a_new_installation_is_made(tmp_path: Path) -> None:
    """The keyring is there and the database is not: the same command makes it, and with that keyring."""
    home = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/new.db")
    killed = home.environment() | {"KILLED_AT": "7"}
    async with running(["tests.faults.killed_migration", "migrate"], killed, tmp_path / "killed.log") as migrating:
        assert await migrating.ended() == -9, migrating.written()
    pepper = (home.keyring / "pepper").read_bytes()
    async with running(["sendsecret", "migrate"], home.environment(), tmp_path / "again.log") as again:
        assert await again.ended() == 0, again.written()
    assert (home.keyring / "pepper").read_bytes() == pepper
    async with home.open("bot") as store:
        await created(store)
    await require_sound(home)
