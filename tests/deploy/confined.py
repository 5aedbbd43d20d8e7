"""
Runs a command as confined as a unit has it, without systemd: `confined.py '["syscall", …]' command …`.

No new rights, no memory that is both written and executed, no core, and only the system calls that are named; any
other is refused with EPERM.  A file of its own that imports nothing of ours: another user reads and runs it.
"""

import ctypes
import json
import os
import resource
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_MDWE, REFUSE_EXEC_GAIN = 38, 65, 1
ALLOW, ERRNO_EPERM = 0x7FFF0000, 0x00050000 | 1


def confine(allowed: list[str]) -> None:
    """For this process and what it becomes.  Raises OSError where the kernel does not take it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Linux 6.3 has it; where it is not, systemd does the same with a filter of system calls.
    libc.prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0)
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(ERRNO_EPERM))
    for name in allowed:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number != -1:  # one of another machine's
            seccomp.seccomp_rule_add(context, ALLOW, number, 0)
    if seccomp.seccomp_load(context):
        raise OSError("seccomp_load")


if __name__ == "__main__":
    confine(json.loads(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - that is what it is for
