"""The named defects of what takes the place of a message: untrue in the log, or asked of somebody twice or for nothing."""

from tests.mutant import Mutant

STORE = "tests/store/test_leaks.py"
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
)
