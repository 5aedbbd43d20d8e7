"""The named defects of the supply chain: each lets in what nobody has seen, or calls healthy what nobody looked at."""

from tests.mutant import Mutant

AUDIT = "tests/supply/test_audit.py"
LICENCES = "tests/supply/test_licences.py"
LOCKS = "tests/supply/test_locks.py"
SBOM = "tests/supply/test_sbom.py"
WHEEL = "tests/supply/test_wheel.py"
WORKFLOW = "tests/supply/test_workflow.py"

MUTANTS_OF_SUPPLY = (
    Mutant(
        "an empty source of advisories is taken for health",
        "deploy/supply/audit.py",
        "            if not known:\n",
        "            if False:\n",
        (AUDIT, "-k", "knows_nothing and empty"),
    ),
    Mutant(
        "half of the questions answered is an audit",
        "deploy/supply/audit.py",
        "    if len(known) != len(asked):\n",
        "    if False:\n",
        (AUDIT, "-k", "knows_nothing and none"),
    ),
    Mutant(
        "an audit that could not ask passes",
        "deploy/supply/audit.py",
        "        return 2\n",
        "        return 0\n",
        (AUDIT, "-k", "without_the_network"),
    ),
    Mutant(
        "what comes from npm is not audited",
        "deploy/supply/audit.py",
        '    asked += [Asked("npm", name, version) for name, version in npm]\n',
        "",
        (AUDIT, "-k", "everything_that_is_pinned"),
    ),
    Mutant(
        "what judges the pages is not audited",
        "deploy/supply/pins.py",
        '("page_checks", "scanning", "slack_types")',
        '("page_checks", "slack_types")',
        (AUDIT, "-k", "every_lock_of_npm"),
    ),
    Mutant(
        "a package within a package is audited by its path",
        "deploy/supply/pins.py",
        'path.rpartition("node_modules/")[2]',
        'path.removeprefix("node_modules/")',
        (AUDIT, "-k", "every_lock_of_npm"),
    ),
    Mutant(
        "a pin without a hash is a pin",
        "deploy/supply/pins.py",
        "    if bare := [pin.name for pin in found if not pin.hashes]:\n",
        "    if bare := []:\n",
        (LOCKS, "-k", "is_refused"),
    ),
    Mutant(
        "an unread line of a lock is passed over",
        "deploy/supply/pins.py",
        "        else:\n            raise NotALockError(line)\n",
        "",
        (LOCKS, "-k", "is_refused"),
    ),
    Mutant(
        "setting up installs whatever is newest",
        "Makefile",
        "$(PIP) --require-hashes -r deploy/locks/development.txt",
        "$(PIP) -r deploy/locks/development.txt",
        (LOCKS, "-k", "setting_up"),
    ),
    Mutant(
        "a forbidden licence comes along",
        "deploy/supply/licences.py",
        "        if one and set(_words(expression)) <= ALLOWED:\n",
        "        if one:\n",
        (LICENCES, "-k", "unknown_or_forbidden"),
    ),
    Mutant(
        "one side of an AND is enough",
        "deploy/supply/licences.py",
        '    return any(set(side.split(" AND ")) <= ALLOWED for side in expression.split(" OR "))\n',
        '    return any(set(side.split(" AND ")) & ALLOWED for side in expression.split(" OR "))\n',
        (LICENCES, "-k", "either_side"),
    ),
    Mutant(
        "the bill says nothing of the pages",
        "deploy/supply/sbom.py",
        '        "components": [*map(_distribution, product), *map(_library, libraries())],\n',
        '        "components": [*map(_distribution, product)],\n',
        (SBOM, "-k", "everything"),
    ),
    Mutant(
        "what an extra brings along hangs on nothing",
        "deploy/supply/sbom.py",
        "        needed = _refs(_needs(pin), product, extras.get(pin.name, set()))\n",
        "        needed = _refs(_needs(pin), product)\n",
        (SBOM, "-k", "closed"),
    ),
    Mutant(
        "the umask of who builds stands in the wheel",
        "deploy/supply/wheel.py",
        ", umask=0o022)",
        ")",
        (WHEEL, "-k", "to_the_byte"),
    ),
    Mutant(
        "what lies about comes into the wheel",
        "deploy/supply/wheel.py",
        "        if path.name not in FILES.values():\n",
        "        if False:\n",
        (WHEEL, "-k", "to_the_byte"),
    ),
    Mutant(
        "an action is named by a tag",
        ".github/workflows/ci.yml",
        "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2",
        "actions/upload-artifact@v4",
        (WORKFLOW, "-k", "by_its_commit"),
    ),
)
