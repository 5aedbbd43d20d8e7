"""The named defects of the log and of receipts: each lets history fork, be forged or be told wrongly."""

from tests.mutant import Mutant

LOG = "tests/store/test_log.py"
GUARD = "tests/store/test_log_guard.py"
RECEIPTS = "tests/store/test_receipts.py"
SHREDDING = "tests/store/test_shredding.py"

MUTANTS_OF_LOG = (
    Mutant(
        "a checkpoint is shown before it is kept outside the database",
        "store/log/sequencer.py",
        "        await asyncio.to_thread(self._latest.advance, note, checkpoint)\n"
        "        await publish(self._store, found.opening.log, size)\n",
        "        await publish(self._store, found.opening.log, size)\n"
        "        await asyncio.to_thread(self._latest.advance, note, checkpoint)\n",
        (GUARD, "-k", "crash and sqlite"),
    ),
    Mutant(
        "the last checkpoint is not asked",
        "store/log/sequencer.py",
        "            await guard.require_unbroken(tx, self._signer, opening, known)\n",
        "",
        (GUARD, "-k", "restored_backup or grew_past"),
    ),
    Mutant(
        "a larger database is taken for the same",
        "store/log/guard.py",
        "    if ours != note:\n",
        "    if False:\n",
        (GUARD, "-k", "grew_past"),
    ),
    Mutant(
        "any key may say anything",
        "store/log/who_may_say.py",
        "    if event.event not in MAY_SAY[speaker.program]:\n",
        "    if False:\n",
        (LOG, "-k", "no_more and sqlite"),
    ),
    Mutant(
        "a relabelled row is believed",
        "store/log/who_may_say.py",
        "    if said != (event.event, event.jti, drop, event.n):\n",
        "    if False:\n",
        (LOG, "-k", "something_else and sqlite"),
    ),
    Mutant(
        "tiles are signed over unseen",
        "store/log/sequencer.py",
        "                if signed.root != edge.root:\n",
        "                if False:\n",
        (GUARD, "-k", "behind_our_back and sqlite"),
    ),
    Mutant(
        "a leaf is not told from an inner node",
        "store/formats/merkle_v1.py",
        'sha256(b"\\x00" + leaf)',
        'sha256(b"\\x01" + leaf)',
        ("tests/formats/test_merkle.py", "-k", "classic"),
    ),
    Mutant(
        "an unpublished tile is shown",
        "store/log/published.py",
        "        if found is None or tiles_v1.width(wanted.level, wanted.n, found[1]) < wanted.width:\n",
        "        if found is None:\n",
        (GUARD, "-k", "crash and sqlite"),
    ),
    Mutant(
        "a drop ends without its receipt",
        "store/endings.py",
        "        await receipts.issue(tx, store, row, n=row.n, medium=medium)\n",
        "",
        (RECEIPTS, "-k", "without_destruction and sqlite"),
    ),
    Mutant(
        "a lost key is said to be erased by us",
        "store/formats/receipt_v1.py",
        '    if ending.outcome == "lost":\n',
        "    if False:\n",
        (RECEIPTS, "-k", "what_was_done and lost and sqlite"),
    ),
    Mutant(
        "what is gone from a row stays in its page",
        "store/database.py",
        '"secure_delete = ON",\n',
        '"secure_delete = OFF",\n',
        (SHREDDING, "-k", "many"),
    ),
)
