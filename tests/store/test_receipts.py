"""Receipts: one for every ending, in its transaction, and literally true."""

import hashlib
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

import jwt
import pytest
from sqlalchemy import select, text

from store import claims, deliveries, door, endings, events, medium, receipts, sweeper
from store.errors import DropEndedError
from store.formats import merkle_v1, receipt_v1
from store.opened import Store
from store.schema import disclosures, drops
from store.schema import events as rows
from store.words import Event, Outcome
from tests.store.faults import Crash, dying
from tests.store.living import SOMEBODY, created, refuse
from tests.store.reading import claims_of, events_of, words_of
from tests.stores import Home, Sealed

NOT_ATTESTED = [
    "what backups and WAL hold as ciphertext",
    "copies of the keyring made outside",
    "who read it",
    "what the reader did with it",
]


async def viewed(store: Store, home: Home) -> Sealed:
    sealed = await created(store)
    won = sealed.present()
    await claims.claim(store, won, SOMEBODY)
    await claims.claim(store, won, SOMEBODY)
    await claims.acknowledge(store, sealed.new.id, sealed.new.link_proof, won.claim)
    return sealed


async def released(store: Store, home: Home) -> Sealed:
    sealed = await created(store, lives_seconds=100_000)
    await refuse(store, sealed, 2, home)
    await claims.claim(store, sealed.present(), SOMEBODY)
    for _ in range(2):
        with pytest.raises(DropEndedError):
            await claims.claim(store, sealed.present(), SOMEBODY)
    home.advance_clock(61)
    await sweeper.sweep(store)
    return sealed


async def revoked(store: Store, home: Home) -> Sealed:
    sealed = await created(store)
    await endings.revoke(store, sealed.new.id)
    return sealed


async def expired(store: Store, home: Home) -> Sealed:
    sealed = await created(store, lives_seconds=100)
    await deliveries.record_delivered(store, sealed.new.id, None)
    home.advance_clock(101)
    await sweeper.sweep(store)
    return sealed


async def undelivered(store: Store, home: Home) -> Sealed:
    sealed = await created(store)
    await endings.give_up_delivery(store, sealed.new.id, only_if_lease_is_over=False)
    return sealed


async def locked_out(store: Store, home: Home) -> Sealed:
    sealed = await created(store, on_lock="destroy", lives_seconds=100_000)
    await refuse(store, sealed, 5, home)
    return sealed


async def lost(store: Store, home: Home) -> Sealed:
    sealed = await created(store)
    store.keyring.erase(sealed.new.id)
    await sweeper.sweep_keys(store)
    return sealed


NOBODY = {"at_door": 0, "at_claim": 0, "with_right_passphrase": 0}
TWO_RIGHT = {"at_door": 0, "at_claim": 2, "with_right_passphrase": 2}

WAYS: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "viewed": (viewed, {"sends": 2}, {"claims": 1, "failed_guesses": 0, "second_consumers": NOBODY}),
    "released": (released, {"sends": 1}, {"claims": 1, "failed_guesses": 2, "second_consumers": TWO_RIGHT}),
    "revoked": (revoked, {"sends": 0}, {"claims": 0, "failed_guesses": 0, "second_consumers": NOBODY}),
    "expired": (expired, {"sends": 0}, {"claims": 0, "failed_guesses": 0, "second_consumers": NOBODY}),
    "undelivered": (undelivered, {"sends": 0}, {"claims": 0, "failed_guesses": 0, "second_consumers": NOBODY}),
    "locked_out": (locked_out, {"sends": 0}, {"claims": 0, "failed_guesses": 5, "second_consumers": NOBODY}),
    "lost": (lost, {"sends": 0}, {"claims": 0, "failed_guesses": 0, "second_consumers": NOBODY}),
}


async def test_every_outcome_has_a_way_here() -> None:
    """None of the seven words is left untried."""
    assert set(WAYS) == set(Outcome)


@pytest.mark.parametrize("outcome", WAYS)
async def test_a_receipt_says_what_was_done(store: Store, home: Home, outcome: str) -> None:
    """Outcome, sends, guesses, the committed hash, the measured medium; signed, and the last of the drop's events."""
    end, said, access = WAYS[outcome]
    sealed = await end(store, home)
    *earlier, receipt = await events_of(store, sealed.new.id)
    assert receipt["evt"] == Event.RECEIPT
    assert (receipt["outcome"], receipt["sends"]) == (outcome, said["sends"])
    assert receipt["n"] == len(earlier) + 1
    assert {name: receipt["access"][name] for name in access} == access
    assert receipt["object"] == {
        "sha256": hashlib.sha256(sealed.new.envelope).hexdigest(),
        "bytes": len(sealed.new.envelope),
    }
    assert receipt["access"]["passphrase"] == "none needed"
    assert receipt["does_not_attest"] == NOT_ATTESTED
    times = "1 time" if receipt["sends"] == 1 else f"{receipt['sends']} times"
    assert receipt["attests"][0] == f"the envelope was released to at most one claim, {times}"
    at = receipt["destroyed_at"]
    assert receipt["destruction"][0]["how"].startswith("found" if outcome == "lost" else "overwritten in place")
    if outcome == "lost":
        assert receipt["attests"][1].startswith(f"drop_key was found erased at {at}")
    elif access["claims"]:
        assert receipt["attests"][1] == f"drop_key was erased at {at}; until then only that claim could ask again"
    else:
        assert receipt["attests"][1].startswith(f"drop_key was erased at {at}; from ")
        assert receipt["attests"][1].endswith(" on nobody could claim")
    assert receipt["attests"][2] == "the live row no longer holds the envelope"
    assert receipt["destruction"][0]["where"] == f"keyring, {store.keyring.medium(bytes(16))}"
    assert [event["evt"] for event in earlier] == [event["evt"] for event in receipt["events"]]
    rid = await receipts.of_drop(store, sealed.new.id)
    assert receipt["jti"] == f"rc_{rid}"
    async with store.db.read() as tx:
        signed = (await tx.execute(rows.select().where(rows.c.drop_id == sealed.new.id).order_by(rows.c.n))).all()
    named = [b64encode(merkle_v1.leaf_hash(row.leaf)).decode() for row in signed[:-1]]
    assert [event["leaf"] for event in receipt["events"]] == named
    token = signed[-1].leaf.decode()
    assert jwt.get_unverified_header(token)["typ"] == "deletion-receipt+sd-jwt"
    key = jwt.PyJWK.from_json(store.signer.key.public_jwk).key
    assert jwt.decode(token, key, algorithms=["EdDSA"], options={"verify_iat": False})["outcome"] == outcome


async def test_names_stand_only_behind_salted_digests(store: Store, home: Home) -> None:
    """Nobody is named in a receipt; each name can be disclosed, and erased, apart from it."""
    sealed = await revoked(store, home)
    async with store.db.read() as tx:
        [leaf] = (await tx.execute(rows.select().where(rows.c.event == Event.RECEIPT))).all()
        shown = (await tx.execute(disclosures.select().where(disclosures.c.jti == leaf.jti))).all()
    receipt = (await events_of(store, sealed.new.id))[-1]
    assert sorted(one.digest for one in shown) == receipt["_sd"]
    assert {one.name for one in shown} >= {"sender", "recipient", "label"}
    for name in ("Maya", "UMAYA", "Dana", "UDANA", "Stripe"):
        assert name not in str(receipt)


@pytest.mark.parametrize("after", [False, True])
async def test_no_receipt_without_destruction_nor_the_other_way_round(store: Store, after: bool) -> None:
    """Whichever durable act of an ending is the last, both words stand in the record, or neither."""
    for at in range(1, 5):
        sealed = await created(store)
        with pytest.raises(Crash):
            await endings.revoke(dying(store, at, after=after)[0], sealed.new.id)
        words = await words_of(store, sealed.new.id)
        assert words.count("destroyed") == words.count("receipt")
        with suppress(DropEndedError):
            await endings.revoke(store, sealed.new.id)
        assert (await words_of(store, sealed.new.id)).count("receipt") == 1


async def test_a_drop_with_very_many_events_still_ends(store: Store) -> None:
    """The receipt names the first and last of them and says how many there are: no ending fails for its length."""
    sealed = await created(store)
    async with store.db.write() as tx:
        for _ in range(700):
            n, at = await events.next_number(tx, store, sealed.new.id)
            await events.append(tx, store, Event.ASKED, drop_id=sealed.new.id, n=n, at=at)
    await endings.revoke(store, sealed.new.id)
    receipt = (await events_of(store, sealed.new.id))[-1]
    assert receipt["events_in_all"] == 703
    assert [event["n"] for event in receipt["events"]] == [*range(1, 51), *range(654, 704)]


@pytest.mark.parametrize("verified", [False, True])
async def test_a_verified_recipient_stands_on_the_receipt(store: Store, verified: bool) -> None:
    """Said if it was recorded of this drop, and not otherwise."""
    sealed = await created(store)
    if verified:
        async with store.db.write() as tx:
            n, at = await events.next_number(tx, store, sealed.new.id)
            await events.append(tx, store, Event.RECIPIENT_VERIFIED, drop_id=sealed.new.id, n=n, at=at)
    await endings.revoke(store, sealed.new.id)
    receipt = (await events_of(store, sealed.new.id))[-1]
    assert receipt["access"]["recipient_verification"] == ("slack" if verified else "none")


@pytest.mark.parametrize(
    ("created_said", "was_claimed", "said"),
    [
        ({"passphrase": "digits"}, True, "verified"),
        ({"passphrase": "digits"}, False, "not verified"),
        ({"passphrase": "none"}, True, "none needed"),
        ({"passphrase": "none"}, False, "none needed"),
        ({}, True, "not verified"),
    ],
)
def test_what_is_said_of_the_passphrase(created_said: dict[str, Any], was_claimed: bool, said: str) -> None:
    """A claim is not won without the right one, where one was needed; what was typed and never compared is unknown."""
    assert receipts._passphrase(created_said, was_claimed=was_claimed) == said


async def test_in_the_strict_mode_nobody_could_ask_again(home: Home) -> None:
    """The key went with the one answer, and the receipt does not say that it lived until the end."""
    async with home.open(redelivery_seconds=0) as store:
        sealed = await created(store)
        await claims.claim(store, sealed.present(), SOMEBODY)
        home.advance_clock(61)
        await sweeper.sweep(store)
        receipt = (await events_of(store, sealed.new.id))[-1]
    assert receipt["attests"][1] == (
        f"drop_key was erased with the one answer, at {receipt['destroyed_at']} at the latest; "
        "not even that claim could ask again"
    )


async def test_who_ended_a_claim_is_on_record(store: Store, home: Home) -> None:
    """The clock, or a sender who revoked too late."""
    for end, by in ((sweeper.sweep, "clock"), (None, "sender")):
        sealed = await created(store, lives_seconds=1000)
        await claims.claim(store, sealed.present(), SOMEBODY)
        if end is not None:
            home.advance_clock(61)
            await end(store)
        else:
            with pytest.raises(DropEndedError):
                await endings.revoke(store, sealed.new.id)
        receipt = (await events_of(store, sealed.new.id))[-1]
        assert (receipt["outcome"], receipt["ended_by"]) == ("released", by)


async def test_a_reload_of_the_page_is_no_second_reader(store: Store) -> None:
    """Told apart from another page that gives a passphrase; and another drop's are not counted."""
    sealed, other = await created(store), await created(store)
    for one in (sealed, other):
        await claims.claim(store, one.present(), SOMEBODY)
    for _ in range(3):
        with pytest.raises(DropEndedError):
            await door.look(store, sealed.new.id, sealed.new.link_proof, SOMEBODY)
    with pytest.raises(DropEndedError):
        await claims.claim(store, other.present(), SOMEBODY)
    for one in (sealed, other):
        with suppress(DropEndedError):
            await endings.revoke(store, one.new.id)
    reloaded, shared = [(await events_of(store, one.new.id))[-1]["access"] for one in (sealed, other)]
    assert reloaded["second_consumers"] == {"at_door": 3, "at_claim": 0, "with_right_passphrase": 0}
    assert shared["second_consumers"] == {"at_door": 0, "at_claim": 1, "with_right_passphrase": 1}


@pytest.mark.parametrize("what", ["people", "leaf", "medium"])
async def test_nothing_that_is_damaged_keeps_a_drop_alive(
    home: Home, what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The people, the first event or the system's list of mounts: the drop ends, and says less on its receipt."""
    async with home.open() as store:
        sealed = await created(store)
        async with store.db.write() as tx:
            if what == "people":
                await tx.execute(drops.update().values(personal=b"damaged"))
            if what == "leaf":
                on_table = "" if store.db.is_sqlite else " ON events"
                await tx.execute(text(f"DROP TRIGGER events_are_never_changed{on_table}"))
                await tx.execute(rows.update().values(leaf=b"a.W10.c"))
        if what == "medium":
            mounts = tmp_path / "mountinfo"
            mounts.write_bytes(b"1 2 0:3 / /media/caf\xe9 rw - ext4 /dev/x rw\nshort line\n")
            monkeypatch.setattr(medium, "_MOUNTS", mounts)
        await endings.revoke(store, sealed.new.id)
        async with store.db.read() as tx:
            leaf = await tx.scalar(select(rows.c.leaf).where(rows.c.event == Event.RECEIPT))
        receipt = claims_of(leaf or b"")
    assert receipt["outcome"] == "revoked"
    assert (receipt["object"] is None) == (what == "leaf")
    assert receipt["destruction"][0]["where"].endswith("unknown") == (what == "medium")


def test_times_are_utc() -> None:
    """Whole seconds with a Z, whatever the zone of the host."""
    assert receipt_v1.utc(1795279860123) == "2026-11-21T16:51:00Z"
