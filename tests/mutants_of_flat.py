"""The named defects of cost against size: what is over is read again, for nothing."""

from tests.mutant import Mutant

FLAT = "tests/store/test_flat.py"

MUTANTS_OF_FLAT = (
    Mutant(
        "the sweep of keys reads every drop that ever was",
        "store/sweeper.py",
        ".where(drops.c.state.in_(LIVE)))",
        ".where(drops.c.state != State.DESTROYED))",
        (FLAT, "-k", "no_look and sqlite"),
    ),
    Mutant(
        "what the database has an index of is asked for in other words",
        "store/some_rows.py",
        "literal_column(f\"'{one}'\", String)",
        'literal_column(f"\'{one}\'", String) + ""',
        (FLAT, "-k", "no_look and sqlite"),
    ),
    Mutant(
        "a history ends with the month in which it began",
        "store/listing.py",
        "is_enough = len(rows) >= most\n",
        "is_enough = True\n",
        (FLAT, "-k", "one_order and sqlite"),
    ),
    Mutant(
        "a key that was rotated is looked for again and again",
        "store/rotating.py",
        "        await tx.execute(update(watches).where(is_this).values(done_at=row.rotated_at))\n",
        "",
        (FLAT, "-k", "was_rotated and sqlite"),
    ),
)
