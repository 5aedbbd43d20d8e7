"""Orders to seal, without a form."""

from dataclasses import replace

from bot.passphrases import make
from bot.people import Kind, Person
from bot.sealing import Order
from store.words import Way

MAYA = Person("U0MAYA", "T0TEAM", "Maya Castillo", "Platform engineer", Kind.MEMBER)


def order(recipient: str, *, submission: str = "V0VIEW", sender: str = MAYA.id) -> Order:
    """A secret for somebody."""
    return Order(
        sender=replace(MAYA, id=sender),
        recipient=Person(recipient, "T0TEAM", "Dana Okafor", "", Kind.MEMBER),
        team_id="T0TEAM",
        label="Stripe restricted key",
        secret="sk_live_canary",
        passphrase=make(),
        hint=None,
        created_at=1_790_000_000,
        lives_seconds=3600,
        submission=submission,
        way=Way.DM,
        response_url="",
    )
