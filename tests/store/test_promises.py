"""What the database itself refuses, and what every event is."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from store import claims, creation, endings, signer
from store.door import Visitor
from store.opened import Store
from store.personal import disclosure_of
from store.schema import disclosures, drops, events, signers
from store.words import Event, Outcome, State
from tests.store.reading import claims_of, events_of, notices_of
from tests.stores import seal

# The driver, not SQLAlchemy, names what a trigger raises; either way the statement was refused.
REFUSED = (IntegrityError, DBAPIError)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "destroyed"},
        {"state": "ending"},
        {"state": "claimed"},
        {"state": "buried"},
        {"envelope": None},
        {"v2": None},
        {"outcome": "viewed"},
        {"round_guesses": 6},
        {"guesses": 16},
        {"unlocks": 3},
        {"sends": 4},
        {"claim_hash": b"somebody's"},
    ],
)
async def test_the_database_refuses_a_row_that_breaks_a_promise(store: Store, values: dict[str, object]) -> None:
    """Destroyed means no envelope and no V2, and the other promises of the schema, whoever writes."""
    sealed = seal()
    await creation.create(store, sealed.new)
    with pytest.raises(REFUSED):
        async with store.db.write() as tx:
            await tx.execute(update(drops).where(drops.c.id == sealed.new.id).values(**values))


async def test_events_are_append_only(store: Store) -> None:
    """Neither a change nor a deletion of an event gets past the database."""
    sealed = seal()
    await creation.create(store, sealed.new)
    for statement in (update(events).values(at=0), delete(events)):
        with pytest.raises(REFUSED):
            async with store.db.write() as tx:
                await tx.execute(statement)
    if not store.db.is_sqlite:
        with pytest.raises(REFUSED):
            async with store.db.write() as tx:
                await tx.execute(text("TRUNCATE events"))
    assert len(await events_of(store, sealed.new.id)) == 1


async def test_an_event_number_is_taken_once(store: Store) -> None:
    """Two events of a drop cannot share a number, so that a gap means a deletion."""
    sealed = seal()
    await creation.create(store, sealed.new)
    with pytest.raises(REFUSED):
        async with store.db.write() as tx:
            await tx.execute(
                events.insert().values(
                    drop_id=sealed.new.id, n=1, event="drop.created", at=0, jti="other", kid="k", leaf=b"x"
                )
            )


async def test_a_drop_has_one_claim_in_its_life_and_no_second_life(store: Store) -> None:
    """No statement gives a claimed drop another claim, or a destroyed one another state."""
    sealed = seal()
    await creation.create(store, sealed.new)
    presented = sealed.present()
    await claims.claim(store, presented, Visitor())
    with pytest.raises(REFUSED):
        async with store.db.write() as tx:
            await tx.execute(update(drops).values(claim_hash=b"another"))
    await claims.acknowledge(store, sealed.new.id, sealed.new.link_proof, presented.claim)
    with pytest.raises(REFUSED):
        async with store.db.write() as tx:
            await tx.execute(
                update(drops).values(state="sealed", envelope=b"e", v2=b"v", outcome=None, destroyed_at=None)
            )


async def test_every_event_is_signed_by_a_published_key(store: Store) -> None:
    """A leaf verifies under the key that its `kid` names in the database."""
    sealed = seal()
    await creation.create(store, sealed.new)
    await endings.revoke(store, sealed.new.id)
    async with store.db.read() as tx:
        leaves = (await tx.execute(select(events.c.leaf, events.c.kid, events.c.event))).all()
        jwks = {row.kid: row.jwk for row in (await tx.execute(select(signers))).all()}
    assert len(leaves) == 4
    types = {"drop.receipt": "deletion-receipt+sd-jwt"}
    for leaf in leaves:
        assert signer.verify(leaf.leaf, jwks[leaf.kid])["evt"] == leaf.event
        header = json.loads(urlsafe_b64decode(leaf.leaf.split(b".")[0] + b"=="))
        assert header == {"alg": "EdDSA", "kid": leaf.kid, "typ": types.get(leaf.event, "drop-event+sd-jwt")}


async def test_a_changed_leaf_does_not_verify(store: Store) -> None:
    """One other byte in the payload, and the signature is wrong."""
    sealed = seal()
    await creation.create(store, sealed.new)
    async with store.db.read() as tx:
        leaf, kid = (await tx.execute(select(events.c.leaf, events.c.kid))).one()
        jwk = (await tx.execute(select(signers.c.jwk).where(signers.c.kid == kid))).scalar_one()
    head, _, signature = leaf.split(b".")
    claims_of_leaf = claims_of(leaf) | {"n": 2}
    forged = urlsafe_b64encode(json.dumps(claims_of_leaf).encode()).rstrip(b"=")
    with pytest.raises(Exception, match=r"(?i)signature"):
        signer.verify(b".".join((head, forged, signature)), jwk)


async def test_people_and_labels_stand_only_in_erasable_disclosures(store: Store) -> None:
    """A leaf has salted digests; each disclosure fits one, and no leaf or notice names anybody."""
    sealed = seal()
    await creation.create(store, sealed.new)
    await claims.claim(store, sealed.present(), Visitor("198.51.100.0/24", "Firefox"))
    claims_of_events = await events_of(store, sealed.new.id)
    async with store.db.read() as tx:
        opened = [disclosure_of(store.months, row) or "" for row in await tx.execute(select(disclosures))]
    digests = {digest for event in claims_of_events for digest in event.get("_sd", [])}
    assert digests == {urlsafe_b64encode(hashlib.sha256(one.encode()).digest()).rstrip(b"=").decode() for one in opened}
    said = json.dumps(claims_of_events)
    for personal in ("UMAYA", "Maya", "UDANA", "Dana", "Stripe", "198.51", "Firefox", "TWORKSPACE"):
        assert any(personal in urlsafe_b64decode(one + "==").decode() for one in opened)
        assert personal not in said


async def test_the_envelope_is_committed_to_before_anything_is_destroyed(store: Store) -> None:
    """`drop.created` holds the hash of the very envelope that a claim receives."""
    sealed = seal()
    await creation.create(store, sealed.new)
    release = await claims.claim(store, sealed.present(), Visitor())
    created = (await events_of(store, sealed.new.id))[0]
    assert created["object"] == {
        "sha256": hashlib.sha256(release.envelope).hexdigest(),
        "bytes": len(release.envelope),
    }


async def test_the_security_team_is_told_of_every_event(store: Store) -> None:
    """Each event has its notice for the audit channel; endings are told to sender and recipient too."""
    sealed = seal()
    await creation.create(store, sealed.new)
    await endings.revoke(store, sealed.new.id)
    told = await notices_of(store, sealed.new.id)
    words = [event["evt"] for event in await events_of(store, sealed.new.id)]
    assert [word for audience, word in told if audience == "audit"] == words
    assert {audience for audience, word in told if word == "drop.destroyed"} == {"audit", "sender", "recipient"}


def test_stored_words_are_pinned() -> None:
    """A stored word is never renamed."""
    assert [*State] == ["sealed", "locked", "claimed", "ending", "destroyed"]
    assert [*Outcome] == ["viewed", "released", "revoked", "expired", "undelivered", "locked_out", "lost"]
    drop = "created delivered undelivered door_opened recipient_verified recipient_refused passphrase_failed locked"
    drop += " unlocked claimed redelivered acknowledged revoked expired destroyed receipt second_consumer not_me asked"
    drop += " reminded unviewed rotate_due rotated"
    record = "created read refused locked unlocked rotated revoked expired renewed"
    assert [*Event] == [
        *(f"drop.{word}" for word in drop.split()),
        *(f"record.{word}" for word in record.split()),
        "token.created",
        "token.used",
        "token.revoked",
        "leak.replaced",
        "person.forgotten",
        "key.rotated",
        "log.opened",
    ]
