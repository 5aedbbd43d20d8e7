"""The named defects of evidence packs: each lets a pack leave something out, or say more than was signed."""

from tests.mutant import Mutant

AUDITOR = "tests/evidence/test_auditors_commands.py"
OWN = "tests/evidence/test_own_check.py"
CUT = "tests/evidence/test_interrupted.py"
NAMES = "tests/evidence/test_names.py"
ROWS = "tests/evidence/test_rows.py"

MUTANTS_OF_EVIDENCE = (
    Mutant(
        "evidence: the root over all entries is believed",
        "store/verifying/pack_leaves.py",
        "        elif grown.root != self._present.root:\n",
        "        elif len(grown.root) != len(self._present.root):\n",
        (OWN, "-k", "deleted_from_the_database or invented and sqlite"),
    ),
    Mutant(
        "evidence: a drop may be left out of the population",
        "store/verifying/pack_rows.py",
        "    for drop in left:\n",
        "    for drop in left if len(left) == len(rows) else ():\n",
        (OWN, "-k", "left_out"),
    ),
    Mutant(
        "evidence: a gap in the numbers of a drop is passed over",
        "store/verifying/pack_leaves.py",
        "        elif n != last + 1:\n",
        "        elif n <= last:\n",
        (OWN, "-k", "deleted_from_the_database and sqlite"),
    ),
    Mutant(
        "evidence: a file may be one that is in no log",
        "store/verifying/pack_leaves.py",
        "        self._invented()\n        self._findings.close(FILES",
        "        self._findings.close(FILES",
        (OWN, "-k", "test_an_invented_event and not database"),
    ),
    Mutant(
        "evidence: a spreadsheet computes what people wrote",
        "store/evidence/population.py",
        "    if value.startswith(_COMPUTED) or (value and",
        "    if (value and",
        (ROWS, "-k", "computes_nothing"),
    ),
    Mutant(
        "evidence: a half file is taken for a whole one",
        "store/evidence/folder.py",
        "        return path.stat().st_size == len(content) and path.read_bytes() == content\n",
        "        return path.stat().st_size >= 0\n",
        (CUT, "-k", "what_is_whole_is_kept and sqlite"),
    ),
    Mutant(
        "evidence: a pack goes on against a newer checkpoint",
        "store/evidence/making.py",
        "    return begun\n",
        "    return replace(begun, standing=await in_database.standing(db, log))\n",
        (CUT, "-k", "its_own_checkpoint"),
    ),
    Mutant(
        "evidence: a name is believed without its digest",
        "store/verifying/pack_leaves.py",
        "                name = leaf_files.disclosed(leaf, text.encode())\n",
        "                name = disclosures.fields(text)[0]\n",
        (NAMES, "-k", "not_committed_to"),
    ),
)
