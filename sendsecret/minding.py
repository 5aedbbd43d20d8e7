"""
Waiting beside the programs that were started, and ending them together.

When one ends, the others are ended too and its exit code is passed on: a bot without a web program would hand out links
that nobody can open.  `python -m sendsecret.minding PID=NAME ...` minds children of the process whose place it takes;
it imports next to nothing, because it is there for as long as they are.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Mapping

_STOP = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
AWAITED = _STOP | {signal.SIGCHLD, signal.SIGALRM}
"""Blocked and waited for: between two looks nothing is lost, and nothing interrupts."""

_GRACE_SECONDS = 25


def mind(children: Mapping[int, str]) -> int:
    """
    Wait until one of these children, names by process id, ends or this process is told to stop; then end them all.

    Returns 0 after SIGTERM, SIGINT or a closed terminal (SIGHUP); otherwise the exit code of the one that ended,
    never 0.
    """
    heed_children()
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    alive = dict(children)
    code = _first_end(alive)
    _end(alive)
    return code


def heed_children() -> None:
    """Be told that a child has ended: some systems never wait for a signal that is ignored, as this one is at first."""
    signal.signal(signal.SIGCHLD, lambda *_: None)


def _first_end(alive: dict[int, str]) -> int:
    while True:
        for name, code in _ended(alive):
            print(f"{name} ended with exit code {code}; stopping the rest.", file=sys.stderr, flush=True)  # noqa: T201
            return code or 1
        if signal.sigwait(AWAITED) in _STOP:
            return 0


def _end(alive: dict[int, str]) -> None:
    _tell(alive, signal.SIGTERM)
    signal.alarm(_GRACE_SECONDS)
    while alive:
        if signal.sigwait(AWAITED) is signal.SIGALRM:
            _tell(alive, signal.SIGKILL)
        _ended(alive)


def _ended(alive: dict[int, str]) -> list[tuple[str, int]]:
    """Names and exit codes of those that have ended, who are alive no more."""
    ended = []
    for pid in list(alive):
        which, status = os.waitpid(pid, os.WNOHANG)
        if which:
            ended.append((alive.pop(pid), os.waitstatus_to_exitcode(status)))
    return ended


def _tell(alive: Mapping[int, str], number: signal.Signals) -> None:
    for pid in alive:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


if __name__ == "__main__":
    sys.exit(mind({int(pid): name for pid, _, name in (word.partition("=") for word in sys.argv[1:])}))
