"""The named defects of what takes the place of a message: untrue in the log, asked of somebody twice or for nothing."""

from tests.mutant import Mutant

STORE = "tests/store/test_leaks.py"
BOT = "tests/bot/test_asking_to_delete.py"
LOG = "tests/verifying/test_replaced_leaks.py"

MUTANTS_OF_LEAKS = (
    Mutant(
        "a leak is replaced at any time",
        "store/verifying/life.py",
        "event == Event.LEAK_REPLACED and self._before != self._tells_of_a_leak",
        "event == Event.LEAK_REPLACED and False",
        (LOG, "-k", "nowhere and sqlite"),
    ),
    Mutant(
        "whoever seals elsewhere may say at once that it replaces a leak",
        "store/verifying/life.py",
        "self._before != self._tells_of_a_leak",
        "self._before not in (Event.CREATED, Event.DELIVERED)",
        (LOG, "-k", "nowhere and sqlite"),
    ),
    Mutant(
        "each drop of a form has somebody asked",
        "store/leaks.py",
        "if not of_form or await _was_asked(tx, of_form):",
        "if not of_form:",
        (STORE, "-k", "form and sqlite"),
    ),
    Mutant(
        "a drop in place of nothing has somebody asked",
        "store/leaks.py",
        "if not of_form or await _was_asked(tx, of_form):",
        "if await _was_asked(tx, of_form):",
        (STORE, "-k", "nothing and sqlite"),
    ),
    Mutant(
        "a form whose links have failed has somebody asked",
        "bot/batch.py",
        "        self.to_deliver[len(self._rows)] = sealed\n",
        "        self._arrived.add(len(self._rows))\n        self.to_deliver[len(self._rows)] = sealed\n",
        (BOT, "-k", "no_link"),
    ),
    Mutant(
        "what was sealed outside does not say that it replaces a leak",
        "bot/sealed_deliveries.py",
        "            replaces_leak=terms.replaces is not None,\n",
        "",
        (BOT, "-k", "outside_slack"),
    ),
)
