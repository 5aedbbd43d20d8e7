"""The named defects of what is told in time: told twice, or when it is of no use any more."""

from tests.mutant import Mutant

DESK = "tests/store/test_desk.py"
REMINDING = "tests/store/test_reminding.py"

MUTANTS_OF_WATCHING = (
    Mutant(
        "a watch is told again by whoever comes next",
        "store/watches.py",
        ".values(told_at=now))\n        if taken.rowcount == 0:\n            return False\n",
        ".values(told_at=None))\n        if taken.rowcount == 0:\n            return False\n",
        (DESK, "-k", "each_watch and sqlite"),
    ),
    Mutant(
        "of two programs at one watch each counts an event",
        "store/watches.py",
        "        if taken.rowcount == 0:\n            return False\n",
        "",
        (DESK, "-k", "each_watch and postgresql"),
    ),
    Mutant(
        "that nobody opened it is told after it was opened",
        "store/watches.py",
        "        drops.c.state.in_(states),\n",
        "",
        (DESK, "-k", "each_watch and sqlite"),
    ),
    Mutant(
        "a recipient is reminded with every press",
        "store/reminding.py",
        'index_elements=["drop_id", "what"], set_=again, where=is_due)',
        'index_elements=["drop_id", "what"], set_=again)',
        (REMINDING, "-k", "once_an_hour and sqlite"),
    ),
    Mutant(
        "a recipient is reminded of what they opened",
        "store/reminding.py",
        "                    drops.c.state == State.SEALED,\n",
        "",
        (REMINDING, "-k", "cannot_open and sqlite"),
    ),
    Mutant(
        "whoever opens a key late has its sender reminded of what was rotated",
        "bot/sender_news.py",
        "if any(one.rotated_at is not None for one in of_form):",
        "if False:",
        ("tests/bot/test_watching.py", "-k", "one_key"),
    ),
    Mutant(
        "of a short link nobody says that it is unopened",
        "store/creation.py",
        "times.get(Watch.HOUR_LEFT, expires_at)",
        "last_hour",
        ("tests/store/test_when_it_is_told.py", "-k", "nobody and sqlite"),
    ),
)
