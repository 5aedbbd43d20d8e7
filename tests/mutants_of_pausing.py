"""The named defects of pausing: each lets a drop be opened, used up or held up by somebody who may not."""

from tests.mutant import Mutant

PAUSING = "tests/store/test_pausing.py"
PAUSED_ENDINGS = "tests/store/test_paused_endings.py"
CRASHES = "tests/store/test_crashes.py"

MUTANTS_OF_PAUSING = (
    Mutant(
        "a payment forgets the pause",
        "store/payments.py",
        "        drops.c.paused_at.is_(None),\n",
        "",
        (PAUSING, "-k", "between and sqlite"),
        # The numbers, of the row and of its events, would still refuse it; this is about the statement.
        also=(
            ("store/payments.py", '        drops.c.n == bindparam("seen"),\n', ""),
            (
                "store/migrations/versions/0001_thread.py",
                '        sa.UniqueConstraint("drop_id", "n", name="events_are_numbered_per_drop"),\n',
                "",
            ),
        ),
    ),
    Mutant(
        "a look forgets the pause",
        "store/claims.py",
        "    if row.paused_at is not None:\n        raise DropPausedError\n",
        "",
        (PAUSING, "-k", "takes_no_guess and sqlite"),
    ),
    Mutant(
        "locked is told before paused",
        "store/claims.py",
        "    if row.paused_at is not None:\n        raise DropPausedError\n"
        "    if row.state == State.LOCKED:\n        raise DropLockedError\n",
        "    if row.state == State.LOCKED:\n        raise DropLockedError\n"
        "    if row.paused_at is not None:\n        raise DropPausedError\n",
        ("tests/web/test_paused.py", "-k", "before_it_is_locked"),
    ),
    Mutant(
        "the door hides the pause",
        "store/door.py",
        "        is_paused=row.paused_at is not None,\n",
        "        is_paused=False,\n",
        (PAUSING, "-k", "door and sqlite"),
    ),
    Mutant(
        "the database lets a paused drop be claimed",
        "store/migrations/versions/0005_months.py",
        "paused_at IS NULL OR state <> 'claimed'",
        "1 = 1",
        (PAUSED_ENDINGS, "-k", "no_statement and sqlite"),
    ),
    Mutant(
        "the sender's word grants five more tries",
        "store/pausing.py",
        "        .values(paused_at=None)\n",
        "        .values(paused_at=None, round_guesses=0)\n",
        (PAUSING, "-k", "grants_no_try and sqlite"),
    ),
    Mutant(
        "the sender's word ends the wait",
        "store/pausing.py",
        "        .values(paused_at=None)\n",
        "        .values(paused_at=None, next_guess_at=0)\n",
        (PAUSING, "-k", "shortens_no_wait and sqlite"),
    ),
    Mutant(
        "the sender's word unlocks",
        "store/pausing.py",
        "        .values(paused_at=None)\n",
        "        .values(paused_at=None, state=State.SEALED)\n",
        (PAUSING, "-k", "still_locked and sqlite"),
    ),
    Mutant(
        "more tries end the pause",
        "store/unlocking.py",
        "                    round_guesses=0,\n",
        "                    round_guesses=0,\n                    paused_at=None,\n",
        (PAUSING, "-k", "does_not_resume and sqlite"),
    ),
    Mutant(
        "a pause forgets what was claimed or has ended",
        "store/pausing.py",
        "drops.c.id == drop_id, drops.c.state.in_(OPEN), drops.c.paused_at.is_(None),",
        "drops.c.id == drop_id, drops.c.paused_at.is_(None),",
        (PAUSED_ENDINGS, "-k", "neither and sqlite"),
    ),
    Mutant(
        "what is overdue can be paused",
        "store/pausing.py",
        "drops.c.paused_at.is_(None), drops.c.expires_at > now)\n",
        "drops.c.paused_at.is_(None))\n",
        (PAUSED_ENDINGS, "-k", "overdue and sqlite"),
    ),
    Mutant(
        "every press pauses anew",
        "store/pausing.py",
        "drops.c.state.in_(OPEN), drops.c.paused_at.is_(None), drops",
        "drops.c.state.in_(OPEN), drops",
        (PAUSING, "-k", "twice and sqlite"),
    ),
    Mutant(
        "the pause in one transaction, its event in another",
        "store/pausing.py",
        "        row = await _counted(tx, store, pausing)\n",
        "        row = await _counted(tx, store, pausing)\n    async with store.db.write() as tx:\n",
        (CRASHES, "-k", "pause and sqlite"),
    ),
    Mutant(
        "whoever holds the link can hold it up",
        "store/asks.py",
        "    await recurrences.note(store, Event.NOT_ME, drop_id)\n",
        "    from store import pausing\n\n    await pausing.pause(store, drop_id)\n",
        (PAUSING, "-k", "pauses_nothing and sqlite"),
    ),
)
