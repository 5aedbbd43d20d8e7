"""No core files: one would hold what the program held, links, secrets on their way, keys."""

import resource


def leave_no_core() -> None:
    """For a program that holds secrets."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
