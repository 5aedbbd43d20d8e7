"""The named defects of what claims wait for: connections, threads, and lines of the log."""

from tests.mutant import Mutant

FEW = "tests/store/test_few_connections.py"
HANDS = "tests/store/test_hands.py"
LOGS = "tests/store/test_logs.py"
MEDIUM = "tests/store/test_medium.py"

MUTANTS_OF_WAITING = (
    Mutant(
        "a connection that failed in the middle is used again",
        "store/few_connections.py",
        "        if is_whole and not connection.is_closed():\n",
        "        if not connection.is_closed():\n",
        (FEW, "-k", "answered_leaves"),
    ),
    Mutant(
        "a refusal of the database costs its connection",
        "store/few_connections.py",
        "        except asyncpg.PostgresError:\n            is_whole = True\n            raise\n",
        "",
        (FEW, "-k", "answered_leaves"),
    ),
    Mutant(
        "who gives up takes a connection along",
        "store/few_connections.py",
        "                self._hand_over(turn.result())\n",
        "                pass\n",
        (FEW, "-k", "gives_up"),
    ),
    Mutant(
        "a server that was away has used up all places",
        "store/few_connections.py",
        "        except BaseException:\n            self._hand_over(None)\n            raise\n",
        "        except BaseException:\n            raise\n",
        (FEW, "-k", "is_away"),
    ),
    Mutant(
        "a connection is waited for without end",
        "store/few_connections.py",
        "asyncio.timeout(_PATIENCE_SECONDS)",
        "asyncio.timeout(None)",
        (FEW, "-k", "for_ever"),
    ),
    Mutant(
        "an answer of a thread stays behind",
        "store/hands.py",
        "        while self._done:\n",
        "        for _ in range(1):\n",
        (HANDS, "-k", "its_own"),
    ),
    Mutant(
        "an answer for somebody who gave up breaks the others",
        "store/hands.py",
        "            if answer.done():\n                continue\n",
        "",
        (HANDS, "-k", "gives_up"),
    ),
    Mutant(
        "a store that is closed is waited for",
        "store/hands.py",
        "        if self._is_dismissed:\n",
        "        if False:\n",
        (HANDS, "-k", "closing"),
    ),
    Mutant(
        "a full disk under the log fails claims",
        "store/logs.py",
        ", suppress(Exception):",
        ":",
        (LOGS, "-k", "full"),
    ),
    Mutant(
        "our own lines are written whatever the level",
        "store/logs.py",
        "    if not logging.getLogger(logger.name).isEnabledFor(_LEVELS[name]):\n",
        "    if False:\n",
        (LOGS, "-k", "level"),
    ),
    Mutant(
        "a receipt says what a folder lay on before",
        "store/medium.py",
        "_MOUNTS.read_bytes(), now.st_dev, now.st_ino)\n",
        "_SEEN.setdefault(folder, _MOUNTS.read_bytes()), now.st_dev, now.st_ino)\n",
        (MEDIUM, "-k", "same_name"),
        also=(("store/medium.py", "_BLOCK: Final =", "_SEEN: dict[Path, bytes] = {}\n_BLOCK: Final ="),),
    ),
)
