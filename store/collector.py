"""
How long Python's collector of unreachable objects stops a program.

Its full round looks through everything that there is, a tenth of a second and more for what the programs consist of,
and nobody is answered meanwhile: of fifty who type a command at once, all wait.
"""

import gc


def pass_over_what_is_there() -> None:
    """
    Leave everything that exists by now out of every later round.

    Called once, when the program's code is loaded and nothing of anybody's is in memory: what is left out and becomes
    unreachable in a circle is never freed.
    """
    gc.collect()
    gc.freeze()
