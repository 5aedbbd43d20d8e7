"""What doctor says of a keyring whose keys are on a server, well and broken."""

from dataclasses import replace
from pathlib import Path

import pytest

from store import claims, endings
from store.keyring import KeyState
from tests.doctor.patient import Patient
from tests.keyring_on_server import looked_at, moved, told
from tests.postgres import Postgres
from tests.store.living import SOMEBODY, created
from tests.store.reading import row_of
from tests.store.recording import VALUE, made, read


@pytest.fixture
def served(sqlite_patient: Patient, postgres: Postgres) -> Patient:
    """A well installation with its keys there."""
    return replace(sqlite_patient, home=moved(sqlite_patient.home, postgres.new_database()))


async def test_a_server_that_is_well(served: Patient) -> None:
    """Nothing to mend; `doctor --check-store`, `keys list` and `verify --store` look there, too."""
    async with served.home.open("bot") as store:
        await created(store)
    said = await served.doctor()
    assert said.about("keyring", "bad") == said.about("keyring", "warn") == [], said.out
    said.require("keyring", "ok", "its server answers, and holds this keyring")
    said.require("keyring", "ok", "feeds no standby and archives no WAL")
    assert (await served.type("doctor", "--check-store")).code == 0
    assert "1 key, one a drop" in (await served.type("keys", "list")).out
    assert "which names this keyring" in (await served.type("verify", "--store")).out


async def test_what_is_wrong_with_a_server_is_named(served: Patient, postgres: Postgres) -> None:
    """One thing after the other, the worst last; no line shows the address."""
    url = served.home.keyring_url
    told(url, "ALTER TABLE sendsecret_drop_keys SET LOGGED")
    told(url, "UPDATE sendsecret_keyring SET emptied_at = now()")
    told(url, "ALTER DATABASE " + url.partition("?")[0].rpartition("/")[2] + " SET log_statement = 'all'")
    said = await served.doctor()
    said.require("keyring", "bad", "not UNLOGGED any more")
    said.require("keyring", "bad", "writes statements with their values into its log")
    said.require("keyring", "warn", "was found empty")
    told(url, "UPDATE sendsecret_keyring SET keyring_id = 'server-other'")
    (await served.doctor()).require("keyring", "bad", "does not hold the keyring that KEYRING_DIR names")
    nobody = "postgresql+asyncpg://user:canary-password@localhost:9/none"
    said = await served.doctor(KEYRING_URL=nobody)
    said.require("keyring", "bad", "KEYRING_URL: the keyring's server does not do it")
    assert "canary" not in said.out + said.err
    said = await served.doctor(KEYRING_URL=nobody + "?ssl=verify-full", PGSSLROOTCERT="", HOME="/nowhere")
    said.require("keyring", "bad", "named in PGSSLROOTCERT")
    assert "canary" not in said.out + said.err


async def test_what_still_holds_deleted_keys_is_named(served: Patient) -> None:
    """A VACUUM that has just been is no proof that they are gone."""
    url = served.home.keyring_url
    async with looked_at(url):
        told(url, "INSERT INTO sendsecret_drop_keys VALUES ('one', 'key'), ('two', 'key')")
        told(url, "DELETE FROM sendsecret_drop_keys WHERE key = 'key'")
        told(url, "VACUUM sendsecret_drop_keys")
        said = await served.doctor()
    said.require("keyring", "warn", "deleted keys are not vacuumed away; what may hold them: the transaction of")


async def test_a_promoted_server_waits_for_a_word(served: Patient) -> None:
    """Doctor says so and what to make sure of; then what was open and what was claimed has ended."""
    url = served.home.keyring_url
    async with served.home.open("bot") as bot:
        left_open, claimed = [await created(bot) for _ in range(2)]
        await claims.claim(bot, claimed.present(), SOMEBODY)
    told(url, "TRUNCATE sendsecret_drop_keys")
    told(url, "UPDATE sendsecret_keyring SET timeline = '000000FF'")
    (await served.doctor()).require("keyring", "bad", "its server was promoted or recovered")
    refused = await served.doctor("--mark-lost", typed="no\n")
    assert (refused.code, "Nothing was changed" in refused.err) == (2, True)
    said = await served.doctor("--mark-lost", typed="lost\n")
    assert "was found empty. Ended as lost: 1." in said.out, said.out + said.err
    said = await served.doctor()
    assert said.about("keyring", "bad") == [], said.out
    said.require("keyring", "warn", "was found empty")
    async with served.home.open("bot") as bot:
        assert (await row_of(bot, left_open.new.id)).outcome == "lost"
        assert bot.keyring.state(claimed.new.id) is KeyState.ERASED


@pytest.mark.parametrize("patient", ["postgresql"], indirect=True)
async def test_one_server_for_both_is_a_warning(patient: Patient, postgres: Postgres) -> None:
    """Another database of the same server is let pass; whoever copies its files has both."""
    home = moved(patient.home, postgres.new_database())
    (await replace(patient, home=home).doctor()).require("keyring", "warn", "the very server that has the drops")


async def test_a_backup_has_no_key_and_is_put_back_beside_the_server(served: Patient, tmp_path: Path) -> None:
    """What was destroyed since is lost, what had begun to end is finished, what was open is revoked."""
    home = served.home
    async with home.open("bot") as bot:
        left_open, gone, claimed = [await created(bot) for _ in range(3)]
        record = await made(bot)
        await claims.claim(bot, presented := claimed.present(), SOMEBODY)
        backup = tmp_path / "backup"
        assert (await served.type("backup", str(backup))).code == 0
        held = b"".join(path.read_bytes() for path in backup.rglob("*") if path.is_file())
        for row in told(home.keyring_url, "SELECT key FROM sendsecret_drop_keys WHERE length(key) = 32"):
            assert row["key"] not in held
        assert home.keyring_url.encode() not in held
        await endings.revoke(bot, gone.new.id)
        await claims.acknowledge(bot, claimed.new.id, claimed.new.link_proof, presented.claim)
    done = await served.type("restore", str(backup), "--over")
    assert "Ended as lost, because their keys were erased since: 1." in done.out, done.out + done.err
    async with home.open("bot") as bot:
        outcomes = [(await row_of(bot, one.new.id)).outcome for one in (left_open, gone, claimed)]
        assert outcomes == ["revoked", "lost", "released"]
        assert await read(bot, record) == VALUE
    assert told(home.keyring_url, "SELECT id FROM sendsecret_gone") == []
