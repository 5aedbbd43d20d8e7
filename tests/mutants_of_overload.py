"""The named defects of what happens when there is too much: kept waiting, kept in memory, in a hurry, or cut short."""

from tests.mutant import Mutant

OVERLOAD = "tests/web/test_overload.py"
LIMITS = "tests/web/test_limits.py"
TURNS = "tests/bot/test_fair_turns.py"
PACING = "tests/store/test_pacing.py"

MUTANTS_OF_OVERLOAD = (
    Mutant(
        "what broke the parser stays in memory",
        "reveal_web/reader/connections.py",
        "                broken.exc.__traceback__ = None\n",
        "                pass\n",
        (LIMITS, "-k", "broke_the_parser"),
    ),
    Mutant(
        "there are seats without number",
        "reveal_web/reader/connections.py",
        "self._taken.total() >= MOST_CONNECTIONS or",
        "False or",
        (OVERLOAD, "-k", "so_many"),
    ),
    Mutant(
        "an address has seats without number",
        "reveal_web/reader/connections.py",
        "(name and self._taken[name] >= MOST_AN_ADDRESS)",
        "False",
        (OVERLOAD, "-k", "seats_of_one"),
    ),
    Mutant(
        "each address of an IPv6 visitor is a visitor",
        "reveal_web/reader/visitors.py",
        "32 if address.version == 4 else 64), strict=False)) if address",
        "32 if address.version == 4 else 128), strict=False)) if address",
        (OVERLOAD, "-k", "ipv6"),
    ),
    Mutant(
        "a claim waits as long as the database does",
        "reveal_web/reader/unfinished.py",
        "            async with asyncio.timeout(ANSWER_SECONDS):\n",
        "            async with asyncio.timeout(None):\n",
        (LIMITS, "-k", "hangs_is_answered"),
    ),
    Mutant(
        "a claim that took too long is given up",
        "reveal_web/reader/unfinished.py",
        "return await asyncio.shield(task)",
        "return await task",
        (LIMITS, "-k", "hangs_is_answered"),
    ),
    Mutant(
        "a program that begins nothing more says that it is ready",
        "reveal_web/reader/health.py",
        "    return not parts.unfinished.is_full and not await",
        "    return not await",
        ("tests/web/test_health.py", "-k", "room"),
    ),
    Mutant(
        "a body is waited for as long as it comes",
        "reveal_web/reader/bodies.py",
        "        async with asyncio.timeout(BODY_SECONDS):\n",
        "        async with asyncio.timeout(None):\n",
        (LIMITS, "-k", "trickled_body"),
    ),
    Mutant(
        "a program begins with as few files as the system gives",
        "sendsecret/enough_files.py",
        "    if soft != resource.RLIM_INFINITY and soft < wanted:\n",
        "    if False:\n",
        ("tests/web/test_enough_files.py",),
    ),
    Mutant(
        "a sender with twenty drops goes first with all of them",
        "bot/fair_turns.py",
        "        self._lines.setdefault(name, deque()).append(turn)\n",
        '        name = ""\n        self._lines.setdefault(name, deque()).append(turn)\n',
        (TURNS, "-k", "many or take_turns"),
    ),
    Mutant(
        "whoever has had a turn stays the first in line",
        "bot/fair_turns.py",
        "            # Behind all others.\n            self._lines[name] = line\n",
        "            self._lines = {name: line, **self._lines}\n",
        (TURNS, "-k", "many or take_turns"),
    ),
    Mutant(
        "a turn that comes as its wait is given up is nobody's",
        "bot/fair_turns.py",
        "                self.end()\n",
        "                pass\n",
        (TURNS, "-k", "lost_or_made"),
    ),
    Mutant(
        "Python's collector looks through the whole bot while people wait",
        "bot/program.py",
        "    collector.pass_over_what_is_there()\n",
        "",
        ("tests/store/test_collector.py", "-k", "bot"),
    ),
    Mutant(
        "Python's collector looks through the whole web program while people wait",
        "reveal_web/program.py",
        "    collector.pass_over_what_is_there()\n",
        "",
        ("tests/store/test_collector.py", "-k", "web"),
    ),
    Mutant(
        "what can wait is done in one go",
        "store/pacing.py",
        "_RESTS: Final = 3\n",
        "_RESTS: Final = 0\n",
        (PACING, "-k", "thrice"),
    ),
    Mutant(
        "on a slow machine what is due is never done",
        "store/pacing.py",
        "min(LONGEST_REST, _RESTS * (time.perf_counter() - began))",
        "_RESTS * (time.perf_counter() - began)",
        (PACING, "-k", "thrice"),
    ),
    Mutant(
        "ten thousand drops end without a rest",
        "store/sweeper.py",
        "        async with unhurried():\n            try:\n",
        "        if True:\n            try:\n",
        (PACING, "-k", "one_after_the_other and sqlite"),
    ),
    Mutant(
        "each key is looked at in a turn of its own",
        "store/sweeper.py",
        "range(0, len(drop_ids), _KEYS_AT_ONCE):\n        some = drop_ids[at : at + _KEYS_AT_ONCE]\n",
        "range(len(drop_ids)):\n        some = drop_ids[at : at + 1]\n",
        (PACING, "-k", "by_the_dozen and sqlite"),
    ),
    Mutant(
        "what can never be ended keeps the others waiting",
        "store/sweeper.py",
        "    .order_by(func.random())\n",
        "    .order_by(drops.c.state, drops.c.expires_at)\n",
        (PACING, "-k", "never_be_ended and sqlite"),
    ),
    Mutant(
        "an ending has the number of what came in between",
        "store/expiring.py",
        '    .where(_IS_OVERDUE, drops.c.n == bindparam("seen"))\n',
        "    .where(_IS_OVERDUE)\n",
        (PACING, "-k", "number_of_its_own and sqlite"),
    ),
    Mutant(
        "a link outlives the time of its drop",
        "store/expiring.py",
        "expired, (_LINK,))",
        "expired)",
        ("tests/store/test_sealed_links.py", "-k", "time_of_its_drop and sqlite"),
    ),
    Mutant(
        "a download keeps the program from its readers",
        "store/evidence/keeping.py",
        "async with unhurried(), db.read() as tx:\n",
        "async with db.read() as tx:\n",
        (PACING, "-k", "download and sqlite"),
    ),
    Mutant(
        "tiles are had as fast as the program can",
        "reveal_web/proofs/log_routes.py",
        "    async with unhurried():\n",
        "    if True:\n",
        ("tests/web/test_log.py", "-k", "unhurried"),
    ),
    Mutant(
        "a pack that is made by hand pushes in",
        "sendsecret/evidence.py",
        "    give_way()\n",
        "",
        (PACING, "-k", "by_hand"),
    ),
)
