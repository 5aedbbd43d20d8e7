"""
One installation on one machine: brought up to date, then both programs side by side, each with its own settings.
"""

from collections.abc import Mapping

from sendsecret.environments import PROGRAMS, for_migration, for_program
from sendsecret.supervisor import Program, run_to_end, supervise


async def run(everything: Mapping[str, str], *beside: Program) -> int:
    """Run until told to stop or until one program ends; `beside` are started with ours.  Returns an exit code."""
    migrate = Program("migrate", ["sendsecret", "migrate"], for_migration(everything))
    if code := await run_to_end(migrate):
        return code
    ours = [Program(name, ["sendsecret", name], for_program(name, everything)) for name in PROGRAMS]
    return await supervise([*beside, *ours])
