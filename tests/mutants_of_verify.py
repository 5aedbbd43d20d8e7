"""The named defects of verifying: each lets something pass for proof that proves nothing."""

from tests.mutant import Mutant

JUDGING = "tests/verifying/test_judging.py"
SENSE = "tests/verifying/test_receipt_sense.py"
UNTRUE = "tests/verifying/test_untrue_receipts.py"
TRIGGERS = "tests/verifying/test_triggers.py"
TWO_LOGS = "tests/verifying/test_two_logs.py"
LOG_RECEIPTS = "tests/store/test_log_receipts.py"
FILES = "tests/verifying/test_files.py"
TAMPERING = "tests/verifying/test_tampering.py"
WHOLE = "tests/verifying/test_whole_store.py"
ANCHORED = "tests/verifying/test_anchored.py"
COPIED = "tests/verifying/test_copied.py"

MUTANTS_OF_VERIFY = (
    Mutant(
        "verify: a leaf has a second spelling",
        "store/formats/base64url.py",
        "    if encode(raw) != text:\n",
        "    if False:\n",
        (JUDGING, "-k", "one_spelling"),
    ),
    Mutant(
        "verify: a header may bring a key",
        "store/formats/jws_v1.py",
        "    if header.keys() != _MEMBERS or not",
        "    if not header.keys() >= _MEMBERS or not",
        (JUDGING, "-k", "neither_key_nor_algorithm"),
    ),
    Mutant(
        "verify: a key goes by any name",
        "store/formats/jwks_v1.py",
        '    kid = thumbprint(public)\n    if jwk.get("kid") != kid:\n',
        '    kid = str(jwk.get("kid"))\n    if not kid:\n',
        (JUDGING, "-k", "not_believed"),
    ),
    Mutant(
        "verify: a receipt may say anything that is signed",
        "store/formats/receipt_reading_v1.py",
        '        if not member.startswith("events") and not _same(claims[member], expected):\n',
        "        if member not in claims:\n",
        (SENSE, "-k", "makes_sense"),
    ),
    Mutant(
        "verify: another event passes for a named one",
        "store/verifying/files.py",
        '    if named[n] != (event.claims["evt"], event.hash):\n',
        '    if named[n][0] != event.claims["evt"]:\n',
        (JUDGING, "-k", "does_not_name"),
    ),
    Mutant(
        "verify: a missing proof is no failure",
        "store/verifying/files.py",
        'Finding(one.proof_name, False, f"the proof is missing',
        'Finding(one.proof_name, True, f"the proof is missing',
        (FILES, "-k", "missing_is_said"),
    ),
    Mutant(
        "verify: an older checkpoint is not asked of the tiles",
        "store/verifying/extending.py",
        '        raise UnprovenError(f"{str(error).removesuffix(_REWRITTEN)}{_REWRITTEN}") from None\n',
        "        if not str(error):\n            raise\n",
        (WHOLE, "-k", "with_every_key"),
    ),
    Mutant(
        "verify: an older checkpoint is not asked of the store",
        "store/verifying/whole_store.py",
        "    elif kept.size and log.roots.get(kept.size) != kept.root:\n",
        "    elif kept.size and kept.size not in log.roots:\n",
        (WHOLE, "-k", "with_every_key"),
    ),
    Mutant(
        "verify: a row that shows less than it did is an unfinished step",
        "store/verifying/openings.py",
        "not_shown == [known[0]]",
        "known[0] in not_shown",
        ("tests/doctor/test_stored.py", "-k", "unfinished and sqlite"),
    ),
    Mutant(
        "verify: a step that is unfinished is an alarm",
        "store/verifying/openings.py",
        "            findings.warn(table,",
        "            findings.fail(table,",
        ("tests/doctor/test_stored.py", "-k", "unfinished and sqlite"),
    ),
    Mutant(
        "verify: the order of leaves is believed",
        "store/verifying/trees.py",
        "        if signed.root == root:\n            return\n",
        "        if len(signed.root) == len(root):\n            return\n",
        (WHOLE, "-k", "without_the_logs_key"),
    ),
    Mutant(
        "verify: a gap in the numbers of a drop is passed over",
        "store/verifying/drops_and_events.py",
        "    missing = sorted(set(range(1, min(last, len(numbers) + 100) + 1)) - set(numbers))\n",
        "    missing = sorted(set(range(1, last + 1)) - set(range(1, last + 1)))\n",
        (TAMPERING, "-k", "events and deleted and not postgresql"),
    ),
    Mutant(
        "verify: what is left of a destroyed drop is not looked for",
        "store/verifying/life.py",
        "        if is_destroyed and held[name] is not None:\n",
        "        if is_destroyed and name not in held:\n",
        (WHOLE, "-k", "every_column and drops"),
    ),
    Mutant(
        "verify: a column may say what no event said",
        "store/verifying/life.py",
        "        if not _same(name, held[name], said):\n",
        '        if name == "n" and not _same(name, held[name], said):\n',
        (TAMPERING, "-k", "drops and not postgresql"),
    ),
    Mutant(
        "verify: the present log is not asked for an anchor",
        "store/verifying/anchored.py",
        "            extends(copied, anchor.checkpoint)\n",
        "            str(extends)\n",
        (ANCHORED, "-k", "every_key"),
    ),
    Mutant(
        "verify: an anchor that was damaged is passed over",
        "store/verifying/copied_checkpoints.py",
        '        damage = _damage(lines, kinds[at:until])\n        note = "" if damage',
        "        damage = _damage(lines, kinds[at:until])\n"
        "        if damage:\n"
        "            return until, None\n"
        '        note = "" if damage',
        (COPIED, "-k", "damaged_in_copying"),
    ),
    Mutant(
        "verify: a key in the channel outdoes the one that was given",
        "store/verifying/anchored.py",
        "        if key.origin not in keys:\n",
        "        if key.origin not in taken:\n",
        (ANCHORED, "-k", "agree"),
    ),
    Mutant(
        "verify: anchors are taken in the order of their file",
        "store/verifying/anchored.py",
        "key=lambda one: one.copied.at or 0)",
        "key=lambda one: 0)",
        (ANCHORED, "-k", "shrank"),
    ),
    Mutant(
        "verify: a receipt may have members of its own",
        "store/formats/receipt_reading_v1.py",
        "    if claims.keys() not in (members, members | _DIGESTS):\n",
        "    if not claims.keys() >= members:\n",
        (SENSE, "-k", "makes_sense"),
    ),
    Mutant(
        "verify: a receipt may contradict the events that it names",
        "store/formats/receipt_reading_v1.py",
        "    receipt_sense_v1.require_borne_out(claims, ending)\n",
        "",
        (SENSE, "-k", "agrees_with_the_events"),
    ),
    Mutant(
        "log: a key that may sign receipts may sign anything as one",
        "store/log/who_may_say.py",
        "    if event.event == Event.RECEIPT and (why := receipt_reading_v1.fault(signed.claims)):\n",
        "    if event.event != Event.RECEIPT and (why := receipt_reading_v1.fault(signed.claims)):\n",
        (LOG_RECEIPTS,),
    ),
    Mutant(
        "verify: the end of a log that is over may be cut off",
        "store/verifying/citations.py",
        "        if has < checkpoint.size:\n",
        "        if has < 0:\n",
        (TWO_LOGS, "-k", "is_missed"),
    ),
    Mutant(
        "verify: the signature of a cited checkpoint is not looked at",
        "store/verifying/openings.py",
        "        checkpoint_v1.verify(note, keys[origin])\n",
        "        checkpoint_v1.number_of(origin)\n",
        (TWO_LOGS, "-k", "must_be_signed"),
    ),
    Mutant(
        "verify: a trigger that is gone is not missed",
        "store/verifying/triggers.py",
        "        if found.get(name) != table:\n",
        "        if found.get(name, table) != table:\n",
        (TRIGGERS, "-k", "is_gone"),
    ),
    Mutant(
        "verify: what a receipt says of the access is not held against the events",
        "store/verifying/stored_receipts.py",
        '        if receipt.claims["access"][name] != value:\n',
        '        if name not in receipt.claims["access"]:\n',
        (UNTRUE, "-k", "untrue_receipt_is_found and sqlite"),
    ),
)
