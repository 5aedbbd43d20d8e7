"""
One installation on one machine: brought up to date, then both programs side by side, each with its own settings.
"""

from collections.abc import Callable, Mapping

from sendsecret.environments import PROGRAMS, for_any, for_migration, for_program
from sendsecret.supervisor import Program, hand_over, run_to_end, supervise


def run(everything: Mapping[str, str]) -> int:
    """Run until told to stop or until one program ends.  Returns an exit code, or becomes whoever minds them."""
    return _brought_up_to_date(everything) or hand_over(_ours(everything), for_any(everything))


def run_beside(everything: Mapping[str, str], other: Program, meanwhile: Callable[[], None]) -> int:
    """The same with another program, which is started before ours; `meanwhile` is called in a thread.  It returns."""
    return _brought_up_to_date(everything) or supervise([other, *_ours(everything)], meanwhile)


def _brought_up_to_date(everything: Mapping[str, str]) -> int:
    return run_to_end(Program("migrate", ["sendsecret", "migrate"], for_migration(everything)))


def _ours(everything: Mapping[str, str]) -> list[Program]:
    return [Program(name, ["sendsecret", name], for_program(name, everything)) for name in PROGRAMS]
