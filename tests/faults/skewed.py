"""
A program on a host whose clock is wrong: `SKEW_SECONDS=-300 python -m tests.faults.skewed web`.

The program is the real one; only what Python is told of the time is moved.  The database's clock is not: on PostgreSQL
it is another host's.
"""

import os
import sys
import time


def main() -> None:
    """Move this process's clock and run the program."""
    skew, true_time, true_time_ns = float(os.environ["SKEW_SECONDS"]), time.time, time.time_ns
    time.time = lambda: true_time() + skew
    time.time_ns = lambda: true_time_ns() + int(skew * 1e9)
    from sendsecret.__main__ import main as sendsecret

    sendsecret(sys.argv[1:])


if __name__ == "__main__":
    main()
