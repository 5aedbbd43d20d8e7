"""Whose a record is to do something with, by its workspace: an office in one is none over what another has made."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from bot import record_form_wording as wording
from bot.policy import Policy
from bot.record_rights import RecordRights
from sandbox.fixtures import DANA, MAYA, OTHER_TEAM, TEAM
from store import records
from store.errors import KeyUnreadableError
from store.formats.record_key_v1 import RecordKey
from store.opened import Store
from store.records import Named
from store.schema_of_records import records as table
from store.words import Actor
from tests.bot import looking_back
from tests.bot.looking_back import PEOPLE, Known, Screen, typed_by
from tests.stores import Home

LABELS = {TEAM: "of this workspace", OTHER_TEAM: "of another workspace", None: "of the operators"}


@pytest.fixture
async def store(sqlite_home: Home) -> AsyncIterator[Store]:
    """The store as the bot holds it."""
    async with sqlite_home.open("bot") as store:
        yield store


async def made(store: Store, team: str | None, owner: str | None = MAYA) -> RecordKey:
    """A record that was made there, and whose key Dana has."""
    named = Named(LABELS[team], owner=owner, recipient=DANA, team=team)
    return (await records.make(store, named, "x", lives_seconds=3600, by=Actor.SENDER))[0]


def rights(store: Store) -> RecordRights:
    """The bot's of this workspace."""
    return RecordRights(store, Known(), looking_back.rights(), Policy())


@pytest.mark.parametrize(
    ("team", "may"),
    [
        (TEAM, {"sender": Actor.SENDER, "administrator": Actor.ADMIN, "both": Actor.ADMIN}),
        (OTHER_TEAM, {}),
        (None, {"administrator": Actor.ADMIN, "both": Actor.ADMIN}),
    ],
)
async def test_who_acts_on_a_record(store: Store, team: str | None, may: dict[str, Actor]) -> None:
    """Whoever made it here, and administrators; on what operators made administrators alone; on another's nobody."""
    key = await made(store, team)
    held = await records.find(store, key.id)
    for name, clicker in PEOPLE.items():
        expected = (held, may[name]) if name in may else wording.NOT_YOURS
        assert await rights(store).permitted(key.id_text, clicker) == expected, name


async def test_of_a_record_whose_name_cannot_be_read_nobody_knows_the_workspace(store: Store) -> None:
    """That is no refusal: it is said that the store is away, and nothing is done."""
    key = await made(store, TEAM)
    async with store.db.write() as tx:
        await tx.execute(update(table).values(personal=b"damaged"))
    with pytest.raises(KeyUnreadableError):
        await rights(store).permitted(key.id_text, PEOPLE["administrator"])


async def test_an_incident_lists_what_was_handed_over_here(store: Store) -> None:
    """To an administrator and to its sender: no record of another workspace."""
    for team in (TEAM, OTHER_TEAM):
        await made(store, team)
    for who in ("administrator", "sender"):
        screen = Screen()
        await looking_back.incident_desk(store, screen).answer(f"<@{DANA}>", typed_by(PEOPLE[who]))
        assert LABELS[TEAM] in screen.text
        assert LABELS[OTHER_TEAM] not in screen.text
