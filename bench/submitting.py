"""
Forms that are sent at once: what becomes of each, how long it waits, and whether one waits behind another's twenty.

How long each waited for a core the bot tells itself, at `/metrics`; how long somebody looked at the form is taken here,
sealing, storing and the sandbox among it.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bench.figures import Times
from bench.office import Office

_RECIPIENTS: Final = 10
_BOUNDS: Final = ("0.5", "1.0", "1.5")
_SENT, _BUSY = "update", "busy"


@dataclass(frozen=True)
class Sent:
    """Forms of one moment; `outcomes` by the screen's word for it, or "busy" where there was no core in time."""

    outcomes: Counter[str]
    answered: Times
    waits: Sequence[int]
    """How many waited no longer than 0.5, 1 and 1.5 seconds, of those that began."""

    @property
    def in_words(self) -> str:
        """How many were sent, were told that the bot is busy, and anything else."""
        sent, busy = self.outcomes[_SENT], self.outcomes[_BUSY]
        return f"{sent}, {busy}, {self.outcomes.total() - sent - busy}"


@dataclass(frozen=True)
class Beside:
    """Seconds until a form is answered: one `alone`, `one` beside another's `twenty`, and those."""

    alone: float
    one: float
    twenty: float


async def fifty_at_once(at: Office, people: Sequence[str]) -> Sent:
    """Each of them sends one secret to one person."""
    await at.type_all(people)
    before = await at.counted()
    answers = await asyncio.gather(*(_send(at, one) for one in people))
    after = await at.counted()
    names = ("sealing_wait_seconds_bucket", [{"le": bound} for bound in _BOUNDS])
    waits = [int((after.value(names[0], **one) or 0) - (before.value(names[0], **one) or 0)) for one in names[1]]
    return Sent(Counter(outcome for outcome, _ in answers), Times([seconds for _, seconds in answers]), waits)


async def one_beside_twenty(at: Office, many: str, one: str, others: Sequence[str]) -> Beside:
    """Somebody sends two forms to ten people each, and another one secret a moment later."""
    await at.type_all([one])
    _, alone = await _send(at, one)
    stacks, forms = at.sandbox.workspace.modals.stacks, list[str]()
    for screen in ("telephone", "computer"):
        await at.type_all([many])
        forms.append(at.sandbox.views(many)[-1]["id"])
        stacks[screen] = stacks.pop(many)
    await at.type_all([one])
    to_ten = {"recipients": list(others[:_RECIPIENTS])}
    sending = [asyncio.create_task(_submit(at, form, to_ten)) for form in forms]
    await asyncio.sleep(0.05)
    _, beside = await _send(at, one)
    return Beside(alone, beside, max(seconds for _, seconds in await asyncio.gather(*sending)))


async def _send(at: Office, person: str) -> tuple[str, float]:
    return await _submit(at, at.sandbox.views(person)[-1]["id"], {})


async def _submit(at: Office, form: str, values: dict[str, Any]) -> tuple[str, float]:
    """The screen's word for what became of it, and how long that took."""
    await at.sandbox.fill(form, {"label": "a key", "secret": "s3cret-of-the-bench", **values})
    began = time.perf_counter()
    answer = await at.sandbox.submit(form)
    is_busy = any("busy" in sentence for sentence in answer["errors"].values())
    return _BUSY if is_busy else str(answer["outcome"]), time.perf_counter() - began
