"""Room for a crowd: the programs take as many open files as the system allows."""

import resource
import subprocess
import sys

import pytest

SAY = (
    "import resource; from sendsecret.enough_files import allow_enough_files; allow_enough_files();"
    "print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
)


@pytest.mark.parametrize(("soft", "hard", "after"), [(1024, 4096, 4096), (4096, 4096, 4096), (200, 300, 300)])
def test_the_soft_limit_is_raised_to_the_hard_one(soft: int, hard: int, after: int) -> None:
    """Never beyond it, and the hard one stays as it is."""

    def begin() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    said = subprocess.run([sys.executable, "-c", SAY], preexec_fn=begin, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [str(after), str(hard)]
