"""The named defects of both doors in Slack, of escrow there, and of unlocking."""

from tests.mutant import Mutant

DOORS = "tests/bot/test_record_doors.py"
LOCKS = "tests/bot/test_record_locks.py"

MUTANTS_OF_RECORD_DOORS_IN_SLACK = (
    Mutant(
        "a page's passphrase is derived whenever somebody asks, however many cores seal",
        "bot/record_openers.py",
        "        async with self.pool.turn(sender.id, start_by=start_by):\n            link, until",
        "        if self.pool:\n            link, until",
        (DOORS, "-k", "event_loop"),
    ),
    Mutant(
        "a form for people makes a key",
        "bot/record_given.py",
        "    door = offer.door if offer.record else given.door\n",
        "    door = offer.door\n",
        (DOORS, "-k", "goes_to_whom or shown_once"),
    ),
    Mutant(
        "a page says that nobody made it",
        "bot/record_openers.py",
        "sender=sender.name",
        'sender="Sendsecret"',
        (DOORS, "-k", "goes_to_whom"),
    ),
    Mutant(
        "every record is in escrow",
        "bot/record_given.py",
        "    escrow = offer.is_escrowed if given.escrow is None else given.escrow\n",
        "    escrow = True\n",
        (DOORS, "-k", "until_somebody_ticks"),
    ),
    Mutant(
        "a window of before ends an escrow unseen",
        "bot/record_given.py",
        "    escrow = offer.is_escrowed if given.escrow is None else given.escrow\n",
        "    escrow = bool(given.escrow)\n",
        (DOORS, "-k", "asks_nothing"),
    ),
    Mutant(
        "a tick taken off at a rotation leaves the escrow",
        "bot/record_openers.py",
        "        value, escrow = wanted.value, wanted.escrow\n",
        "        value, escrow = wanted.value, wanted.escrow or None\n",
        (DOORS, "-k", "without_the_credential"),
    ),
    Mutant(
        "no credential is taken for the one that is kept, where none can be",
        "bot/record_given.py",
        "        may_keep=offer.is_escrowed,\n",
        "        may_keep=bool(offer.record),\n",
        (DOORS, "-k", "can_be_kept"),
    ),
    Mutant(
        "spaces are a credential",
        "bot/submission.py",
        "    if given.secret or not may_keep:\n",
        "    if not may_keep:\n",
        (DOORS, "-k", "can_be_kept"),
    ),
    Mutant(
        "a master key that is away is said of what is kept, where nothing was",
        "bot/record_refused.py",
        "{form.SECRET: wording.UNOPENED} if is_kept else {record_form.ESCROW: wording.NO_MASTER}",
        "{form.SECRET: wording.UNOPENED}",
        (DOORS, "-k", "master_key"),
    ),
    Mutant(
        "a locked page looks like any other",
        "bot/record_window.py",
        "said=said, ended=over, locked=locked)\n",
        "said=said, ended=over)\n",
        (LOCKS, "-k", "after_a_question"),
    ),
    Mutant(
        "a button is offered that unlocks nothing any more",
        "store/record_pages.py",
        "    return 0 if guesses >= MOST_GUESSES else MOST_UNLOCKS - unlocks\n",
        "    return MOST_UNLOCKS\n",
        (LOCKS, "-k", "after_a_question"),
    ),
    Mutant(
        "a link that was guessed at fifteen times is said to be unlocked once more",
        "store/record_pages.py",
        "    return 0 if guesses >= MOST_GUESSES else MOST_UNLOCKS - unlocks\n",
        "    return MOST_UNLOCKS - unlocks\n",
        ("tests/store/test_record_guesses.py", "-k", "forgives_nothing and sqlite"),
    ),
    Mutant(
        "whoever made a page unlocks it in an administrator's name",
        "bot/record_window.py",
        "            left = await record_pages.unlock(self.store, held.id, by=by)\n",
        "            left = await record_pages.unlock(self.store, held.id)\n",
        (LOCKS, "-k", "is_told"),
    ),
    Mutant(
        "whoever made a page hears nothing of its lock",
        "store/events.py",
        "    Event.RECORD_LOCKED: _BOTH,\n",
        "",
        (LOCKS, "-k", "is_told"),
    ),
)
