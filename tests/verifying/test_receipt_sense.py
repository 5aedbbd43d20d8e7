"""What the right key signed as a receipt and is none: words that none says, members that contradict each other."""

from dataclasses import replace
from typing import Any

import pytest

from store.formats import receipt_v1
from tests.verifying.test_judging import AT, ENDING, NAMES, RECEIPT, event, failures, proven, receipt, refused, signed

ACCESS = receipt()["access"]
SECOND = ACCESS["second_consumers"]


def where(key: str, database: str) -> list[dict[str, Any]]:
    """What a receipt says of where it destroyed, otherwise."""
    places = (key, f"{database}, live row")
    return [one | {"where": place} for one, place in zip(receipt()["destruction"], places, strict=True)]


def ended(*names: str, **changed: Any) -> dict[str, Any]:
    """A receipt of another ending, that names events of these names: its members as the format writes them."""
    earlier = [receipt_v1.Earlier(n, evt, b"") for n, evt in enumerate(names, 1)]
    said = receipt_v1.facts(replace(ENDING, earlier=earlier, **changed))
    return {**event(len(names) + 1, "drop.receipt"), "jti": "rc_" + 32 * "0", **said}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"v": 2}, "no receipt of version 1"),
        ({"outcome": "vanished"}, "none of the seven"),
        ({"outcome": "viewed"}, "nobody claimed it"),
        ({"outcome": []}, "missing or malformed"),
        ({"attests": ["nobody ever saw it"]}, "its member attests is not what"),
        ({"does_not_attest": []}, "its member does_not_attest"),
        ({"destruction": []}, "missing or malformed"),
        ({"sends": 2}, "its member attests"),
        ({"sends": False}, "its member attests"),
        ({"v": True}, "no receipt of version 1"),
        ({"also_attests": ["nobody ever read it"]}, "members that no receipt has"),
        ({"iss": ""}, "which installation"),
        ({"_sd_alg": "sha-256"}, "members that no receipt has"),
        ({"_sd_alg": "sha-256", "_sd": ["x"]}, "not base64url"),
        ({"_sd_alg": "md5", "_sd": [43 * "A"]}, "digests are malformed"),
        ({"ended_by": "clock"}, "does not end anything in this way"),
        ({"access": ACCESS | {"recipient_verification": "notarised in person"}}, "of the recipient"),
        ({"access": ACCESS | {"recipient_verification": "slack"}}, "names no drop.recipient_verified"),
        ({"access": ACCESS | {"failed_guesses": 99}}, "failed guesses"),
        ({"access": ACCESS | {"may_repeat": False}}, "could not ask again"),
        ({"access": ACCESS | {"claims": False}}, "its member access"),
        ({"access": ACCESS | {"second_consumers": SECOND | {"with_right_passphrase": 1}}}, "more right passphrases"),
        ({"destruction": where("keyring, tmpfs on memory; all backups destroyed", "sqlite")}, "of where"),
        ({"destruction": where("keyring, ext4 on dm-crypt", "sqlite, every backup and WAL")}, "of where"),
        ({"destruction": where("ext4 on dm-crypt", "sqlite")}, "its member destruction"),
        ({"software": {"name": "sendsecret", "version": "9; certified"}}, "which version"),
        ({"created_at": "2030-01-01T00:00:00Z"}, "not in order"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "not in order"),
        ({"outcome": "lost", "ended_by": "keyring"}, "its member destruction"),
        ({"ended_by": "nobody"}, "ends or seals nothing"),
        ({"object": None}, "which envelope"),
        ({"object": {"sha256": "x", "bytes": 1}}, "which envelope"),
        ({"iat": AT + 1}, "another time"),
        ({"destroyed_at": "yesterday"}, "a time of it is malformed"),
        ({"jti": "rc_1"}, "its id"),
        ({"drop": "AAA"}, "its id, or that of its drop"),
        ({"n": 5}, "does not follow"),
        ({"n": 10**15, "events_in_all": 10**15 - 1}, "are not all"),
        ({"events": []}, "are not all"),
        ({"events": receipt()["events"][::-1]}, "not in order"),
        (
            {"events": [*receipt()["events"][:2], {"n": 3, "evt": "drop.claimed", "leaf": 43 * "A" + "="}]},
            "do not lead",
        ),
    ],
)
def test_a_receipt_makes_sense(changed: dict[str, Any], says: str) -> None:
    """A signature says who spoke; that it is a receipt is said by its content."""
    assert says in refused(signed(receipt(**changed), RECEIPT))


VIEWED = ("drop.created", "drop.claimed", "drop.acknowledged", "drop.destroyed")
LOCKED_OUT: dict[str, Any] = {"outcome": "locked_out", "ended_by": "holder", "failed_guesses": 5}
CLAIMED: dict[str, Any] = {"claimed_at": AT * 1000, "sends": 1, "passphrase": "verified"}


@pytest.mark.parametrize(
    ("names", "changed", "says"),
    [
        (VIEWED, CLAIMED | {"outcome": "viewed", "ended_by": "holder"}, None),
        (VIEWED, {"outcome": "expired", "ended_by": "clock", "expires_at": AT * 1000 - 1000}, "drop.claimed, and"),
        (NAMES, CLAIMED | {"outcome": "released"}, "names no drop.claimed"),
        (VIEWED, CLAIMED | {"outcome": "released"}, "an event drop.acknowledged"),
        (VIEWED, CLAIMED | {"outcome": "viewed", "ended_by": "clock"}, "in this way"),
        (NAMES, CLAIMED, "ended before anybody could"),
        (NAMES, {"outcome": "expired", "ended_by": "clock"}, "an event drop.revoked"),
        (("drop.created", "drop.expired", "drop.destroyed"), {"outcome": "expired", "ended_by": "clock"}, "in order"),
        (("drop.created", "drop.destroyed"), {}, "names no drop.revoked"),
        (("drop.created", "drop.destroyed"), {"outcome": "lost", "ended_by": "keyring"}, None),
        (("drop.created", "drop.destroyed"), LOCKED_OUT, "names no drop.locked"),
        (("drop.created", "drop.locked", "drop.destroyed"), LOCKED_OUT, None),
        (("drop.created", "drop.locked", "drop.destroyed"), LOCKED_OUT | {"failed_guesses": 4}, "or fewer"),
        (("drop.created", *NAMES[1:], "drop.recipient_verified", "drop.destroyed"), {}, "recipient_verified, and"),
    ],
)
def test_a_receipt_agrees_with_the_events_that_it_names(
    names: tuple[str, ...], changed: dict[str, Any], says: str | None
) -> None:
    """Its outcome, its claim and how the recipient was verified are those of its own list."""
    found = [one.says for one in failures(proven("x.jws", signed(ended(*names, **changed), RECEIPT)))]
    assert found == [] if says is None else says in found[0]


def test_of_very_many_events_a_receipt_may_leave_out_the_claim() -> None:
    """What stands in the middle is not named, so that its absence says nothing; what is named still must fit."""
    crowd = 60 * ("drop.asked",)
    names = ("drop.created", *crowd, "drop.claimed", *crowd, "drop.acknowledged", "drop.destroyed")
    viewed = CLAIMED | {"outcome": "viewed", "ended_by": "holder"}
    assert failures(proven("x.jws", signed(ended(*names, **viewed), RECEIPT))) == []
    assert "drop.acknowledged, and" in refused(signed(ended(*names), RECEIPT))
