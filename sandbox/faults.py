"""Faults that a test injects into the Web API, per method, a number of times or until cleared.

Names of the kinds: `ratelimited` (429 with Retry-After), `http_500`, `http_503`, `timeout` and `reset`
(before the call is accepted), `timeout_after` and `reset_after` (the call is carried out, its answer is
lost), `malformed` (200 with half a JSON object, carried out), `error` (ok: false with a code).

`away` is all of Slack out of the app's reach: every call fails the same way, whatever waits for it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal, get_args

from sandbox.rules import Refused

Kind = Literal[
    "ratelimited", "http_500", "http_503", "timeout", "timeout_after", "reset", "reset_after",
    "malformed", "error",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)
AFTER = {"timeout_after", "reset_after", "malformed"}
"""The kinds in which Slack has accepted the call."""


@dataclass
class Fault:
    """`times` None = until cleared. `retry_after` in seconds; `error` Slack's code for kind `error`."""

    method: str
    kind: str
    times: int | None = 1
    retry_after: int = 1
    error: str = "internal_error"
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Faults:
    """The faults that wait for their call. `*` as method means every method."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.away = ""
        """The kind of fault with which every call fails while Slack is away; empty while it is there."""
        self._holding: set[asyncio.Event] = set()

    def add(self, fault: Fault) -> None:
        if fault.kind not in KINDS:
            raise Refused("no_such_fault", f"a fault is one of {', '.join(KINDS)}")
        self.waiting.append(fault)

    def take(self, method: str) -> Fault | None:
        """The first fault for this call; it counts as used. While Slack is away none is used up."""
        if self.away:
            return Fault(method, self.away, None)
        for fault in self.waiting:
            if fault.method in (method, "*"):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.waiting.remove(fault)
                self._holding.add(fault.over)
                return fault
        return None

    def clear(self, method: str | None = None) -> None:
        """Forget them, and let go of the calls that they hold."""
        self.waiting = [f for f in self.waiting if method and f.method != method]
        if method is None:
            self.away = ""
            for over in self._holding:
                over.set()
            self._holding.clear()
