"""The named defects of the log and of receipts: each lets history fork, be forged or be told wrongly."""

from tests.mutant import Mutant

LOG = "tests/store/test_log.py"
HOSTS = "tests/store/test_log_hosts.py"
GUARD = "tests/store/test_log_guard.py"
ANCHORS = "tests/store/test_anchors.py"
RECEIPTS = "tests/store/test_receipts.py"
SHREDDING = "tests/store/test_shredding.py"

MUTANTS_OF_LOG = (
    Mutant(
        "a checkpoint is shown before it is kept outside the database",
        "store/log/sequencer.py",
        "        await asyncio.to_thread(self._latest.advance, note, checkpoint)\n"
        "        if found.published < size:\n"
        "            async with self._store.db.write() as tx:\n"
        "                await publish(tx, self._store, found.opening.log, size)\n",
        "        async with self._store.db.write() as tx:\n"
        "            await publish(tx, self._store, found.opening.log, size)\n"
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
        "only the host that let it out keeps a checkpoint",
        "store/log/sequencer.py",
        "(known != found.note or found.published < found.size)",
        "found.published < found.size",
        (HOSTS, "-k", "every_host"),
    ),
    Mutant(
        "the log goes on though nothing gets out",
        "store/log/sequencer.py",
        "            await self._let_out(found, found.size, found.note)\n        if not found.batch:\n",
        "            if not found.batch:\n"
        "                await self._let_out(found, found.size, found.note)\n"
        "        if not found.batch:\n",
        (HOSTS, "-k", "full_disk and sqlite"),
    ),
    Mutant(
        "a batch goes into a log that is over",
        "store/log/batch.py",
        " or await openings.newest(tx) != batch.opening:",
        ":",
        (HOSTS, "-k", "log_that_is_over and sqlite"),
    ),
    Mutant(
        "what was not let out stays behind in the old log",
        "store/log/another.py",
        "            await publish(tx, store, before.log, last[1].size)\n",
        "            pass\n",
        (HOSTS, "-k", "not_let_out and sqlite"),
    ),
    Mutant(
        "a forged leaf stops the log",
        "store/log/who_may_say.py",
        "    except Exception:  # noqa: BLE001 - whatever",
        "    except ZeroDivisionError:  # whatever",
        (LOG, "-k", "forged_leaf and sqlite"),
    ),
    Mutant(
        "an unpublished leaf is proven",
        "store/log/proofs.py",
        "        if row.leaf_index is None or row.size is None or row.leaf_index >= row.size:\n",
        "        if row.leaf_index is None or row.size is None:\n",
        (HOSTS, "-k", "not_let_out and sqlite"),
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
        "    if found is None or tiles_v1.width(wanted.level, wanted.n, found.size) < wanted.width:\n",
        "    if found is None:\n",
        (GUARD, "-k", "crash and sqlite"),
    ),
    Mutant(
        "two programs anchor the same checkpoint",
        "store/log/anchors.py",
        "and_(log_anchoring.c.lease_until <= now, is_late)",
        "is_late",
        (ANCHORS, "-k", "one_has_its_turn and sqlite"),
    ),
    Mutant(
        "a quiet day has no anchor",
        "store/log/anchors.py",
        "HEARTBEAT_MS: Final = 86_400_000",
        "HEARTBEAT_MS: Final = 864_000_000",
        (ANCHORS, "-k", "one_a_day and sqlite"),
    ),
    Mutant(
        "a drop ends without its receipt",
        "store/endings.py",
        "[*recorded, *receipt]",
        "[*recorded]",
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
