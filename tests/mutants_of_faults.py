"""The named defects of what crashes, full disks, wrong clocks and lost lines bring: each is met by real programs."""

from tests.mutant import Mutant

LOST = "tests/faults/test_lost_answers.py"
KILLED = "tests/faults/test_killed.py"
AWAY = "tests/faults/test_database_away.py"
FULL = "tests/faults/test_full_disk.py"
KEYRING = "tests/faults/test_keyring_broken.py"
CLOCKS = "tests/faults/test_clocks.py"
OUTBOX = "tests/store/test_outbox.py"
ON_SQLITE = "tests/store/test_on_sqlite.py"

MUTANTS_OF_FAULTS = (
    Mutant(
        "a cut answer loses the secret",
        "store/claims.py",
        "drops.c.sends < (MOST_SENDS if store.redelivery_seconds else 1),",
        "drops.c.sends < 1,",
        (LOST, "-k", "cut_answer and sqlite"),
    ),
    Mutant(
        "a bad line gets the envelope without end",
        "store/claims.py",
        "MOST_SENDS: Final = 3",
        "MOST_SENDS: Final = 9",
        (LOST, "-k", "three_sends"),
    ),
    Mutant(
        "what nobody acknowledged counts as viewed",
        "store/endings.py",
        "states, Outcome.RELEASED, claimed_by",
        "states, Outcome.VIEWED, claimed_by",
        (LOST, "-k", "without_an_acknowledgement and sqlite"),
    ),
    Mutant(
        "what one change cannot write is the fault of all that were committed with it",
        "store/on_sqlite.py",
        "                except Exception as error:\n                    if not connection.in_transaction",
        "                except sqlite3.IntegrityError as error:\n                    if not connection.in_transaction",
        (ON_SQLITE, "-k", "fails_alone"),
    ),
    Mutant(
        "a change is committed that nobody waits for any more",
        "store/on_sqlite.py",
        "                together = [one for one in waiting if not one[2].done()]\n",
        "                together = waiting\n",
        (ON_SQLITE, "-k", "stopped_waiting"),
    ),
    Mutant(
        "a claim commits before its event",
        "store/on_sqlite.py",
        "            return changed\n        for",
        """            return changed
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        for""",
        (KILLED, "-k", "before_the_claim and sqlite"),
    ),
    Mutant(
        "a destroyed row commits before its receipt",
        "store/on_sqlite.py",
        "        if not changed:\n            return changed\n",
        """        if not changed:
            return changed
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("SAVEPOINT one")
""",
        (KILLED, "-k", "destroyed and sqlite and receipt"),
    ),
    Mutant(
        "the bot says of a dead link what the log takes from the web program alone",
        "store/recurrences.py",
        '        if what.split(" ")[0] not in MAY_SAY[store.signer.program]:\n',
        "        if False:\n",
        ("tests/keys/test_keyring_away.py", "-k", "first_who_comes and sqlite"),
    ),
    Mutant(
        "the sweeper leaves a claim whose time is over",
        "store/sweeper.py",
        "or_(drops.c.state == State.ENDING, _is_claim_over)",
        "drops.c.state == State.ENDING",
        (KILLED, "-k", "nobody_comes_back and sqlite"),
    ),
    Mutant(
        "a database that fell over is an error of ours",
        "store/database.py",
        "        return error.connection_invalidated or ",
        "        return False and ",
        (AWAY, "-k", "answers_try_again"),
    ),
    Mutant(
        "a database that somebody holds is an error of ours",
        "store/database.py",
        "return isinstance(error, exc.OperationalError)",
        "return False",
        (AWAY, "-k", "somebody_holds"),
    ),
    Mutant(
        "a disk without room is an error of ours",
        "store/database.py",
        "return isinstance(error, exc.OperationalError)",
        "return False",
        (FULL, "-k", "not_won and limit"),
    ),
    Mutant(
        "a key that cannot be overwritten is an error of ours",
        "store/keyring.py",
        "except OSError as error:  # a full disk",
        "except MemoryError as error:  # a full disk",
        (FULL, "-k", "finished_later and limit"),
    ),
    Mutant(
        "half a key stays where there was no room for it",
        "store/key_files.py",
        """        # Half a key would be found at the next start and taken for one.
        path.unlink(missing_ok=True)
""",
        "",
        (FULL, "-k", "without_room and limit"),
    ),
    Mutant(
        "half a key counts as erased",
        "store/keyring.py",
        'raise KeyUnreadableError("a key file has a wrong length")',
        "return KeyState.ERASED",
        (KEYRING, "-k", "not_judged and sqlite and half"),
    ),
    Mutant(
        "any keyring will do",
        "store/opened.py",
        "if known != keyring.id:",
        "if known is None:",
        (KEYRING, "-k", "another_keyring"),
    ),
    Mutant(
        "the time of a statement is that of when it was put together",
        "store/clock.py",
        "        return func.coalesce(self._held, _HostNow() + self._shift)\n",
        '        return func.coalesce(self._moved().get("held_ms"), _HostNow() + self._moved().get("shift_ms", 0))\n',
        (CLOCKS, "-k", "while_a_drop and sqlite"),
    ),
    Mutant(
        "each program goes by its own clock",
        "store/clock.py",
        "return func.coalesce(self._held, _HostNow() + self._shift)",
        "return func.coalesce(bindparam(None, int(time.time() * 1000), BigInteger), self._shift)",
        (CLOCKS, "-k", "databases_clock"),
    ),
    Mutant(
        "a week's backlog is one batch",
        "store/sweeper.py",
        "min(len(rows), _BATCH)",
        "min(len(rows), _BATCH * 9)",
        (CLOCKS, "-k", "week and sqlite"),
    ),
    Mutant(
        "a program runs on a schema that is half made",
        "store/schema_version.py",
        "if known != CURRENT:",
        "if known is None:",
        ("tests/faults/test_half_migrated.py", "-k", "step and sqlite and 5"),
    ),
    Mutant(
        "a commit on SQLite does not wait for the disk",
        "store/database.py",
        '"synchronous = FULL",',
        '"synchronous = NORMAL",',
        ("tests/store/test_migrating.py", "-k", "durability and sqlite"),
    ),
    Mutant(
        "a PostgreSQL that may lose a commit will do",
        "store/database.py",
        '("synchronous_commit", {"off", "local"})',
        '("synchronous_commit", set())',
        ("tests/store/test_database.py", "-k", "may_lose"),
    ),
    Mutant(
        "a notice overtakes the one before it",
        "store/outbox.py",
        "notices.c.parked.is_(None), ~is_overtaking, _is_free(now))",
        "notices.c.parked.is_(None), _is_free(now))",
        (OUTBOX, "-k", "postponed and sqlite"),
    ),
    Mutant(
        "what is set aside is dropped",
        "store/outbox.py",
        ".values(parked=why, lease_until=0)",
        ".values(parked=why, lease_until=0, done_at=store.clock.now())",
        (OUTBOX, "-k", "parked and sqlite"),
    ),
    Mutant(
        "two programs tell the same notice",
        "store/outbox.py",
        ".values(lease_until=now + LEASE_MS, tries=notices.c.tries + 1)",
        ".values(lease_until=0, tries=notices.c.tries + 1)",
        (OUTBOX, "-k", "two_dispatchers and sqlite"),
    ),
    Mutant(
        "the same form makes a second drop",
        "store/creation.py",
        "once = submission_v1.once(pepper, new.submission, new.recipient_id)",
        "once = None",
        ("tests/store/test_life.py", "-k", "one_submission and sqlite"),
    ),
    Mutant(
        "there are connections without number",
        "reveal_web/reader/connections.py",
        "if self._taken.total() >= MOST_CONNECTIONS or (",
        "if (",
        ("tests/web/test_overload.py", "-k", "so_many"),
    ),
)
