"""By which way a link goes and to whose workspace, as it is stored and shown; on both engines."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from store import claims, deliveries, drops, endings
from store.opened import Store
from store.schema import drops as drops_table
from store.schema import messages
from store.words import Actor, Audience, Way
from tests.store.living import SOMEBODY, created
from tests.store.reading import events_of, notices_of, of_form, row_of, words_of


@pytest.mark.parametrize("way", Way)
async def test_a_drop_shows_its_way_and_its_recipients_workspace(store: Store, way: Way) -> None:
    """Both are shown as they were given; the record has the way in clear, and the workspace nowhere."""
    sealed = await created(store, way=way, recipient_team="TPARTNER")
    shown = await drops.find(store, sealed.new.id)
    assert shown is not None
    assert (shown.way, shown.recipient_team, shown.paused_at) == (way, "TPARTNER", None)
    (event,) = await events_of(store, sealed.new.id)
    assert event["way"] == way
    assert "TPARTNER" not in str(event)


async def test_a_drop_goes_by_dm_within_the_workspace_unless_told_otherwise(store: Store) -> None:
    """Who says nothing means a DM, and knows no other workspace."""
    sealed = await created(store, submission="V1")
    sending = await drops.of_sending(store, "V1", sealed.new.recipient_id)
    for shown in (await drops.find(store, sealed.new.id), sending, *await of_form(store, "V1")):
        assert shown is not None
        assert (shown.way, shown.recipient_team) == (Way.DM, None)


async def test_the_database_refuses_an_unknown_way(store: Store) -> None:
    """A word that is not pinned, or none, is refused at creation and afterwards, and nothing is kept."""
    sealed = await created(store)
    for way in ("pigeon", "", "DM"):
        with pytest.raises(IntegrityError):
            async with store.db.write() as tx:
                await tx.execute(update(drops_table).values(way=way))
    with pytest.raises(IntegrityError):
        async with store.db.write() as tx:
            await tx.execute(update(drops_table).values(way=None))
    assert (await row_of(store, sealed.new.id)).way == "dm"


async def test_what_leaves_nothing_to_be_edited_is_delivered_all_the_same(store: Store) -> None:
    """Without a place the delivery is recorded and told once, and no message is looked for afterwards."""
    sealed = await created(store, way=Way.HERE)
    for _ in range(2):
        assert await deliveries.record_delivered(store, sealed.new.id, None)
    assert await words_of(store, sealed.new.id) == ["created", "delivered"]
    assert (await notices_of(store, sealed.new.id)).count(("sender", "drop.delivered")) == 1
    assert (await row_of(store, sealed.new.id)).delivery == "delivered"
    assert await deliveries.place_of(store, sealed.new.id, Audience.RECIPIENT) is None
    async with store.db.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(messages)) == 0
    assert (await claims.claim(store, sealed.present(), SOMEBODY)).envelope == sealed.new.envelope
    assert await deliveries.record_delivered(store, sealed.new.id, None)  # opened before Slack's answer came


async def test_a_known_place_is_not_forgotten(store: Store) -> None:
    """Recording again without a place keeps the message that must become a tombstone."""
    sealed = await created(store)
    assert await deliveries.record_delivered(store, sealed.new.id, deliveries.Place("D1", "1.2"))
    assert await deliveries.record_delivered(store, sealed.new.id, None)
    assert await deliveries.place_of(store, sealed.new.id, Audience.RECIPIENT) == deliveries.Place("D1", "1.2")


async def test_a_way_that_comes_too_late_is_told(store: Store) -> None:
    """False where the drop had ended unopened, whatever the way."""
    sealed = await created(store, way=Way.SHOWN)
    await endings.revoke(store, sealed.new.id)
    assert not await deliveries.record_delivered(store, sealed.new.id, None)


def test_the_new_stored_words_are_pinned() -> None:
    """A stored word is never renamed."""
    assert [*Way] == ["dm", "shown", "here", "mail"]
    assert [*Actor] == ["holder", "sender", "recipient", "admin", "clock", "delivery", "keyring"]
