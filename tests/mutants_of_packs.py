"""The named defects of packs that are asked for in Slack: each gives one to somebody else, loses one, or never ends."""

from tests.mutant import Mutant

ASKING = "tests/store/test_asking_for_packs.py"
KEPT = "tests/store/test_kept_packs.py"
MAKING = "tests/bot/test_pack_making.py"
TELLING = "tests/bot/test_pack_telling.py"
DESK = "tests/bot/test_evidence_desk.py"
WEB = "tests/web/test_evidence_pack.py"

MUTANTS_OF_PACKS = (
    Mutant(
        "packs: anybody may have one made",
        "bot/evidence_desk.py",
        "        if user_id not in self.may:\n",
        "        if not self.may:\n",
        (DESK, "-k", "who_may"),
    ),
    Mutant(
        "packs: whoever may not any more gets the link",
        "bot/pack_telling.py",
        "        if owed.whom not in self._may:\n            return\n",
        "",
        (TELLING, "-k", "not_any_more"),
    ),
    Mutant(
        "packs: two are made at a time",
        "store/evidence/asking.py",
        "        making=1,\n",
        "        making=None,\n        until=0,\n        failure='',\n",
        (ASKING, "-k", "at_a_time and sqlite"),
    ),
    Mutant(
        "packs: a dead maker blocks everybody",
        "store/evidence/asking.py",
        "    is_free = or_(evidence_packs.c.lease_until <= now, ",
        "    is_free = or_(evidence_packs.c.lease_until <= 0, ",
        (ASKING, "-k", "renewed and sqlite"),
    ),
    Mutant(
        "packs: a maker that was overtaken has the last word",
        "store/evidence/asking.py",
        "            evidence_packs.c.attempt == self.attempt,\n",
        "",
        (ASKING, "-k", "renewed and sqlite"),
    ),
    Mutant(
        "packs: one that brings its maker down is begun for ever",
        "bot/pack_making.py",
        "        if turn.broken >= MOST_ATTEMPTS:\n",
        "        if turn.broken >= 10 * MOST_ATTEMPTS:\n",
        (MAKING, "-k", "given_up"),
    ),
    Mutant(
        "packs: a stale one is handed out again",
        "store/evidence/asking.py",
        "    is_there = and_(is_same, is_fresh, ",
        "    is_there = and_(is_same, evidence_packs.c.made_at.is_not(None), ",
        (ASKING, "-k", "published_since"),
    ),
    Mutant(
        "packs: bots that stop break one",
        "store/evidence/asking.py",
        ", stopped=evidence_packs.c.stopped + 1)",
        ")",
        (ASKING, "-k", "let_go and sqlite"),
    ),
    Mutant(
        "packs: the maker is told the bot's secrets",
        "bot/pack_process.py",
        "    return {name: value for name, value in os.environ.items() if name.upper() not in ours} | told\n",
        "    return dict(os.environ) | told\n",
        (MAKING, "-k", "no_more"),
    ),
    Mutant(
        "packs: the maker outlives its bot",
        "store/evidence/program.py",
        "    threading.Thread(target=_watch, daemon=True).start()\n",
        "",
        ("tests/evidence/test_made_apart.py", "-k", "not_wanted and closes"),
    ),
    Mutant(
        "packs: one can be had after its days",
        "store/evidence/keeping.py",
        "        evidence_packs.c.until > db.clock.now(),\n",
        "",
        (KEPT, "-k", "seven_days and sqlite"),
    ),
    Mutant(
        "packs: what is over is never deleted",
        "store/evidence/keeping.py",
        "    while await _delete_some_pieces(db):\n        pass\n",
        "",
        (KEPT, "-k", "seven_days and sqlite"),
    ),
    Mutant(
        "packs: a slow reader holds a transaction",
        "store/evidence/keeping.py",
        "        if piece is None:\n"
        '            raise StoreUnavailableError("a piece of the pack is gone")\n'
        "        yield piece\n"
        "        sent, n = sent + len(piece), n + 1\n",
        "            if piece is None:\n"
        '                raise StoreUnavailableError("a piece of the pack is gone")\n'
        "            yield piece\n"
        "            sent, n = sent + len(piece), n + 1\n",
        (WEB, "-k", "slow_reader"),
    ),
    Mutant(
        "packs: the audit channel gets the link",
        "bot/pack_messages.py",
        "    return Message(text=told, blocks=[section(told)])\n\n\ndef about",
        "    return Message(text=told, blocks=[section(Markup(told + owed.pack_id.hex()))])\n\n\ndef about",
        (DESK, "-k", "from_the_command"),
    ),
)
