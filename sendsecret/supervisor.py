"""
Starting the programs as child processes of one machine, and leaving them to whoever minds them.

Two processes of one system user are no wall against code that runs as that user; they keep what each holds in
memory apart.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from sendsecret.minding import AWAITED, heed_children, mind


@dataclass(frozen=True)
class Program:
    """A child: the words after `python -m`, and its whole environment."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]


def run_to_end(program: Program) -> int:
    """Run one short program; its exit code."""
    heed_children()
    pid = _started(program)
    try:
        _, status = os.waitpid(pid, 0)
    except BaseException:  # Ctrl-C, which does not reach it: it has a session of its own
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        raise
    return os.waitstatus_to_exitcode(status)


def supervise(programs: Sequence[Program], meanwhile: Callable[[], None]) -> int:
    """Run programs side by side until one ends or this process is told to stop; the exit code, as of `mind`."""
    children = _all_started(programs)
    # Not before: a thread in which these signals are not blocked would be ended by them, and all of this process.
    threading.Thread(target=meanwhile, daemon=True).start()
    return mind(children)


def hand_over(programs: Sequence[Program], environment: Mapping[str, str]) -> NoReturn:
    """
    The same in this process, but with nothing else in its memory, and with just this environment.

    What reading the settings takes, and the settings of both programs, are not needed to wait for two processes.
    """
    children = [f"{pid}={name}" for pid, name in _all_started(programs).items()]
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "sendsecret.minding", *children], dict(environment))  # noqa: S606


def _all_started(programs: Sequence[Program]) -> dict[int, str]:
    # What arrives from here on waits until somebody minds them: ended in between, this process would leave them behind.
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    return {_started(program): program.name for program in programs}


def _started(program: Program) -> int:
    # A session of its own: Ctrl-C reaches the parent alone, which then ends its children in good order.
    words = [sys.executable, "-m", *program.words]
    return os.posix_spawn(sys.executable, words, dict(program.environment), setsid=True, setsigmask=())
