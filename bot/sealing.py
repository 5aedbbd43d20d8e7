"""
Sealing a drop in the bot, off the event loop and bounded to the machine's cores.

Argon2 takes an eighth of a second and 46 MiB.  Slack waits three seconds for an answer, so that a seal which cannot
begin in time is refused rather than queued: a sender who is told "not sent" can press the button again.  Until then
senders take turns, however many drops each of them has.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from prometheus_client import Histogram

from bot.drop_rules import AS_USUAL, Rules, of_template
from bot.fair_turns import FairTurns
from bot.passphrases import Passphrase, made
from bot.people import Person
from bot.policy import Policy
from bot.submission import Checked
from bot.ways import Outgoing
from store.creation import DELIVERY_LEASE_MS, NewDrop
from store.formats import header_v1, link_v1, seal_v1
from store.formats.envelope_v1 import NONCE_BYTES
from store.formats.payload_v1 import Text
from store.words import SealedBy, Way

WAITS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5)
"""Seconds; the last is how long the form lets a seal wait."""


class TooBusyError(Exception):
    """No core was free in time; nothing was sealed."""


@dataclass(frozen=True)
class Order:
    """One drop to be sealed.  `created_at` is Unix seconds; without a passphrase it is sealed under the link alone."""

    sender: Person
    recipient: Person
    team_id: str
    label: str
    secret: str = field(repr=False)
    passphrase: Passphrase | None
    hint: str | None
    created_at: int
    lives_seconds: int
    submission: str
    way: Way
    response_url: str = field(repr=False)
    """Whoever has it can post into the conversation that the sender chose; empty for another way."""
    rules: Rules = AS_USUAL
    replaces_leak: bool = False
    """Whether it is sent in place of a message in which the secret stood."""


def order(
    sender: Person,
    recipient: Person,
    team_id: str,
    checked: Checked,
    submission: str,
    now: int,
    *,
    policy: Policy,
    replaces_leak: bool,
) -> Order:
    """The order for one recipient of a checked form, at `now` in Unix seconds."""
    return Order(
        sender=sender,
        recipient=recipient,
        team_id=team_id,
        label=checked.label,
        secret=checked.secret,
        passphrase=checked.passphrase or made(checked.template.passphrase),
        hint=checked.hint,
        created_at=now,
        lives_seconds=checked.lives_seconds,
        submission=submission,
        way=checked.way,
        response_url=checked.response_url,
        rules=policy.over(
            of_template(checked.template, engagement_ends=checked.engagement_ends, now=now, zone=sender.zone)
        ),
        replaces_leak=replaces_leak,
    )


@dataclass(frozen=True)
class SealedDrop:
    """What the store takes, and the link, which is only ever in memory here."""

    new: NewDrop
    order: Order
    link: link_v1.Link = field(repr=False)

    @property
    def outgoing(self) -> Outgoing:
        """The link as it is to be delivered."""
        order = self.order
        return Outgoing(
            link=self.link,
            sender=order.sender.name,
            label=order.label,
            until_ms=(order.created_at + order.lives_seconds) * 1000,
            recipient_id=order.recipient.id,
            recipient_name=order.recipient.name,
            # The order's time is in whole seconds and the lease begins when it is stored.
            lease_over=order.created_at + DELIVERY_LEASE_MS // 1000 + 1,
            way=order.way,
            response_url=order.response_url,
            verify=order.rules.verify,
        )


class SealingPool:
    """
    As many seals at once as there are cores; `waiting`, `underway`, and how many were `refused` so far.

    `waited`: how long those waited that began.
    """

    def __init__(self, cores: int | None = None) -> None:
        count = cores or os.cpu_count() or 1
        self.waiting = self.underway = self.refused = 0
        self.waited = Histogram(
            "sendsecret_sealing_wait_seconds", "From a form to a core.", buckets=WAITS, registry=None
        )
        self._turns = FairTurns(count)
        self._threads = ThreadPoolExecutor(max_workers=count, thread_name_prefix="sealing")

    async def seal(self, order: Order, *, start_by: float) -> SealedDrop:
        """Seal, beginning before the loop's time `start_by`.  Raises TooBusyError."""
        async with self.turn(order.sender.id, start_by=start_by):
            return await asyncio.get_running_loop().run_in_executor(self._threads, _seal, order)

    @asynccontextmanager
    async def turn(self, whose: str, *, start_by: float) -> AsyncIterator[None]:
        """One of the cores, for whoever derives in a thread elsewhere; as `seal` has it.  `whose` take turns."""
        self.waiting += 1
        came = perf_counter()
        try:
            async with asyncio.timeout_at(start_by):
                await self._turns.begin(whose)
        except TimeoutError:
            self.refused += 1
            raise TooBusyError from None
        finally:
            self.waiting -= 1
        self.waited.observe(perf_counter() - came)
        self.underway += 1
        try:
            yield
        finally:
            self.underway -= 1
            self._turns.end()

    def close(self) -> None:
        """Let the threads go; what is being sealed is finished first."""
        self._threads.shutdown(wait=True)


def _seal(order: Order) -> SealedDrop:
    passphrase = order.passphrase
    link = link_v1.Link(
        id=secrets.token_bytes(link_v1.ID_BYTES),
        key=secrets.token_bytes(link_v1.KEY_BYTES),
        mode="n" if passphrase is None else "p",
    )
    header = header_v1.encode(
        header_v1.Header(
            id=link.id,
            mode=link.mode,
            form="free" if passphrase is None else passphrase.form,
            kind="text",
            created_at=order.created_at,
            expires_at=order.created_at + order.lives_seconds,
            sender=order.sender.name,
            label=order.label,
        )
    )
    canonical = None if passphrase is None else passphrase.canonical
    sealed = seal_v1.seal(link, header, canonical, Text(order.secret), secrets.token_bytes(NONCE_BYTES))
    new = NewDrop(
        id=link.id,
        header=header,
        envelope=sealed.envelope,
        link_proof=sealed.link_proof,
        auth_token=sealed.auth_token,
        hint=order.hint,
        sealed_by=SealedBy.BOT,
        team_id=order.team_id,
        sender_id=order.sender.id,
        recipient_id=order.recipient.id,
        recipient_name=order.recipient.name,
        recipient_class=order.recipient.kind.as_recipient,
        recipient_team=order.recipient.team_id,
        way=order.way,
        replaces_leak=order.replaces_leak,
        submission=order.submission,
        template=order.rules.template,
        on_lock=order.rules.on_lock,
        verify=order.rules.verify,
        unviewed_after=order.rules.unviewed_after,
        rotate_by=order.rules.rotate_by,
        variable=order.rules.variable,
    )
    return SealedDrop(new=new, order=order, link=link)
