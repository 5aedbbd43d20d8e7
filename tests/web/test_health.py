"""Alive is not ready: what an operator's probe and a load balancer are told."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from reveal_web.reader import health, unfinished
from store.keyring import Keyring
from tests.web import wire
from tests.web.conftest import World


async def ready(world: World) -> int:
    """The status of /readyz."""
    return (await world.ask(wire.get("/readyz"))).status


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing found before counts any more at the next question."""
    monkeypatch.setattr(health, "FRESH_SECONDS", 0)


@pytest.mark.usefixtures("fresh")
async def test_ready_means_that_the_keyring_is_there(world: World, tmp_path: Path) -> None:
    """An unmounted and a foreign keyring are not ready; the program is alive all the same, and ready again later."""
    keyring, away = world.settings.keyring_dir, tmp_path / "away"
    assert await ready(world) == 200
    keyring.rename(away)
    reply = await world.ask(wire.get("/readyz"))
    assert (reply.status, reply.slug, reply.headers["retry-after"]) == (503, "unavailable", "1")
    assert (await world.ask(wire.get("/healthz"))).status == 200
    Keyring.make(keyring)
    assert await ready(world) == 503
    keyring.rename(tmp_path / "foreign")
    away.rename(keyring)
    assert await ready(world) == 200


@pytest.mark.usefixtures("fresh")
async def test_ready_means_that_the_schema_is_ours(world: World) -> None:
    """A database of another release is not ready."""
    async with world.store.db.write() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    assert await ready(world) == 503


@pytest.mark.usefixtures("fresh")
async def test_ready_means_that_there_is_room(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that would begin nothing more says so, and is ready again when there is room."""
    with monkeypatch.context() as full:
        full.setattr(unfinished, "MOST_AT_ONCE", 0)
        assert await ready(world) == 503
    assert await ready(world) == 200


async def test_asking_often_asks_the_database_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred questions in one moment are one check."""
    checks = []

    async def counted(*_: object) -> bool:
        checks.append(1)
        return True

    monkeypatch.setattr(health, "_is_ready", counted)
    monkeypatch.setattr(health, "FRESH_SECONDS", 3600)
    assert set(await asyncio.gather(*(ready(world) for _ in range(100)))) == {200}
    assert len(checks) == 1
