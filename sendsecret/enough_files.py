"""
As many open files as the system allows: a connection is one, and most systems begin with 1,024.

The reveal server takes 1,000 connections, and needs files for its database and its keys besides: without room for those
a crowd at the door would keep claims that were begun from being finished.
"""

import resource
from typing import Final

_MOST: Final = 65_536
"""More than any limit of ours needs; some systems say "unlimited", which others refuse to be told."""


def allow_enough_files() -> None:
    """Raise this process's soft limit to its hard one; never lower it, and never fail."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):  # a system with a lower one that it does not tell: then it stays as it is
            return
